import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Fail, IntegrationPattern, JsonPath, Parallel, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { START_TIME } from '../../../../simulator/kernel/clock';
import { Simulation } from '../../../../simulator/simulation';
import type { Template } from '../../../../simulator/assembly/intrinsics';
import { synthesize } from './support/fixture';

/** Does what its event says. */
const DOER = `
import { setTimeout as sleep } from 'node:timers/promises';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
let calls = 0;
export const handler = async (event) => {
  calls += 1;
  if (event.sleep) await sleep(event.sleep * 1000);
  if (event.parameter) return (await new SSMClient({}).send(new GetParameterCommand({ Name: event.parameter }))).Parameter.Value;
  if (event.fail && calls <= event.times) throw Object.assign(new Error(event.fail + ' happened'), { name: event.fail });
  if (event.exit) process.exit(1);
  return { calls, text: 'x'.repeat(event.size ?? 0) };
};`;

const assembly = synthesize(({ stack, fn, call, machine }) => {
  const doer = fn('Doer', DOER, { timeout: Duration.seconds(10), memorySize: 512 });
  doer.addToRolePolicy(new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: ['arn:aws:ssm:*:*:parameter/a/*'] }));
  machine('Plain', call('Do it', doer));
  machine(
    'Retrying',
    call('Do it again', doer).addRetry({ errors: ['Busy'], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 2 }),
  );
  const caught = Pass.jsonPath(stack, 'It went wrong');
  machine(
    'Catching',
    call('Do it carefully', doer)
      .addCatch(caught, { errors: ['States.ALL'], resultPath: '$.failure' })
      .next(Pass.jsonPath(stack, 'It went well')),
  );
  const slow = machine(
    'Slow',
    Wait.jsonPath(stack, 'An hour', { time: WaitTime.duration(Duration.hours(1)) }).next(call('After it', doer)),
  );
  const nested = (name: string): StepFunctionsStartExecution =>
    StepFunctionsStartExecution.jsonPath(stack, name, { stateMachine: slow, integrationPattern: IntegrationPattern.RUN_JOB });
  machine('Parent', nested('Run it'));
  machine('Limited', nested('Run it in time'), Duration.minutes(30));
  const wait = (name: string, minutes: number): Wait => Wait.jsonPath(stack, name, { time: WaitTime.duration(Duration.minutes(minutes)) });
  machine(
    'Both',
    new Parallel(stack, 'Two at once')
      .branch(wait('Three minutes', 3))
      .branch(wait('Five minutes', 5))
      .next(Pass.jsonPath(stack, 'Both done')),
  );
  machine('Failing', Fail.jsonPath(stack, 'No', { errorPath: JsonPath.stringAt('$.error'), causePath: JsonPath.stringAt('$.cause') }));
});

const simulation = (patchTemplate?: (template: Template) => Template | undefined): Simulation =>
  new Simulation({ assembly, seed: 1, ...(patchTemplate && { patchTemplate }) });

async function execute(machine: string, input: unknown, made = simulation()): Promise<ReturnType<Simulation['start']>> {
  const execution = made.start(machine, input);
  await made.finish(execution);
  return execution;
}

const causeOf = ({ cause }: { cause: string | undefined }): Record<string, unknown> => JSON.parse(cause ?? '{}') as Record<string, unknown>;

test('an error of a handler arrives by its name, with the cause as Lambda gives it', async () => {
  const execution = await execute('Plain', { fail: 'Broken', times: 9 });
  expect([execution.status, execution.error]).toEqual(['FAILED', 'Broken']);
  expect(causeOf(execution)).toMatchObject({
    errorType: 'Broken',
    errorMessage: 'Broken happened',
    trace: expect.arrayContaining(['Broken: Broken happened']) as unknown,
  });
  expect(execution.cause).not.toContain('asset.');
});

test('a retry waits as it is told, in the same warm environment', async () => {
  const execution = await execute('Retrying', { fail: 'Busy', times: 2 });
  expect(JSON.parse(execution.output ?? '{}')).toMatchObject({ result: { calls: 3 } });
  expect((execution.endedAt ?? 0) - START_TIME).toBeGreaterThan(6000);
  expect((execution.endedAt ?? 0) - START_TIME).toBeLessThan(7000);
});

test('what is caught is kept as error and cause', async () => {
  const execution = await execute('Catching', { fail: 'Broken', times: 9 });
  expect(JSON.parse(execution.output ?? '{}')).toMatchObject({
    fail: 'Broken',
    failure: { Error: 'Broken', Cause: expect.stringContaining('Broken happened') as unknown },
  });
});

test('a function that runs too long is ended at its time-out', async () => {
  const execution = await execute('Plain', { sleep: 60 });
  expect([execution.error, causeOf(execution)['errorMessage']]).toEqual([
    'Sandbox.Timedout',
    expect.stringContaining('Task timed out after 10.00 seconds'),
  ]);
  expect((execution.endedAt ?? 0) - START_TIME).toBeLessThan(11_000);
});

test('a process that exits loses its environment', async () => {
  const made = simulation();
  expect((await execute('Plain', { exit: true }, made)).error).toBe('Runtime.ExitError');
  expect(JSON.parse((await execute('Plain', {}, made)).output ?? '{}')).toMatchObject({ result: { calls: 1 } });
});

