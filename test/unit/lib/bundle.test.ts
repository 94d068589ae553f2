import { existsSync } from 'node:fs';
import type { TaskName } from '../../../lib/contract/tasks';
import { bundleOf } from '../../../lib/private/bundle';

test('a task without a bundle says how to make it', () => {
  const missing = 'no-such-task' as TaskName;
  expect(() => bundleOf(missing)).toThrow("the bundle of the task 'no-such-task' is missing");
  expect(() => bundleOf(missing)).toThrow("run 'npm run bundle' first");
});

test('the bundle of a task is the folder with its index.js', () => {
  expect(existsSync(`${bundleOf('plan-upgrade')}/index.js`)).toBe(true);
});
