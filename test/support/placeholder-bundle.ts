/** Stands for `lib/private/bundle`, so that tests of constructs do not depend on the handlers: one folder for every task. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => ({});');

/** The placeholder's folder, whatever the task. */
export function bundleOf(): string {
  return folder;
}
