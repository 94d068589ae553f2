import { bundleOnce } from './bundle-once';
import { useTemporaryFolder } from './temporary-folder';

/** Jest's global set-up. */
export default function globalSetup(): void {
  bundleOnce();
  useTemporaryFolder();
}
