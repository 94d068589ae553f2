import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IntegrationPattern, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { START_TIME } from '../../../../simulator/kernel/clock';
import { Simulation } from '../../../../simulator/simulation';
import { crash, hang, throttled } from '../../../../simulator/states/lambda-runtime';
import type { Execution } from '../../../../simulator/states/execution';
import { synthesize } from './support/fixture';

const CODE = `
import { get } from 'node:https';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudFormationClient, DescribeStacksCommand, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns';
const options = { maxAttempts: 1 };
export const handler = async (event) => {
  if (event.alarms) return (await new CloudWatchClient(options).send(new DescribeAlarmsCommand({ AlarmNames: event.alarms }))).MetricAlarms.map((a) => [a.AlarmName, a.StateValue]);
  if (event.stack) {
    const { Stacks } = await new CloudFormationClient(options).send(new DescribeStacksCommand({ StackName: event.stack }));
    const { StackResources } = await new CloudFormationClient(options).send(new DescribeStackResourcesCommand({ PhysicalResourceId: 'group' }));
    return [Stacks[0].StackStatus, StackResources[0].StackName, StackResources[0].LogicalResourceId];
  }
  if (event.now) return Date.now();
  if (event.url) return new Promise((done) => get(event.url, (answer) => done(answer.statusCode)).on('error', (error) => done(error.code)));
  if (event.publish) return (await new SNSClient(options).send(new PublishCommand({ TopicArn: process.env.TOPIC, Message: 'm' }))).MessageId.length;
  const values = [];
  for (const name of event.names ?? ['/p', '/p']) {
    values.push((await new SSMClient(options).send(new GetParameterCommand({ Name: name }))).Parameter.Value);
    if (event.pause) await new Promise((resolve) => setTimeout(resolve, event.pause * 1000));
  }
  return values;
};`;

const assembly = synthesize(({ stack, topic, fn, call, machine }) => {
  const doer = fn('Doer', CODE, { timeout: Duration.minutes(5), environment: { TOPIC: topic.topicArn } });
  const actions = [
    'ssm:GetParameter',
    'cloudwatch:DescribeAlarms',
    'cloudformation:DescribeStacks',
    'cloudformation:DescribeStackResources',
  ];
  doer.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
  topic.grantPublish(doer);
  const child = machine(
    'Task',
    call('Do it', doer).addCatch(Pass.jsonPath(stack, 'It went wrong'), { errors: ['States.ALL'], resultPath: '$.failure' }),
  );
  const rest = Wait.jsonPath(stack, 'Rest', { time: WaitTime.duration(Duration.hours(1)) });
  const nested = StepFunctionsStartExecution.jsonPath(stack, 'Run it', {
    stateMachine: child,
    integrationPattern: IntegrationPattern.RUN_JOB,
    resultPath: '$.child',
  });
  machine('Whole', nested.next(rest));
});

const simulate = (): Simulation => {
  const simulation = new Simulation({ assembly, seed: 1 });
  simulation.parameters.put('/p', 'v');
  return simulation;
};

async function run(
  simulation: Simulation,
  input: unknown = {},
): Promise<{ result: unknown; failure: { Error: string } | undefined; execution: Execution }> {
  const execution = simulation.start('Task', input);
  await simulation.finish(execution);
  const { result, failure } = JSON.parse(execution.output ?? '{}') as { result: unknown; failure: { Error: string } | undefined };
  return { result, failure, execution };
}

describe('a Lambda function', () => {
  const published = ({ journal }: Simulation): number => journal.entries.filter(({ kind }) => kind === 'notification').length;

  test.each([
    ['crashes before it did anything', crash('before'), 'Runtime.ExitError', 0, 0],
    ['crashes after it did everything', crash('after'), 'Runtime.ExitError', 1, 0],
    ['hangs before it did anything', hang('before'), 'Sandbox.Timedout', 0, 300],
    ['hangs after it did everything', hang('after'), 'Sandbox.Timedout', 1, 300],
    ['is not invoked', throttled, 'Lambda.TooManyRequestsException', 0, 0],
  ])('that %s', async (_name, fault, error, effects, seconds) => {
    const simulation = simulate();
    simulation.lambda.intercept(({ fn, payload }) => (fn.logicalId.startsWith('Doer') && payload.includes('publish') ? fault : undefined));
    const { failure, execution } = await run(simulation, { publish: true });
    expect([failure?.Error, published(simulation)]).toEqual([error, effects]);
    expect(Math.round(((execution.endedAt ?? 0) - START_TIME) / 10_000) * 10).toBe(seconds);
  });

  test('may have a wrong clock for an invocation', async () => {
    const simulation = simulate();
    simulation.lambda.skewClock(() => -3_600_000);
    const { result } = await run(simulation, { now: true });
    expect((result as number) - START_TIME).toBeLessThan(-3_590_000);
    expect(simulation.clock.now()).toBeGreaterThanOrEqual(START_TIME);
  });
});