test('no state of a bundle crosses simulations', async () => {
  for (let i = 0; i < 2; i++) expect(JSON.parse((await execute('Plain', {})).output ?? '{}')).toMatchObject({ result: { calls: 1 } });
});

test('a result beyond 256 KiB ends the execution and is not caught', async () => {
  const execution = await execute('Catching', { size: 300_000 });
  expect([execution.status, execution.error]).toEqual(['FAILED', 'States.DataLimitExceeded']);
});

test('branches end exactly when they should', async () => {
  const execution = await execute('Both', {});
  expect((execution.endedAt ?? 0) - START_TIME).toBe(5 * 60_000);
});

test('a Fail state gives its error and cause', async () => {
  const execution = await execute('Failing', { error: 'Refused', cause: 'because' });
  expect([execution.status, execution.error, execution.cause]).toEqual(['FAILED', 'Refused', 'because']);
});

test('a nested execution that fails tells its parent how', async () => {
  const execution = await execute('Parent', { fail: 'Broken', times: 9 });
  expect(execution.error).toBe('States.TaskFailed');
  expect(causeOf(execution)).toMatchObject({
    Status: 'FAILED',
    Error: 'Broken',
    Input: expect.any(String) as unknown,
    StateMachineArn: expect.stringContaining('Slow') as unknown,
  });
});

test('stopping an execution stops the nested one', async () => {
  const made = simulation();
  const parent = made.start('Parent', {});
  made.clock.after(600_000, () => {
    parent.stop('Operator', 'enough');
  });
  await made.finish(parent);
  expect(made.machines.executions.map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED']);
  expect([parent.error, parent.cause]).toEqual(['Operator', 'enough']);
});

test('a machine has its own time-out, which ends the nested execution too', async () => {
  const made = simulation();
  const execution = await execute('Limited', {}, made);
  expect([execution.status, execution.error]).toEqual(['TIMED_OUT', 'States.Timeout']);
  expect((execution.endedAt ?? 0) - START_TIME).toBe(30 * 60_000);
  expect(made.machines.executions[1]?.status).toBe('ABORTED');
});

test('history events and state transitions are counted as AWS writes and bills them', async () => {
  const made = simulation();
  const plain = await execute('Plain', {}, made); // started, 5 of the task, ended
  expect([plain.historyEvents, plain.stateTransitions]).toEqual([7, 2]);
  const retried = await execute('Retrying', { fail: 'Busy', times: 3 }, made); // the second call was its first; started, entered, 3 attempts of 3, exited, ended
  expect([retried.historyEvents, retried.stateTransitions]).toEqual([1 + 1 + 3 * 3 + 1 + 1, 4]);
  const parent = await execute('Parent', {}, made); // started, 6 of the task, ended
  expect([parent.historyEvents, parent.stateTransitions]).toEqual([8, 2]);
  const both = await execute('Both', {}, made); // started, 4 of the Parallel, 2 of each Wait, 2 of the Pass, ended
  expect([both.historyEvents, both.stateTransitions]).toEqual([12, 5]);
  expect(made.usage()).toMatchObject({ maxHistoryEvents: 13, lambdaInvocations: 5 });
});

test('a call that the role does not allow fails as on AWS', async () => {
  const made = simulation();
  made.parameters.put('/a/b', 'v');
  made.parameters.put('/c', 'v');
  expect(JSON.parse((await execute('Plain', { parameter: '/a/b' }, made)).output ?? '{}')).toMatchObject({ result: 'v' });
  const execution = await execute('Plain', { parameter: '/c' }, made);
  expect(execution.error).toBe('AccessDeniedException');
  expect(causeOf(execution)['errorMessage']).toMatch(
    /^User: arn:aws:sts::111111111111:assumed-role\/.* is not authorized to perform: ssm:GetParameter on resource: /,
  );
  expect(made.deniedCalls()).toMatchObject([{ action: 'ssm:GetParameter', resource: 'arn:aws:ssm:eu-central-1:111111111111:parameter/c' }]);
});

test('without the permission to invoke it, a function is not invoked', async () => {
  const made = simulation((template) => {
    for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
      const { PolicyDocument } = (Properties ?? {}) as { PolicyDocument?: { Statement: { Action: string }[] } };
      if (Type !== 'AWS::IAM::Policy' || PolicyDocument === undefined) continue;
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => Action !== 'lambda:InvokeFunction');
    }
    return template;
  });
  const execution = await execute('Plain', {}, made);
  expect([execution.error, execution.historyEvents]).toEqual(['Lambda.AWSLambdaException', 5]);
  expect(made.usage().lambdaInvocations).toBe(0);
});

test('a fault of an invocation is reported as Lambda reports it', async () => {
  const made = simulation();
  made.lambda.intercept(() => ({ when: 'after', errorType: 'Runtime.ExitError', errorMessage: 'signal: killed' }));
  expect((await execute('Plain', {}, made)).error).toBe('Runtime.ExitError');
});

test('starting an execution by an unclear name says which machines there are', () => {
  expect(() => simulation().start('Nothing', {})).toThrow(/No state machine is called Nothing; the template has: /);
});
