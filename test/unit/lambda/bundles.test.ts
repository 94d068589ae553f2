import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { APPROVAL_TASKS, BACKUP_TASKS, TASKS } from '../../../lib/contract/tasks';

const ALL = [...TASKS, ...APPROVAL_TASKS, ...BACKUP_TASKS];

const bundle = (task: string): string => join(__dirname, '../../../assets', task, 'index.js');

test.each(ALL)('the bundle of %s is there and at most 400 kB', (task) => {
  expect(existsSync(bundle(task))).toBe(true);
  expect(statSync(bundle(task)).size).toBeLessThanOrEqual(400_000);
});

// How long that takes is measured by `node scripts/bench-bundles.mjs`: a time in a test would be that of whatever else the machine does.
test.each(ALL)('the bundle of %s exports a handler', (task) => {
  const code = `console.log(typeof require(${JSON.stringify(bundle(task))}).handler)`;
  expect(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim()).toBe('function');
});
