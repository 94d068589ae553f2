import { Duration, Lazy, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Approvals, BitbucketRollingUpgradeProps } from '../../../lib';
import { UnansweredApproval } from '../../../lib';
import { NOTHING_ASKED } from '../../../lib/contract/approvals';
import { APPROVAL_TASKS, TASKS } from '../../../lib/contract/tasks';
import { example, resourcesOf } from '../../support/construct';
import type { State } from '../../support/definition';
import { definitionsOf, statesOf, successors } from '../../support/definition';
import { environmentOf } from '../../support/functions';
import { statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const asking = (approvals: Approvals, more: Partial<BitbucketRollingUpgradeProps> = {}) =>
  example((scope) => ({ approvals, notificationTopic: new Topic(scope, 'Topic'), ...more }));
const all = asking({
  afterPlan: {},
  afterFirstNode: { timeLimit: Duration.hours(4) },
  beforeFinalize: { ifUnanswered: UnansweredApproval.REJECT },
});
const { main } = definitionsOf(all.stack);
const states = statesOf(main);
const plain = statesOf(definitionsOf(asking({}).stack).main);

function state(name: string): State {
  const found = states[name];
  if (!found) throw new Error(`no state '${name}'`);
  return found;
}

const GATES = [
  [
    'Is this plan approved?',
    'Ask whether to carry out the plan',
    'Weigh the answer about the plan',
    'What was answered about the plan?',
    'The plan is not approved',
  ],
  [
    'May the other nodes follow?',
    'Ask whether the other nodes may follow',
    'Weigh the answer about the first node',
    'What was answered about the first node?',
    'The first node is not approved',
  ],
  [
    'May the upgrade be finalized?',
    'Ask whether to finalize the upgrade',
    'Weigh the answer about finalizing',
    'What was answered about finalizing?',
    'Finalizing is not approved',
  ],
] as const;
const UNLOCK = [
  'Is the lock to be released after the refusal?',
  'Release the lock after the refusal',
  'Is the lock to be released, as nothing is to be done?',
  'Release the lock, as nothing is to be done',
];

describe('the states of a gate', () => {
  test('are there only where it is configured', () => {
    const added = (approvals: Approvals): string[] =>
      Object.keys(statesOf(definitionsOf(asking(approvals).stack).main)).filter((name) => !(name in plain));
    expect(added({ afterPlan: {} }).sort()).toEqual([...GATES[0], ...UNLOCK].sort());
    expect(added({ afterFirstNode: {} }).sort()).toEqual([...GATES[1]].sort());
    expect(added({ beforeFinalize: {} }).sort()).toEqual([...GATES[2]].sort());
    expect(added({})).toEqual([]);
    expect(Object.keys(plain).every((name) => name in states)).toBe(true);
  });

  test('are valid Amazon States Language with sentences for names', () => {
    const validate = jest.requireActual<(asl: unknown) => { isValid: boolean; errorsText: () => string }>('asl-validator');
    const { isValid, errorsText } = validate(main);
    expect(isValid ? '' : errorsText()).toBe('');
    for (const name of [...GATES.flat(), ...UNLOCK]) expect(name).toMatch(/^[A-Z][A-Za-z,' ]{1,78}\??$/);
  }, 30_000);

  test.each([
    [GATES[0], 'after-plan', 24 * 3600],
    [GATES[1], 'after-first-node', 4 * 3600],
    [GATES[2], 'before-finalize', 24 * 3600],
  ] as const)('hand the token out, wait, and judge whatever comes: %s', ([, ask, weigh, answer, refused], gate, TimeoutSeconds) => {
    expect(state(ask)).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds,
      ResultPath: '$.approvals.sent',
      Next: weigh,
      Catch: [
        { ErrorEquals: ['LockLost'], Next: 'Take the request', ResultPath: '$.failure' },
        { ErrorEquals: ['States.ALL'], Next: weigh, ResultPath: '$.approvals.failure' },
      ],
    });
    expect(state(ask).Parameters?.['Payload']).toMatchObject({
      'token.$': '$$.Task.Token',
      gate,
      'plan.$': '$.plan',
      'approvals.$': '$.approvals',
    });
    const retried = state(ask).Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried.filter((error) => error === 'States.Timeout' || error === 'States.ALL')).toEqual([]);
    expect(state(weigh)).toMatchObject({
      Parameters: { gate, 'plan.$': '$.plan', 'approvals.$': '$.approvals' },
      ResultPath: '$.approvals',
      Next: answer,
    });
    expect(state(answer).Choices?.[1]).toMatchObject({ StringEquals: 'ask-again', Next: ask });
    expect(state(answer).Default).toBe(refused);
    expect(state(refused)).toMatchObject({ InputPath: '$.approvals.refusal', ResultPath: '$.failure' });
  });
});

