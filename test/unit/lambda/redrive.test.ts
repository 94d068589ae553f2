/** A run that was ended and is redriven: it acts only under its lock, and ends or begins anew as it should. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mockClient } from 'aws-sdk-client-mock';
import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { answers } from '../../../lambda/adapters/answers';
import { endRun } from '../../../lambda/end-run/handler';
import { requireLock } from '../../../lambda/shared/acting-task';
import { ACTING_TASKS } from '../../../lib/contract/tasks';
import { plan, run } from './support/build';

describe('a task that changes the cluster', () => {
  const look = (owner: string | undefined, redriveCount?: number): Promise<void> =>
    requireLock(
      { plan: plan(), ...(redriveCount !== undefined && { redriveCount }) },
      { holder: () => Promise.resolve(owner === undefined ? undefined : { owner, since: '2026-03-01T10:00:00Z' }) },
    );

  test('acts while its run holds the lock', async () => {
    await expect(look(run.executionArn)).resolves.toBeUndefined();
    await expect(look(run.executionArn, 0)).resolves.toBeUndefined();
  });
  test('changes nothing once somebody else holds it, or nobody', async () => {
    await expect(look('execution:recovery')).rejects.toMatchObject({
      name: 'LockLost',
      message: expect.stringContaining('execution:recovery has held it since') as string,
    });
    await expect(look(undefined)).rejects.toMatchObject({
      name: 'LockLost',
      message: expect.stringContaining('nobody holds it') as string,
    });
  });
  test('of a nested execution changes nothing when that is redriven by itself', async () => {
    await expect(look(run.executionArn, 1)).rejects.toMatchObject({ name: 'LockLost' });
  });
  test.each(ACTING_TASKS)('%s is one', (task) => {
    const source = readFileSync(join(__dirname, '../../../lambda', task, 'handler.ts'), 'utf8');
    expect(source).toContain(`actingTask('${task}'`);
  });
});

describe('end-run', () => {
  const sfn = mockClient(SFNClient);
  beforeEach(() => {
    sfn.reset();
  });
  const end = (redriveCount: number, reportedAt: number, cause = 'because'): ReturnType<typeof endRun> =>
    endRun({ token: 'secret-token', error: 'BakeFailed', cause, redriveCount, reportedAt }, answers());

  test('fails with the error and the cause of the report, as they are', async () => {
    const result = await end(1, 1);
    expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input).toEqual({
      taskToken: 'secret-token',
      error: 'BakeFailed',
      cause: 'because',
    });
    expect(sfn.commandCalls(SendTaskSuccessCommand)).toHaveLength(0);
    expect(JSON.stringify(result)).not.toContain('secret-token');
  });
  test('lets the run begin anew when it was redriven since', async () => {
    await end(2, 1);
    expect(sfn.commandCalls(SendTaskFailureCommand)).toHaveLength(0);
    expect(sfn.commandCalls(SendTaskSuccessCommand)).toHaveLength(1);
  });
  test('cuts what Step Functions would not take', async () => {
    await end(0, 0, 'x'.repeat(40_000));
    expect(sfn.commandCalls(SendTaskFailureCommand)[0]?.args[0].input.cause).toHaveLength(32_768);
  });
  test('has ended already when an earlier answer was lost on its way', async () => {
    sfn.on(SendTaskFailureCommand).rejects(Object.assign(new Error('Task Timed Out'), { name: 'TaskTimedOut' }));
    await expect(end(0, 0)).resolves.toBeDefined();
  });
});
