import { Duration } from 'aws-cdk-lib';
import { Fail, IntegrationPattern, JsonPath, Parallel, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { START_TIME } from '../../../../simulator/kernel/clock';
import { Simulation } from '../../../../simulator/simulation';
import type { Execution } from '../../../../simulator/states/execution';
import { synthesize } from './support/fixture';

/** Fails as often as its event says, then gives what it got. */
const DOER = `
let calls = 0;
export const handler = async (event) => {
  calls += 1;
  if (calls <= (event.fails ?? 0)) throw Object.assign(new Error('not yet'), { name: 'NotYet' });
  return { calls };
};`;

const assembly = synthesize(({ stack, fn, call, machine }) => {
  const doer = fn('Doer', DOER);
  const context = Pass.jsonPath(stack, 'Tell', {
    parameters: {
      input: JsonPath.stringAt('$$.Execution.Input'),
      started: JsonPath.stringAt('$$.Execution.StartTime'),
      redrives: JsonPath.stringAt('$$.Execution.RedriveCount'),
      result: JsonPath.stringAt('$.result'),
      before: JsonPath.stringAt('$.before'),
    },
  });
  machine(
    'Plain',
    Pass.jsonPath(stack, 'Before', { parameters: { fails: 1, before: 'kept' } })
      .next(call('Do it', doer))
      .next(context),
  );
  machine(
    'Retrying',
    call('Do it again', doer).addRetry({ errors: ['NotYet'], interval: Duration.seconds(1), backoffRate: 1, maxAttempts: 1 }),
  );
  const wait = (name: string, minutes: number): Wait => Wait.jsonPath(stack, name, { time: WaitTime.duration(Duration.minutes(minutes)) });
  machine('Slow', wait('An hour', 60), Duration.minutes(90));
  machine('Failing', Fail.jsonPath(stack, 'No', { errorPath: JsonPath.stringAt('$.error'), causePath: JsonPath.stringAt('$.cause') }));
  machine(
    'Both',
    new Parallel(stack, 'Two at once', { resultPath: '$.both' })
      .branch(wait('One minute', 1).next(call('Do it first', doer)))
      .branch(wait('Five minutes', 5).next(wait('Five more', 5)))
      .next(Pass.jsonPath(stack, 'Both done')),
  );
  const child = machine('Child', wait('A while', 10));
  machine(
    'Parent',
    StepFunctionsStartExecution.jsonPath(stack, 'Run it', { stateMachine: child, integrationPattern: IntegrationPattern.RUN_JOB }),
  );
});

const MINUTE = 60_000;

/** Starts an execution, stops it after some minutes if it still runs, and gives it as it ended. */
async function ended(made: Simulation, machine: string, input: unknown, minutes?: number): Promise<Execution> {
  const execution = made.start(machine, input);
  if (minutes !== undefined) {
    made.clock.after(minutes * MINUTE, () => {
      execution.stop('Stopped');
    });
  }
  await made.finish(execution);
  return execution;
}

async function redriven(made: Simulation, execution: Execution): Promise<Execution> {
  made.machines.redrive(execution.arn);
  await made.finish(execution);
  return execution;
}

const make = (): Simulation => new Simulation({ assembly, seed: 1 });
const output = ({ output: text }: Execution): unknown => JSON.parse(text ?? 'null');
const entered = (made: Simulation): string[] =>
  made.journal.entries.flatMap(({ kind, change, state }) => (kind === 'state' && change === 'entered' ? [String(state)] : []));

test('goes on at the task that failed, with its input; what had succeeded is not run again', async () => {
  const made = make();
  const execution = await ended(made, 'Plain', { asked: true });
  expect([execution.status, execution.error]).toEqual(['FAILED', 'NotYet']);
  made.clock.after(MINUTE, () => undefined);
  await made.run(() => made.clock.now() >= START_TIME + MINUTE);
  await redriven(made, execution);
  expect([execution.status, execution.error, execution.redriveCount]).toEqual(['SUCCEEDED', undefined, 1]);
  expect(output(execution)).toEqual({
    input: { asked: true },
    started: new Date(START_TIME).toISOString(),
    redrives: 1,
    result: { calls: 2 },
    before: 'kept',
  });
  expect(entered(made)).toEqual(['Before', 'Do it', 'Do it', 'Tell']);
});

test('gives a state all its retries again', async () => {
  const made = make();
  const execution = await ended(made, 'Retrying', { fails: 3 });
  expect(execution.status).toBe('FAILED');
  expect(output(await redriven(made, execution))).toMatchObject({ result: { calls: 4 } });
});

test('waits again where it was stopped, within a time-out that begins anew', async () => {
  const made = make();
  const execution = await ended(made, 'Slow', {}, 50);
  expect(execution.status).toBe('ABORTED');
  const from = made.clock.now();
  expect((await redriven(made, execution)).status).toBe('SUCCEEDED');
  expect((execution.endedAt ?? 0) - from).toBe(60 * MINUTE);
  expect(execution.startedAt).toBe(START_TIME);
});

test('a Fail state fails again', async () => {
  const made = make();
  const execution = await redriven(made, await ended(made, 'Failing', { error: 'Refused', cause: 'because' }));
  expect([execution.status, execution.error, execution.cause]).toEqual(['FAILED', 'Refused', 'because']);
});

test('of a Parallel state only the branches go on that had not ended', async () => {
  const made = make();
  const execution = await ended(made, 'Both', {}, 7);
  const from = made.clock.now();
  await redriven(made, execution);
  expect(output(execution)).toMatchObject({ both: [{ result: { calls: 1 } }, {}] });
  expect((execution.endedAt ?? 0) - from).toBe(5 * MINUTE);
  expect(entered(made).slice(-3)).toEqual(['Two at once', 'Five more', 'Both done']);
});

test('a nested execution is started anew', async () => {
  const made = make();
  const execution = await ended(made, 'Parent', {}, 5);
  await redriven(made, execution);
  const children = made.machines.executions.filter(({ parent }) => parent === execution);
  expect(children.map(({ status }) => status)).toEqual(['ABORTED', 'SUCCEEDED']);
});

test('what runs, has succeeded, or ended more than 14 days ago is not redriven', async () => {
  const made = make();
  const running = made.start('Slow', {});
  const succeeded = await ended(made, 'Retrying', {});
  const failed = await ended(made, 'Failing', { error: 'No', cause: '' });
  expect(() => made.machines.redrive(running.arn)).toThrow('Execution is RUNNING and cannot be redriven');
  expect(() => made.machines.redrive(succeeded.arn)).toThrow('Execution is SUCCEEDED and cannot be redriven');
  made.clock.after(14 * 24 * 60 * MINUTE + 1000, () => undefined);
  await made.run(() => made.clock.now() > START_TIME + 14 * 24 * 60 * MINUTE + 500);
  expect(() => made.machines.redrive(failed.arn)).toThrow('Execution redrivable period exceeded');
});

test('the same token redrives once', async () => {
  const made = make();
  const execution = await ended(made, 'Failing', { error: 'No', cause: '' });
  const at = made.machines.redrive(execution.arn, 'once');
  await made.finish(execution);
  expect(made.machines.redrive(execution.arn, 'once')).toBe(at);
  expect(execution.redriveCount).toBe(1);
});