describe('the plan', () => {
  test('is asked about under the lock, and only if it is not the one that was approved', () => {
    expect(state('Was the plan made since the last redrive?').Choices?.[0]?.Next).toBe(GATES[0][0]);
    const [choice] = state(GATES[0][0]).Choices as unknown as { And: unknown[]; Next: string }[];
    expect(choice?.Next).toBe('Announce the upgrade');
    expect(choice?.And).toEqual(
      ['fromVersion', 'toVersion', 'originalImageId', 'targetImageId'].map((field) => ({
        Variable: `$.plan.${field}`,
        StringEqualsPath: `$.approvals.plan.${field}`,
      })),
    );
  });

  test('is made and checked again once it is approved', () => {
    expect(state(GATES[0][3]).Choices?.[0]?.Next).toBe('Resolve the request');
  });

  test('that is not approved is a refusal, which releases the lock, as every later refusal does', () => {
    const held = UNLOCK[0]!;
    expect(state(GATES[0][4]).Next).toBe(held);
    for (const name of [
      'Resolve the request',
      'Observe the cluster and plan',
      'Weigh what was found',
      "Take the cluster's lock",
      GATES[0][2],
    ])
      expect([name, state(name).Catch?.map(({ Next }) => Next)]).toEqual([name, [held]]);
    expect(state(held)).toMatchObject({ Choices: [{ Variable: '$.lock.owner', Next: UNLOCK[1] }], Default: 'Report the refusal' });
    expect(state(UNLOCK[1]!)).toMatchObject({
      Next: 'Report the refusal',
      Catch: [{ Next: 'Report the refusal', ResultPath: '$.restoreFailure' }],
    });
    expect(state(UNLOCK[2]!)).toMatchObject({
      Choices: [{ Variable: '$.lock.owner', Next: UNLOCK[3] }],
      Default: 'Report that nothing is to be done',
    });
  });
});

describe('the first node', () => {
  test('is asked about between the choice of another one and its replacement, and chosen again afterwards', () => {
    expect(state('Is a node left?').Default).toBe(GATES[1][0]);
    expect(state(GATES[1][0])).toMatchObject({
      Choices: [
        {
          Or: [
            { Variable: '$.next.replaced', NumericEquals: 0 },
            { Variable: '$.approvals.firstNode', BooleanEquals: true },
          ],
          Next: 'Replace the node',
        },
      ],
      Default: GATES[1][1],
    });
    expect(state(GATES[1][3]).Choices?.[0]?.Next).toBe('Choose the next node');
    expect(state(GATES[1][4]).Next).toBe('Is the lock lost?');
  });

  test('is not asked about on the way back', () => {
    expect(state('Is a node left to roll back?').Default).toBe('Roll the node back');
  });
});

test('finalizing is asked about once the cluster is verified, which it is again afterwards', () => {
  expect(state('Is the upgraded cluster whole?').Choices?.map(({ Next }) => Next)).toEqual(['Compare the apps']);
  expect(state('Compare the apps')).toMatchObject({ Next: GATES[2][0], Catch: [{ Next: GATES[2][0] }] });
  expect(state(GATES[2][0])).toMatchObject({
    Choices: [{ Variable: '$.approvals.finalizing', Next: 'Finalize the upgrade' }],
    Default: GATES[2][1],
  });
  expect(state(GATES[2][3]).Choices?.[0]?.Next).toBe('Verify the upgraded cluster');
  expect(state(GATES[2][4]).Next).toBe('Is the lock lost?');
});

test('the only way to what a gate guards leads through it', () => {
  const before = (target: string): string[] =>
    Object.entries(states)
      .filter(([, candidate]) => successors(candidate).includes(target))
      .map(([name]) => name);
  expect(before('Announce the upgrade')).toEqual([GATES[0][0]]);
  expect(before('Put up the banner')).toEqual(['Announce the upgrade']);
  expect(before('Is a backup left unfinished?')).toEqual(['Put up the banner']);
  expect(before('Replace the node')).toEqual([GATES[1][0]]);
  expect(before('Finalize the upgrade')).toEqual([GATES[2][0]]);
});

