import { Topic } from 'aws-cdk-lib/aws-sns';
import { RETRYABLE_ERRORS, TERMINAL_ERRORS } from '../../../lib/contract/errors';
import { example } from '../../support/construct';
import type { Definition, State } from '../../support/definition';
import { definitionsOf, statesOf, successors } from '../../support/definition';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const { main, node, tidy, recovery } = definitionsOf(example((scope) => ({ notificationTopic: new Topic(scope, 'Topic') })).stack);
const silent = definitionsOf(example().stack).main;
const machines: [string, Definition][] = [
  ['RollingUpgrade', main],
  ['ReplaceNode', node],
  ['TidyBackups', tidy],
  ['Recover', recovery],
];
/** Every state, those of the recovery last: some have the same names as in the main machine. */
const every = machines.flatMap(([, definition]) => Object.entries(statesOf(definition)));
const ofType = (type: string): [string, State][] => every.filter(([, state]) => state.Type === type);
const lambdaTasks = ofType('Task').filter(([, { Resource }]) => Resource?.includes(':function:'));

/** The state with this name. */
function state(name: string): State {
  const found = every.find(([candidate]) => candidate === name)?.[1];
  if (!found) throw new Error(`no state '${name}'`);
  return found;
}

/** Where an error of a state leads. */
function caught(name: string): string | undefined {
  return state(name).Catch?.[0]?.Next;
}

/** The states from `start` on, each at its first success: what happens when everything goes well at once. */
function happyPath({ StartAt, States }: Definition, choose: Readonly<Record<string, string>>): string[] {
  const path: string[] = [];
  for (let name: string | undefined = StartAt; name !== undefined && !path.includes(name);) {
    const current: State | undefined = States[name];
    path.push(name);
    name = choose[name] ?? current?.Choices?.find((choice) => choice.StringEquals === 'done')?.Next ?? current?.Default ?? current?.Next;
  }
  return path;
}