describe('a call of an API', () => {
  test('is told with what it asks for, and may be answered with an error', async () => {
    const simulation = simulate();
    simulation.interceptCalls(({ operation, input }) =>
      operation === 'GetParameter' && input['Name'] === '/p'
        ? { when: 'before', code: 'ThrottlingException', message: 'Rate exceeded', status: 400 }
        : undefined,
    );
    expect((await run(simulation)).failure?.Error).toBe('ThrottlingException');
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('may be lost %s its effect', async (when, effects) => {
    const simulation = simulate();
    simulation.interceptCalls(({ operation }) => (operation === 'Publish' ? { when, network: 'reset' } : undefined));
    expect((await run(simulation, { publish: true })).failure).toBeDefined();
    const calls = simulation.journal.entries.filter(({ operation }) => operation === 'Publish');
    expect(calls.map(({ error, tookEffect }) => [error, tookEffect])).toEqual([['reset', effects === 1 ? true : undefined]]);
    expect(simulation.journal.entries.filter(({ kind }) => kind === 'notification')).toHaveLength(effects);
  });

  test.each([
    ['before', 2, ['v', 'v', 'new']],
    ['more than half a minute ago no more', 31, ['v', 'new', 'new']],
  ])('may give what was true %s', async (_, pause, seen) => {
    const simulation = simulate();
    simulation.clock.after(1500, () => {
      simulation.parameters.put('/p', 'new');
    });
    let calls = 0;
    simulation.interceptCalls(() => (++calls === 2 ? { stale: true } : undefined));
    expect((await run(simulation, { names: ['/p', '/p', '/p'], pause })).result).toEqual(seen);
  });
});

test('a request to anything but AWS may meet a fault of the network, which the journal has', async () => {
  const simulation = simulate();
  simulation.internet.serve(
    (host) => host === 'bitbucket.test',
    () => ({ status: 200 }),
  );
  simulation.interceptHttp(({ path }) => (path.startsWith('/bad') ? { when: 'before', answer: 'reset' } : undefined));
  expect((await run(simulation, { url: 'https://bitbucket.test/good' })).result).toBe(200);
  expect((await run(simulation, { url: 'https://bitbucket.test/bad?q=1' })).result).toBe('ECONNRESET');
  expect(simulation.journal.entries.filter(({ kind }) => kind === 'fault')).toMatchObject([
    { name: 'http', path: '/bad', answer: 'reset' },
  ]);
});

describe('an operator', () => {
  test('stops the top-level execution when a state of a nested one is entered', async () => {
    const simulation = simulate();
    const hit = simulation.abortWhen({ machine: 'Task', state: 'Do it' });
    const execution = simulation.start('Whole', {});
    expect(hit()).toBe(false);
    await simulation.finishAll();
    expect(hit()).toBe(true);
    expect(execution.status).toBe('ABORTED');
    expect(simulation.machines.executions.map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED']);
  });

  test('stops at the nth time only', async () => {
    const simulation = simulate();
    simulation.abortWhen({ state: 'Do it', nth: 2 });
    expect((await run(simulation)).execution.status).toBe('SUCCEEDED');
    expect((await run(simulation)).execution.status).toBe('ABORTED');
    expect((await run(simulation)).execution.status).toBe('SUCCEEDED');
  });
});

test('coverage tells states entered and catches taken, of all that there are', async () => {
  const simulation = simulate();
  await run(simulation);
  const of = (all: ReturnType<Simulation['machines']['edges']>) => all.find(({ machine }) => machine.startsWith('Task'));
  const edge = { state: 'Do it', next: 'It went wrong' };
  expect(of(simulation.machines.edges())).toMatchObject({ states: ['Do it', 'It went wrong'], catches: [edge] });
  expect(of(simulation.machines.coverage())).toMatchObject({ states: ['Do it'], catches: [] });
  await run(simulation, { names: ['/unknown'] });
  expect(of(simulation.machines.coverage())).toMatchObject({ states: ['Do it', 'It went wrong'], catches: [edge] });
});

test('alarms are in the state that the scenario says', async () => {
  const simulation = simulate();
  simulation.alarms.set('a', 'OK');
  simulation.alarms.set('b', 'OK');
  simulation.alarms.set('b', 'ALARM');
  const { result } = await run(simulation, { alarms: ['a', 'b', 'unknown'] });
  expect(result).toEqual([
    ['a', 'OK'],
    ['b', 'ALARM'],
  ]);
});

test('stacks are in the status that the scenario says, and own their resources', async () => {
  const simulation = simulate();
  simulation.stacks.set('Cluster', 'CREATE_COMPLETE', [
    { logicalId: 'Group', physicalId: 'group', type: 'AWS::AutoScaling::AutoScalingGroup' },
  ]);
  simulation.stacks.set('Cluster', 'UPDATE_IN_PROGRESS');
  expect((await run(simulation, { stack: 'Cluster' })).result).toEqual(['UPDATE_IN_PROGRESS', 'Cluster', 'Group']);
  expect((await run(simulation, { stack: 'Other' })).failure?.Error).toMatch(/^ValidationError/);
});
