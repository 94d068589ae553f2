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

test('the largest bundles export a handler within 150 ms', () => {
  const largest = [...ALL].sort((a, b) => statSync(bundle(b)).size - statSync(bundle(a)).size).slice(0, 2);
  for (const task of largest) {
    const code = `const t=performance.now();const m=require(${JSON.stringify(bundle(task))});console.log(typeof m.handler,performance.now()-t)`;
    // The best of three: this machine may be busy.
    const runs = [1, 2, 3].map(() => execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim().split(' '));
    expect(runs[0]?.[0]).toBe('function');
    expect(Math.min(...runs.map(([, milliseconds]) => Number(milliseconds)))).toBeLessThanOrEqual(150);
  }
});