test('what was asked is there from the first state on, and in every report', () => {
  expect(state('Take the request').Parameters).toMatchObject({ approvals: NOTHING_ASKED });
  for (const name of ['Report the refusal', 'Report the failure', 'Report the upgrade', 'Report that nothing is to be done'])
    expect([name, state(name).Parameters?.['approvals.$']]).toEqual([name, '$.approvals']);
});

describe('the tasks', () => {
  test('are deployed only where somebody is asked', () => {
    const count = (stack: typeof all.stack): number => Object.keys(resourcesOf(stack, 'AWS::Lambda::Function')).length;
    expect(count(all.stack)).toBe(count(example().stack) + APPROVAL_TASKS.length);
    expect(TASKS.filter((task) => (APPROVAL_TASKS as readonly string[]).includes(task))).toEqual([]);
  });

  test('know the gates, and so does the report', () => {
    const gates = {
      'after-plan': { timeLimit: 86400, ifUnanswered: 'stop' },
      'after-first-node': { timeLimit: 14400, ifUnanswered: 'stop' },
      'before-finalize': { timeLimit: 86400, ifUnanswered: 'reject' },
    };
    for (const task of [...APPROVAL_TASKS, 'report-run'] as const)
      expect(JSON.parse(environmentOf(all.stack, task).APPROVALS as string)).toEqual(gates);
    expect(environmentOf(example().stack, 'report-run')).not.toHaveProperty('APPROVALS');
  });

  test('may publish and look at the lock, and nothing else', () => {
    const actions = (task: string): string[] =>
      statementsOf(all.stack, (role) => role.includes(task))
        .flatMap((statement) => statement.actions)
        .filter((action) => !/^(logs|xray):/.test(action))
        .sort();
    expect(actions('AskApproval')).toEqual(['dynamodb:GetItem', 'sns:Publish']);
    expect(actions('JudgeApproval')).toEqual([]);
  });

  test('may use the keys of the topic and of the lock table', () => {
    const { stack } = example((scope) => ({
      approvals: { afterPlan: {} },
      notificationTopic: new Topic(scope, 'Topic', { masterKey: new kms.Key(scope, 'TopicKey') }),
      encryptionKey: new kms.Key(scope, 'Key'),
    }));
    const through = statementsOf(stack, (role) => role.includes('AskApproval')).map(({ conditions }) => JSON.stringify({ conditions }));
    expect(through.filter((condition) => condition.includes('sns.'))).toHaveLength(1);
    expect(through.filter((condition) => condition.includes('dynamodb.'))).toHaveLength(1);
  });
});

test('the time-out of the run has room for each question', () => {
  const month = { timeLimit: Duration.days(30) };
  const short = definitionsOf(example().stack).main.TimeoutSeconds!;
  expect(definitionsOf(asking({ afterPlan: month, beforeFinalize: month }).stack).main.TimeoutSeconds).toBe(
    Math.min(short + 3 * 2 * 30 * 24 * 3600, 365 * 24 * 3600),
  );
});

describe('what is wrong is told', () => {
  const messageOf = (approvals: Approvals, withTopic = true): string => {
    try {
      example((scope) => ({ approvals, ...(withTopic && { notificationTopic: new Topic(scope, 'Topic') }) }));
      return 'no error';
    } catch (error) {
      return (error as Error).message;
    }
  };
  test.each([
    [{ afterPlan: { timeLimit: Duration.minutes(4) } }, 'approvals: afterPlan: timeLimit of 4 minutes must be from 5 minutes to 720 hours'],
    [
      { afterFirstNode: { timeLimit: Duration.days(31) } },
      'approvals: afterFirstNode: timeLimit of 31 days must be from 5 minutes to 720 hours',
    ],
    [
      { beforeFinalize: { timeLimit: Duration.seconds(Token.asNumber(Lazy.any({ produce: () => 600 }))) } },
      'approvals: beforeFinalize: timeLimit must be known at synth time; it is a token',
    ],
  ] as [Approvals, string][])('%j', (approvals, message) => {
    expect(messageOf(approvals)).toContain(message);
  });

  test('a gate without a topic, but not no gate without a topic', () => {
    expect(messageOf({ afterPlan: {} }, false)).toContain(
      'approvals need a notificationTopic: the question is asked there, and how to answer it',
    );
    expect(messageOf({}, false)).toBe('no error');
  });
});
