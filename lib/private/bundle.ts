import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupTaskName, TaskName } from '../contract/tasks';

/**
 * Folder of a task's bundle: `assets/<task>` beside `lib/` (in the repository) or `dist/` (in the package).
 *
 * @throws when the bundle has not been made
 */
export function bundleOf(task: TaskName | BackupTaskName): string {
  const folder = join(__dirname, '..', '..', 'assets', task);
  if (!existsSync(join(folder, 'index.js'))) {
    throw new Error(`the bundle of the task '${task}' is missing (${folder}): run 'npm run bundle' first`);
  }
  return folder;
}
