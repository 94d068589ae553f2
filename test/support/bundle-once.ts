import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The tests use the bundles that would be deployed, so they are made once, from the code as it is. */
export function bundleOnce(): void {
  execFileSync(process.execPath, [join(__dirname, '..', '..', 'scripts', 'bundle.mjs')], { stdio: 'inherit' });
}
