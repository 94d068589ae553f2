/** The lock: once, and only by whom it is due. */
import { acquireLock } from '../../../lambda/acquire-lock/handler';
import type { Lock, LockHolder } from '../../../lambda/ports/lock';
import { NOW, plan, run } from './support/build';

describe('acquire-lock', () => {
  const acquire = async (holder: LockHolder | undefined, running: boolean, won = true, left: readonly string[] = []) => {
    const taken: unknown[] = [];
    const lock: Lock = {
      holder: () => Promise.resolve(holder),
      take: (...args) => {
        taken.push(args[2]);
        return Promise.resolve(won);
      },
      release: () => Promise.resolve(true),
    };
    const executions = { isRunning: () => Promise.resolve(running), running: () => Promise.resolve(left) };
    const result = await acquireLock({ plan: plan(), replacements: 'machine:ReplaceNode' }, NOW, { lock, executions });
    return { taken, result };
  };
  const other = { owner: 'execution:other', since: '2026-03-01T10:00:00Z' };

  test('takes a free lock, and its own again', async () => {
    expect((await acquire(undefined, true)).taken).toEqual([undefined]);
    expect((await acquire({ ...other, owner: run.executionArn }, true)).taken).toEqual([undefined]);
  });
  test('takes over from an execution that runs no more, on condition', async () => {
    expect(await acquire(other, false)).toMatchObject({ taken: [other], result: { takenOverFrom: 'execution:other' } });
  });
  test('waits until the nested execution of a run that was stopped has stopped too', async () => {
    await expect(acquire(other, false, true, ['execution:nested'])).rejects.toMatchObject({
      name: 'ReplacementStopping', // tried again: by then this run holds the lock
      message: expect.stringContaining('execution:nested') as string,
    });
  });
  test('names the execution that holds it', async () => {
    await expect(acquire(other, true)).rejects.toMatchObject({
      name: 'AnotherRunActive',
      message: expect.stringContaining('execution:other') as string,
    });
    await expect(acquire(undefined, true, false)).rejects.toMatchObject({ name: 'AnotherRunActive' });
  });
});
