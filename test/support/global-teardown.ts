import { removeTemporaryFolder } from './temporary-folder';

/** Jest's global tear-down. */
export default function globalTeardown(): void {
  removeTemporaryFolder();
}
