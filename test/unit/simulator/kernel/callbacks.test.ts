import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IntegrationPattern, JsonPath, Pass, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { START_TIME } from '../../../../simulator/kernel/clock';
import { Simulation } from '../../../../simulator/simulation';
import type { Execution } from '../../../../simulator/states/execution';
import { synthesize } from './support/fixture';

/** Asks somebody; or answers by itself, through the API. */
const ASK = `
import { SFNClient, SendTaskSuccessCommand, SendTaskHeartbeatCommand } from '@aws-sdk/client-sfn';
const sfn = new SFNClient({});
export const handler = async ({ token, input }) => {
  console.log('asked', token, input.entered);
  if (input.fail) throw Object.assign(new Error('cannot ask'), { name: 'CannotAsk' });
  if (input.self) await sfn.send(new SendTaskSuccessCommand({ taskToken: input.token ?? token, output: JSON.stringify({ by: 'function' }) }));
  if (input.beat) await sfn.send(new SendTaskHeartbeatCommand({ taskToken: token }));
  return 'ignored';
};`;

const assembly = synthesize(({ stack, fn, machine }) => {
  const ask = fn('Ask', ASK);
  const waiting = (name: string, limits: { taskTimeout?: Timeout; heartbeatTimeout?: Timeout } = {}): LambdaInvoke =>
    LambdaInvoke.jsonPath(stack, name, {
      lambdaFunction: ask,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      payload: TaskInput.fromObject({ token: JsonPath.taskToken, input: JsonPath.entirePayload }),
      resultPath: '$.answer',
      retryOnServiceExceptions: false,
      ...limits,
    });
  ask.addToRolePolicy(new PolicyStatement({ actions: ['states:SendTaskSuccess'], resources: ['*'] }));
  machine('Patient', waiting('Wait for ever'));
  const caught = waiting('Wait an hour', {
    taskTimeout: Timeout.duration(Duration.hours(1)),
    heartbeatTimeout: Timeout.duration(Duration.minutes(40)),
  }).addCatch(Pass.jsonPath(stack, 'Nobody answered'), { errors: ['States.ALL'], resultPath: '$.failure' });
  machine('Limited', caught);
  machine('Twice', waiting('Ask once').next(waiting('Ask again')));
  machine(
    'When',
    Pass.jsonPath(stack, 'A while', { parameters: { 'entered.$': '$$.State.EnteredTime', 'redrives.$': '$$.Execution.RedriveCount' } }),
  );
});

const simulate = (): Simulation => new Simulation({ assembly, seed: 1 });
const outputOf = ({ output }: Execution): Record<string, unknown> => JSON.parse(output ?? '{}') as Record<string, unknown>;

/** Starts a machine and goes on until a task waits; gives its token. */
async function ask(simulation: Simulation, machine: string, input: unknown = {}): Promise<{ execution: Execution; token: string }> {
  const execution = simulation.start(machine, input);
  await simulation.run(() => simulation.machines.openTasks().length > 0);
  const token = simulation.machines.openTasks()[0]?.token ?? '';
  await simulation.run(() => simulation.usage().lambdaInvocations > 0);
  return { execution, token };
}

test('a task waits until somebody answers its token; what the function returns is ignored', async () => {
  const simulation = simulate();
  const { execution, token } = await ask(simulation, 'Patient');
  expect(simulation.machines.openTasks()).toMatchObject([{ state: 'Wait for ever', execution: execution.arn }]);
  simulation.clock.after(3_600_000, () => {
    simulation.machines.answer(token, { output: { go: 'on' } });
  });
  await simulation.finish(execution);
  expect(outputOf(execution)).toEqual({ answer: { go: 'on' } });
  expect((execution.endedAt ?? 0) - START_TIME).toBeGreaterThan(3_600_000);
  expect([execution.historyEvents, execution.stateTransitions]).toEqual([8, 2]);
  expect(simulation.journal.entries.filter(({ kind }) => kind === 'token')).toMatchObject([
    { change: 'waiting', state: 'Wait for ever', token },
    { change: 'succeeded', token },
  ]);
});

test('an operator may answer with an error', async () => {
  const simulation = simulate();
  const { execution, token } = await ask(simulation, 'Patient');
  simulation.machines.answer(token, { error: 'Declined', cause: 'not today' });
  await simulation.finish(execution);
  expect([execution.status, execution.error, execution.cause]).toEqual(['FAILED', 'Declined', 'not today']);
});

test('a function may answer by the API, if its role may', async () => {
  const simulation = simulate();
  const execution = simulation.start('Patient', { self: true });
  await simulation.finish(execution);
  expect(outputOf(execution)).toMatchObject({ answer: { by: 'function' } });
});

test('the task fails when its function does', async () => {
  const simulation = simulate();
  const execution = simulation.start('Patient', { fail: true });
  await simulation.finish(execution);
  expect([execution.error, simulation.machines.openTasks()]).toEqual(['CannotAsk', []]);
});

test('without heartbeats it ends early, with them at its time-out', async () => {
  const silent = simulate();
  const { execution } = await ask(silent, 'Limited');
  await silent.finish(execution);
  expect(outputOf(execution)).toMatchObject({ failure: { Error: 'States.HeartbeatTimeout' } });
  expect((execution.endedAt ?? 0) - START_TIME).toBe(40 * 60_000);

  const alive = simulate();
  const { execution: second, token } = await ask(alive, 'Limited');
  alive.clock.after(30 * 60_000, () => {
    alive.machines.callbacks.heartbeat(token);
  });
  await alive.finish(second);
  expect(outputOf(second)).toMatchObject({ failure: { Error: 'States.Timeout' } });
  expect((second.endedAt ?? 0) - START_TIME).toBe(60 * 60_000);
});

test('a token is good for one answer, and while the execution runs', async () => {
  const simulation = simulate();
  const { execution, token } = await ask(simulation, 'Patient');
  expect(() => {
    simulation.machines.answer('somebody else', { output: 1 });
  }).toThrow('Invalid token');
  expect(() => {
    simulation.machines.callbacks.succeed(token, 'no JSON');
  }).toThrow('Invalid Output');
  execution.stop();
  await simulation.finish(execution);
  expect(simulation.machines.openTasks()).toEqual([]);
  expect(() => {
    simulation.machines.answer(token, { output: 1 });
  }).toThrow('Task Timed Out');
});

test('each entry of a state has its own token', async () => {
  const simulation = simulate();
  const execution = simulation.start('Twice', {});
  const tokens = new Set<string>();
  simulation.journal.listen(({ kind, change, token }) => {
    if (kind !== 'token' || change !== 'waiting') return;
    tokens.add(token as string);
    simulation.clock.after(1000, () => {
      simulation.machines.answer(token as string, { output: tokens.size });
    });
  });
  await simulation.finish(execution);
  expect([outputOf(execution), tokens.size]).toEqual([{ answer: 2 }, 2]);
});

test('a state is told when it was entered', async () => {
  const simulation = simulate();
  const execution = simulation.start('When', {});
  await simulation.finish(execution);
  expect(outputOf(execution)).toEqual({ entered: new Date(START_TIME).toISOString(), redrives: 0 });
});
