import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Fail, Pass, Wait, WaitTime, Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Template } from '../../../../simulator/assembly/intrinsics';
import { matches, patternProblems } from '../../../../simulator/services/events/pattern';
import { targetInput } from '../../../../simulator/services/events/target-input';
import { Simulation } from '../../../../simulator/simulation';
import { synthesize } from './support/fixture';

const assembly = synthesize(({ stack, machine }) => {
  const main = machine(
    'Main',
    Wait.jsonPath(stack, 'A minute', { time: WaitTime.duration(Duration.minutes(1)) }).next(
      Choice.jsonPath(stack, 'And?')
        .when(Condition.booleanEquals('$.fail', true), Fail.jsonPath(stack, 'No', { error: 'Broken', cause: 'it is' }))
        .otherwise(Pass.jsonPath(stack, 'Yes')),
    ),
  );
  const recover = machine('Recover', Pass.jsonPath(stack, 'Look'));
  const ended = (status: string[]): { source: string[]; detailType: string[]; detail: object } => ({
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { status, stateMachineArn: [main.stateMachineArn] },
  });
  new Rule(stack, 'Bad', {
    eventPattern: ended(['FAILED', 'ABORTED', 'TIMED_OUT']),
    targets: [new SfnStateMachine(recover, { input: RuleTargetInput.fromEventPath('$.detail') })],
  });
  new Rule(stack, 'Good', {
    eventPattern: ended(['SUCCEEDED']),
    targets: [
      new SfnStateMachine(recover, {
        input: RuleTargetInput.fromObject({
          was: EventField.fromPath('$.detail.status'),
          text: `of ${EventField.fromPath('$.detail.name')}`,
        }),
      }),
    ],
  });
});

const simulate = (patchTemplate?: (template: Template) => Template | undefined): Simulation =>
  new Simulation({ assembly, seed: 1, ...(patchTemplate && { patchTemplate }) });

/** Inputs of the executions that events started. */
const started = ({ machines }: Simulation): unknown[] =>
  machines.executions.filter(({ machine }) => machine.logicalId.startsWith('Recover')).map(({ input }) => JSON.parse(input) as unknown);

test('the end of an execution starts what a rule says, with the documented event', async () => {
  const simulation = simulate();
  const main = simulation.start('Main', { fail: true }, 'one');
  await simulation.finishAll();
  expect(started(simulation)).toEqual([
    {
      executionArn: main.arn,
      stateMachineArn: main.machine.arn,
      name: 'one',
      status: 'FAILED',
      startDate: main.startedAt,
      stopDate: main.endedAt,
      input: '{"fail":true}',
      output: null,
      inputDetails: { included: true },
      outputDetails: null,
      error: 'Broken',
      cause: 'it is',
      redriveCount: 0,
      redriveDate: null,
    },
  ]);
  expect(simulation.machines.executions[1]?.startedAt).toBeGreaterThan(main.endedAt ?? 0);
  expect(simulation.unusedGrants()).toEqual([]);
});

test('a transformed input has the parts of the event in it', async () => {
  const simulation = simulate();
  simulation.start('Main', { fail: false }, 'two');
  await simulation.finishAll();
  expect(started(simulation)).toEqual([{ was: 'SUCCEEDED', text: 'of two' }]);
});

test('an execution that an operator stops is told, too', async () => {
  const simulation = simulate();
  const hit = simulation.abortWhen({ machine: 'Main', state: 'A minute' });
  simulation.start('Main', {});
  await simulation.finishAll();
  expect([hit(), started(simulation)]).toMatchObject([true, [{ status: 'ABORTED' }]]);
});

test("without the permission of the rule's role nothing starts", async () => {
  const simulation = simulate((template) => {
    for (const [id, { Type, Properties }] of Object.entries(template.Resources ?? {})) {
      const { PolicyDocument } = (Properties ?? {}) as { PolicyDocument?: { Statement: unknown[] } };
      if (Type === 'AWS::IAM::Policy' && id.includes('EventsRole') && PolicyDocument !== undefined) PolicyDocument.Statement = [];
    }
    return template;
  });
  simulation.start('Main', { fail: true });
  await simulation.finishAll();
  expect(started(simulation)).toEqual([]);
  expect(simulation.deniedCalls()).toMatchObject([{ action: 'states:StartExecution' }]);
});

test.each([
  ['lost', 0],
  ['twice', 2],
] as const)('a delivery may be %s', async (fault, times) => {
  const simulation = simulate();
  simulation.events.intercept(() => fault);
  simulation.start('Main', { fail: true });
  await simulation.finishAll();
  expect(started(simulation)).toHaveLength(times);
});

test('what a rule has that is not modelled is refused by name', () => {
  const patched = (change: (properties: Record<string, unknown>) => void) => (): Simulation =>
    simulate((template) => {
      for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
        if (Type === 'AWS::Events::Rule') change(Properties as Record<string, unknown>);
      }
      return template;
    });
  expect(patched((rule) => (rule['ScheduleExpression'] = 'rate(1 day)'))).toThrow('does not model schedules of rules');
  expect(patched((rule) => (rule['Targets'] = [{ Id: 'x', Arn: 'arn:aws:sqs:::q' }]))).toThrow('does not model the target arn:aws:sqs:::q');
});

describe('event patterns', () => {
  const event = { source: 'aws.states', detail: { status: 'FAILED', name: 'run-1', output: null } };

  test.each([
    [{ source: ['aws.states'] }, true],
    [{ source: ['aws.ec2'] }, false],
    [{ detail: { status: ['ABORTED', 'FAILED'], output: [null] } }, true],
    [{ detail: { name: [{ prefix: 'run-' }] } }, true],
    [{ detail: { name: [{ suffix: '-2' }] } }, false],
    [{ detail: { status: [{ 'anything-but': ['FAILED'] }] } }, false],
    [{ detail: { error: [{ exists: false }] } }, true],
    [{ detail: { error: [{ 'anything-but': 'x' }] } }, false],
  ])('%j: %p', (pattern, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  test('an operator that is not modelled is told with its place', () => {
    expect(patternProblems({ detail: { n: [{ numeric: ['>', 1] }] } } as never)).toEqual([
      'the simulator does not model {"numeric":[">",1]} in an event pattern (detail.n)',
    ]);
  });
});

test.each([
  ['{"a":<x>,"b":"is <x>"}', '{"a":"say \\"hi\\"","b":"is say \\"hi\\""}'],
  ['{"a":<list>}', '{"a":[1,2]}'],
  ['{"a":"<none>","b":<none>}', '{"a":"","b":""}'],
  ['{"rule":<aws.events.rule-name>}', '{"rule":"r"}'],
])('the template %s becomes %s', (template, expected) => {
  const target = { arn: '', roleArn: '', input: undefined, inputPath: undefined };
  const paths = { x: '$.detail.text', list: '$.detail.list', none: '$.detail.none' };
  const event = { detail: { text: 'say "hi"', list: [1, 2] } };
  expect(targetInput({ ...target, inputTransformer: { paths, template } }, event, { arn: 'arn', name: 'r' })).toBe(expected);
});