describe.each(machines)('the definition of %s', (_name, definition) => {
  test('is valid Amazon States Language', () => {
    const validate = jest.requireActual<(asl: unknown) => { isValid: boolean; errorsText: () => string }>('asl-validator');
    const { isValid, errorsText } = validate(definition);
    expect(isValid ? '' : errorsText()).toBe('');
  }, 30_000);

  test('reaches every state, and leads nowhere else', () => {
    const walk = ({ StartAt, States }: Definition): void => {
      const seen = new Set<string>();
      const open = [StartAt];
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (seen.has(name)) continue;
        seen.add(name);
        expect(Object.keys(States)).toContain(name);
        open.push(...successors(States[name]!));
      }
      expect([...seen].sort()).toEqual(Object.keys(States).sort());
      for (const { Branches = [] } of Object.values(States)) Branches.forEach(walk);
    };
    walk(definition);
  });

  test('is JSONPath without what engines differ on', () => {
    const text = JSON.stringify(definition);
    expect(text.replace(/States\.Array\(\$\.plan\.backupId\)/g, '')).not.toMatch(
      /JSONata|"Assign"|"Arguments"|\{%|States\.[A-Z][A-Za-z]+\(|\$\.[A-Za-z.]*\[(?!\d+\])/,
    );
    expect(
      [...text.matchAll(/\$\$\.[A-Za-z.]+/g)]
        .map(([path]) => path)
        .filter((path) => !/^\$\$\.(Execution\.(Id|Name|StartTime|Input|RedriveCount)|State\.EnteredTime|Task\.Token)$/.test(path)),
    ).toEqual([]);
  });

  test('has a comment and a time-out', () => {
    expect(definition.Comment).toMatch(/\.$/);
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
  });
});

test('state names read as sentences: they begin with a capital letter and fit into the console', () => {
  for (const [name] of every) expect(name).toMatch(/^[A-Z][A-Za-z,' ]{1,78}\??$/);
});

test('every choice has a default', () => {
  for (const [name, choice] of ofType('Choice')) expect([name, choice.Default]).toEqual([name, expect.any(String)]);
});

test('every wait lasts as long as the last look says', () => {
  for (const [name, wait] of ofType('Wait'))
    expect([name, wait.SecondsPath]).toEqual([name, expect.stringMatching(/^\$\.[a-zA-Z]+\.waitSeconds$/)]);
});

test('every loop goes on only when the verdict is done', () => {
  const loops = ofType('Choice').filter(([, choice]) => state(choice.Default!).Type === 'Wait');
  expect(loops.length).toBeGreaterThanOrEqual(13);
  for (const [, { Choices = [] }] of loops) expect(Choices.map((choice) => choice.StringEquals)).toEqual(['done']);
});

/** A run that does not hold the lock any more. */
const BEGIN_ANEW = { ErrorEquals: ['LockLost'], Next: 'Take the request', ResultPath: '$.failure' };

describe('retries', () => {
  test.each(lambdaTasks)('%s: what is retryable is tried again, and nothing else', (_name, { Retry = [] }) => {
    const errors = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(errors).toEqual(
      expect.arrayContaining([...RETRYABLE_ERRORS, 'Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'States.Timeout']),
    );
    expect(errors.filter((error) => (TERMINAL_ERRORS as readonly string[]).includes(error) || error === 'States.ALL')).toEqual([]);
  });

  test('bridge eight minutes of an API that is throttled or away', () => {
    const transient = state('Resolve the request').Retry!.find(({ ErrorEquals }) => ErrorEquals.includes('AwsThrottled'))!;
    const waits = Array.from({ length: transient.MaxAttempts }, (_, attempt) =>
      Math.min(transient.MaxDelaySeconds!, transient.IntervalSeconds * transient.BackoffRate ** attempt),
    );
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(482);
  });

  test('a nested execution that failed is not started again', () => {
    const nested = every.filter(([, { Resource }]) => Resource?.includes('startExecution')).map(([name]) => name);
    expect(nested.sort()).toEqual([
      'Discard the failed backup',
      'Discard what was left unfinished',
      'Replace the node',
      'Roll the node back',
      'Tidy the backups',
    ]);
    for (const name of nested) {
      const errors = state(name).Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(errors.every((error) => error.startsWith('StepFunctions.'))).toBe(true);
    }
  });

  test.each(lambdaTasks)('%s: Step Functions waits longer than the function may run', (_name, { TimeoutSeconds }) => {
    expect(TimeoutSeconds).toBe(75);
  });
});

/** What is told while a run goes on, and what follows. */
const ANNOUNCED = {
  'Announce the upgrade': 'Put up the banner',
  'Tell that the node is replaced': 'Choose the next node',
  'Tell that the upgrade is rolled back': 'Point the group back at the original image',
};

test('without a topic nothing is announced, and all else is the same', () => {
  const added = Object.keys(main.States).filter((name) => !(name in silent.States));
  expect(added.sort()).toEqual(Object.keys(ANNOUNCED).sort());
  expect(Object.keys(silent.States).filter((name) => !(name in main.States))).toEqual([]);
  expect(silent.States['Replace the node']?.Next).toBe('Choose the next node');
});

describe('errors', () => {
  const beforeTheLock = [
    'Resolve the request',
    'Look at what is backed up',
    'Observe the cluster and plan',
    'Check that the upgrade is allowed',
    'Weigh what was found',
    "Take the cluster's lock",
  ];
  test.each(beforeTheLock)('%s: an error is a refusal', (name) => {
    expect(caught(name)).toBe('Report the refusal');
  });

  const afterTheLock = [
    'Discard what was left unfinished',
    'Can the backup begin?',
    'Judge whether all is ready',
    'Can the backup begin now?',
    'Judge again whether all is ready',
    'Turn on upgrade mode',
    'Look at upgrade mode',
    'Point the group at the new image',
    'Add the surge node',
    'Look at the surge node',
    'Look at the surge node again',
    'Choose the next node',
    'Choose the next node again',
    'Replace the node',
    'Verify the upgraded cluster',
    'Look at the upgraded cluster',
    'Finalize the upgrade',
    'Look at the finalized upgrade',
  ];
  test.each(afterTheLock)('%s: after an error capacity is restored before anything else', (name) => {
    expect(state(name).Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Is the lock lost?', ResultPath: '$.failure' }]);
  });

  test('once the upgrade is final, capacity is not touched any more', () => {
    for (const name of ["Restore the group's settings", 'Take down the banner']) expect(caught(name)).toBe('Was the lock lost at the end?');
    expect(state('Was the lock lost at the end?').Default).toBe('Take down the banner after the failure');
    expect(caught("Release the cluster's lock")).toBe('Report the failure');
  });

  test('a banner that cannot be put up is no reason to stop; but a run without its lock begins anew', () => {
    expect(state('Put up the banner').Catch).toEqual([
      BEGIN_ANEW,
      { ErrorEquals: ['States.ALL'], Next: 'Is a backup left unfinished?', ResultPath: '$.bannerFailure' },
    ]);
  });

  test('after a failure the banner is put back whatever became of the settings, and an error of it is kept for the recovery', () => {
    expect(state("Restore the group's settings after the failure")).toMatchObject({
      Next: 'Take down the banner after the failure',
      Catch: [BEGIN_ANEW, { ErrorEquals: ['States.ALL'], Next: 'Take down the banner after the failure', ResultPath: '$.restoreFailure' }],
    });
    expect(state('Take down the banner after the failure')).toMatchObject({
      Next: 'Release the lock after the failure',
      Catch: [BEGIN_ANEW, { ErrorEquals: ['States.ALL'], Next: 'Release the lock after the failure', ResultPath: '$.restoreFailure' }],
      Parameters: { 'made.$': '$.end.made', 'finalized.$': '$.finalized' },
    });
  });

  test('nothing fails because somebody could not be told, or the apps could not be compared', () => {
    expect(state('Compare the apps').Catch).toEqual([
      { ErrorEquals: ['States.ALL'], Next: 'Finalize the upgrade', ResultPath: '$.appsFailure' },
    ]);
    for (const [name, next] of Object.entries(ANNOUNCED)) {
      expect([name, state(name).Next, caught(name)]).toEqual([name, next, next]);
    }
  });

  test('a report that fails does not hide the outcome', () => {
    expect(caught('Report the refusal')).toBe('Upgrade refused, but not reported');
    expect(caught('Report the failure')).toBe('Upgrade failed, but not reported');
    for (const name of ['Report that the recovery could not begin', 'Report the recovery']) {
      expect(caught(name)).toBe('Recovery not reported'); // which has a text of its own
    }
    for (const name of ['Report the plan', 'Report that nothing is to be done', 'Report the upgrade']) {
      expect(caught(name)).toBe('The outcome could not be reported');
    }
    const ROOTS: readonly [RegExp, string][] = [
      [/not reported$/, '$.failure.'],
      [/reported$/, '$.reportFailure.'],
      [/^Recovery/, '$.restoreFailure.'],
    ];
    for (const [name, { ErrorPath, CausePath }] of ofType('Fail')) {
      if (name === 'Recovery not reported') continue;
      const root = ROOTS.find(([pattern]) => pattern.test(name))?.[1] ?? '$.';
      const [error, cause] = root === '$.' ? ['error', 'cause'] : ['Error', 'Cause'];
      expect([name, ErrorPath, CausePath]).toEqual([name, root + error, root + cause]);
    }
  });

  test('replacing a node catches nothing: the main machine decides', () => {
    for (const candidate of Object.values(node.States)) expect(candidate.Catch).toBeUndefined();
  });
});

describe('the order of things', () => {
  test('of an upgrade', () => {
    const choices = {
      'Was the plan made since the last redrive?': 'Announce the upgrade',
      'Is a node left?': 'Verify the upgraded cluster',
    };
    expect(happyPath(main, choices)).toEqual([
      'Take the request',
      'Resolve the request',
      'Look at what is backed up',
      'Observe the cluster and plan',
      'Check that the upgrade is allowed',
      'Weigh what was found',
      'What is to be done?',
      "Take the cluster's lock",
      'Was the plan made since the last redrive?',
      'Announce the upgrade',
      'Put up the banner',
      'Is a backup left unfinished?',
      'Can the backup begin?',
      'Judge whether all is ready',
      'Is all ready?',
      'Begin the backup',
      'Were all parts begun together?',
      'Await the backup',
      'Hold the group',
      'Turn on upgrade mode',
      'Is upgrade mode on?',
      'Point the group at the new image',
      'Add the surge node',
      'Look at the surge node',
      'Does the surge node serve?',
      'Begin with the first node',
      'Choose the next node',
      'Is a node left?',
      'Verify the upgraded cluster',
      'Is the upgraded cluster whole?',
      'Compare the apps',
      'Finalize the upgrade',
      'Is the upgrade final?',
      "Restore the group's settings",
      'Take down the banner',
      "Release the cluster's lock",
      'Look at the backups that are kept',
      'Choose the backups that may go',
      'Tidy the backups',
      'Report the upgrade',
      'Upgrade complete',
    ]);
  });

  test('of the replacement of one node', () => {
    expect(happyPath(node, { 'Does a replacement follow?': 'Look at the replacement' })).toEqual([
      'Put the node in Standby',
      'Does a replacement follow?',
      'Look at the replacement',
      'Is the replacement good?',
      'Bake the new node',
      'Has the new node proved itself?',
      'Look at the old node draining',
      'Is the old node drained?',
      'Retire the old node',
    ]);
  });

  test('a dry run ends with the plan, before the lock', () => {
    expect(state('What is to be done?').Choices).toEqual([
      { Variable: '$.request.dryRun', BooleanEquals: true, Next: 'Report the plan' },
      {
        Or: [
          { Variable: '$.plan.action', StringEquals: 'nothing' },
          {
            And: [
              { Variable: '$.request.upToDate', IsPresent: true },
              { Variable: '$.request.upToDate', BooleanEquals: true },
            ],
          },
        ],
        Next: 'Report that nothing is to be done',
      },
    ]);
    expect(state('Report the plan').Next).toBe('Dry run complete');
  });

  test('all checks are made at once, and weighed together', () => {
    const { Branches = [], ResultPath, Parameters } = state('Check that the upgrade is allowed');
    expect(Branches.map((branch) => Object.keys(branch.States))).toEqual([
      ['Check Bitbucket'],
      ['Check the group and its load balancers'],
      ['Check the account'],
    ]);
    expect(ResultPath).toBe('$.findings');
    expect(Parameters).toEqual({ 'plan.$': '$.plan', 'request.$': '$.request' });
    expect(state('Weigh what was found').Parameters).toEqual({
      'plan.$': '$.plan',
      'request.$': '$.request',
      'findings.$': '$.findings',
      'observations.$': '$.observations',
    });
    // A branch that caught its own error would go on without its findings.
    for (const { States } of Branches) for (const branch of Object.values(States)) expect(branch.Catch).toBeUndefined();
  });

  test('after a replaced node, that is told, and the next one is chosen', () => {
    const { Next, Resource, Parameters, ResultSelector, ResultPath } = state('Replace the node');
    expect([Next, Resource, ResultPath]).toEqual([
      'Tell that the node is replaced',
      'arn:aws:states:::states:startExecution.sync:2',
      '$.rolled',
    ]);
    expect(Parameters).toMatchObject({
      Input: { 'plan.$': '$.plan', 'node.$': '$.next.node', 'action.$': '$.next.action', 'rolled.$': '$.rolled' },
    });
    expect(ResultSelector).toEqual({
      'completed.$': '$.Output.completed',
      'expectedBootSeconds.$': '$.Output.expectedBootSeconds',
      'failures.$': '$.Output.failures',
      'postponed.$': '$.Output.postponed',
    });
  });
});

test('a node adds so few events to the history of the main machine that 100 nodes stay below 5,000', () => {
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html: entered, scheduled, started, succeeded and exited
  // for a task, one more (submitted) for a nested execution, entered and exited for the others.
  const events = (name: string): number => (name === 'Replace the node' ? 6 : state(name).Type === 'Task' ? 5 : 2);
  const sum = (names: readonly string[]): number => names.map(events).reduce((total, count) => total + count, 0);
  const oneNode = sum(['Choose the next node', 'Is a node left?', 'Replace the node', 'Tell that the node is replaced']);
  const oneMoreLook = sum(['Wait until the cluster is ready', 'Choose the next node again', 'Is a node left?']);
  expect(100 * (oneNode + 3 * oneMoreLook)).toBeLessThan(5000);
});
