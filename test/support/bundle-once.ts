import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Jest's global set-up: the tests use the bundles that would be deployed, so they are made once, from the code as it is. */
export default function bundleOnce(): void {
  execFileSync(process.execPath, [join(__dirname, '..', '..', 'scripts', 'bundle.mjs')], { stdio: 'inherit' });
}
