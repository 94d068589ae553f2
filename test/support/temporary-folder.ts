import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'bitbucket-rolling-upgrade-tests-';

/** From now on temporary files of this process, and of those that it starts, go into a folder of their own: `cdk.out`s, bundles, assemblies. */
export function useTemporaryFolder(): void {
  process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), NAME));
}

/** Removes the folder with all that is in it: whatever a test forgot to remove goes with it. */
export function removeTemporaryFolder(): void {
  const folder = process.env['TMPDIR'] ?? '';
  if (folder.includes(NAME)) rmSync(folder, { recursive: true, force: true });
}
