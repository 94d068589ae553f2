import { RETRYABLE_ERRORS } from '../../../lib/contract/errors';
import { example } from '../../support/construct';
import type { State } from '../../support/definition';
import { definitionsOf, statesOf, successors } from '../../support/definition';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const { main } = definitionsOf(example().stack);
const states = statesOf(main);

function state(name: string): State {
  const found = states[name];
  if (!found) throw new Error(`no state '${name}'`);
  return found;
}

/** The states from `start` on for as long as there is one way, the errors apart. */
function straight(start: string): string[] {
  const path: string[] = [];
  for (let name: string | undefined = start; name !== undefined && !path.includes(name); name = state(name).Next) path.push(name);
  return path;
}

/** The names of the states from which the targets can be reached without passing `without`. */
function reaching(targets: readonly string[], without: readonly string[]): Set<string> {
  const reached = new Set(targets);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const [name, candidate] of Object.entries(states)) {
      if (!without.includes(name) && successors(candidate).some((next) => reached.has(next))) reached.add(name);
    }
  }
  return reached;
}

const BEGIN_ANEW = { ErrorEquals: ['LockLost'], Next: 'Take the request', ResultPath: '$.failure' };
const everyErrorTo = (Next: string, ResultPath: string) => [{ ErrorEquals: ['States.ALL'], Next, ResultPath }];

describe('after an error', () => {
  test('capacity is restored and good nodes are kept; then it is decided what follows', () => {
    expect(state('Restore capacity').Parameters).toEqual({ 'plan.$': '$.plan', surplus: 'keep', 'hold.$': '$.hold' });
    expect(state('Look at the restored capacity').Parameters).toEqual({
      'plan.$': '$.plan',
      surplus: 'keep',
      'hold.$': '$.hold',
      'since.$': '$.capacity.since',
    });
    expect(state('Is capacity restored?').Choices?.map(({ Next }) => Next)).toEqual(['Was the group held?']);
    expect(state('Was the group held?').Default).toBe('Decide what follows');
    expect(straight('Decide what follows')).toEqual(['Decide what follows', 'Take the answer as used', 'What follows?']);
  });

  test('the decision knows the failure, the cluster, the node and the answer', () => {
    expect(state('Decide what follows').Parameters).toEqual({
      'plan.$': '$.plan',
      'failure.$': '$.failure',
      'made.$': '$.capacity.made',
      'rolled.$': '$.rolled',
      'next.$': '$.next',
      'answer.$': '$.answer',
    });
  });

  test('four things may follow; what is not known stops the run', () => {
    expect(state('What follows?').Choices?.map(({ Variable, StringEquals, Next }) => [Variable, StringEquals, Next])).toEqual([
      ['$.decision.action', 'retry', 'Try again with a fresh instance'],
      ['$.decision.action', 'roll-back', 'Turn the plan round'],
      ['$.decision.action', 'hold', 'Hold for the operator'],
    ]);
    expect(state('What follows?').Default).toBe('Give back the surge');
  });

  test('an answer counts once', () => {
    expect(state('Take the answer as used')).toMatchObject({ Parameters: { answer: '' }, ResultPath: '$.answer' });
  });

  test('a fresh instance is tried with the failure counted, and what was done is not forgotten', () => {
    expect(state('Try again with a fresh instance')).toMatchObject({
      InputPath: '$.decision.rolled',
      ResultPath: '$.rolled',
      Next: 'Add the surge node',
    });
    expect(state('Begin with the first node').Parameters).toEqual({
      'completed.$': '$.rolled.completed',
      'expectedBootSeconds.$': '$.replacement.bootSeconds',
      'failures.$': '$.rolled.failures',
      'postponed.$': '$.rolled.postponed',
    });
  });

  test('an error of the decision, or of restoring capacity, ends the run with settings, lock and report', () => {
    const kept = [
      'Restore capacity',
      'Look at the restored capacity',
      'Decide what follows',
      'Give back the surge',
      'Look at the surge that is given back',
    ];
    for (const name of kept) {
      const acting = name === 'Decide what follows' ? [] : [BEGIN_ANEW];
      const caught = [...acting, ...everyErrorTo("Restore the group's settings after the failure", '$.restoreFailure')];
      expect([name, state(name).Catch]).toEqual([name, caught]);
    }
    expect(state("Restore the group's settings after the failure").Catch).toEqual([
      BEGIN_ANEW,
      ...everyErrorTo('Take down the banner after the failure', '$.restoreFailure'),
    ]);
    expect(state('Take down the banner after the failure').Catch).toEqual([
      BEGIN_ANEW,
      ...everyErrorTo('Release the lock after the failure', '$.restoreFailure'),
    ]);
    expect(state('Release the lock after the failure').Catch).toEqual(everyErrorTo('Report the failure', '$.restoreFailure'));
  });

  test('no way leads to another try, or to another question, but through a decision: it keeps the budget', () => {
    const fromRetry = reaching(['Try again with a fresh instance'], ['Decide what follows']);
    expect([...fromRetry].sort()).toEqual(['Take the answer as used', 'Try again with a fresh instance', 'What follows?'].sort());
    const fromHold = reaching(['Hold for the operator'], ['Decide what follows']);
    expect([...fromHold].sort()).toEqual(['Hold for the operator', 'Take the answer as used', 'What follows?'].sort());
  });
});

describe('rolling back', () => {
  test('turns the plan round, points the group back, and only then replaces nodes', () => {
    expect(straight('Turn the plan round')).toEqual([
      'Turn the plan round',
      'Begin to roll back',
      'Point the group back at the original image',
      'Is there a new node to roll back?',
    ]);
    expect(state('Turn the plan round')).toMatchObject({ InputPath: '$.decision.plan', ResultPath: '$.plan' });
    expect(state('Begin to roll back')).toMatchObject({ InputPath: '$.decision.rolled', ResultPath: '$.rolled' });
    expect(state('Point the group back at the original image').Parameters).toEqual({ 'plan.$': '$.plan', image: 'target' });
  });

  test('needs a surge node while there is a new node', () => {
    const { Choices, Default } = state('Is there a new node to roll back?');
    expect(Choices).toEqual([{ Variable: '$.capacity.made', StringEquals: 'original', Next: 'Choose the next node to roll back' }]);
    expect([Default, state('Add a surge node to roll back').Next]).toEqual([
      'Add a surge node to roll back',
      'Choose the next node to roll back',
    ]);
  });

  test('is the same engine', () => {
    expect(state('Roll the node back')).toEqual({ ...state('Replace the node'), Next: 'Choose the next node to roll back' });
  });

  test('turns upgrade mode off only once no upgraded node is left', () => {
    const before = Object.entries(states).filter(([, candidate]) => successors(candidate).includes('Turn off upgrade mode'));
    expect(before.map(([name]) => name)).toEqual(['Is a node left to roll back?']);
    expect(state('Is a node left to roll back?').Choices?.map(({ StringEquals, Next }) => [StringEquals, Next])).toEqual([
      ['wait', 'Wait until the cluster is ready to roll back'],
      ['none', 'Turn off upgrade mode'],
    ]);
  });

  test.each([
    'Point the group back at the original image',
    'Choose the next node to roll back',
    'Choose the next node to roll back again',
    'Roll the node back',
    'Turn off upgrade mode',
    'Look whether upgrade mode is off',
  ])('%s: an error leads to restoring capacity and to a new decision', (name) => {
    expect(state(name).Catch).toEqual(everyErrorTo('Is the lock lost?', '$.failure'));
  });

  test('ends as rolled back', () => {
    expect(state('Is upgrade mode off?').Choices?.map(({ Next }) => Next)).toEqual(['All is as it was before']);
    expect(state('All is as it was before')).toMatchObject({
      Parameters: { outcome: 'ROLLED_BACK', made: 'original' },
      ResultPath: '$.end',
      Next: "Restore the group's settings after the failure",
    });
    expect(state('How did the run end?').Choices?.map(({ StringEquals, Next }) => [StringEquals, Next])).toEqual([
      ['ROLLED_BACK', 'Upgrade rolled back'],
    ]);
    expect(state('How did the run end?').Default).toBe('Upgrade failed');
  });

  test('is the only end that removes the record of the run', () => {
    expect(state("Restore the group's settings after the failure").Parameters).toMatchObject({ 'made.$': '$.end.made', finalized: false });
    const setting = Object.entries(states).filter(([, { ResultPath }]) => ResultPath === '$.end');
    expect(setting.map(([name]) => name)).toEqual(expect.arrayContaining(['Nothing was changed', 'All is as it was before']));
    expect(setting).toHaveLength(2);
    // Where nothing is recorded no settings are put back either.
    expect(straight('Nothing was changed').slice(0, 2)).toEqual(['Nothing was changed', 'Take down the banner after the failure']);
    expect(state('Take the request').Parameters).toMatchObject({ end: { outcome: 'FAILED', made: 'mixed' } });
  });
});

describe('holding', () => {
  const hold = state('Hold for the operator');

  test('hands the task token out and waits for a day', () => {
    expect(hold).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 24 * 3600,
      ResultPath: '$.answer',
      Next: 'Decide what follows',
    });
    expect(hold.Parameters?.['Payload']).toEqual({
      'token.$': '$$.Task.Token',
      'plan.$': '$.plan',
      'run.$': '$.run',
      'reason.$': '$.decision.reason',
      'failure.$': '$.failure',
      holdLimit: 24 * 3600,
    });
  });

  test('nobody is asked again because nobody answered: that is the answer to stop', () => {
    const retried = hold.Retry!.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried).toEqual(expect.arrayContaining([...RETRYABLE_ERRORS, 'Lambda.Unknown']));
    expect(retried.filter((error) => error === 'States.Timeout' || error === 'States.ALL')).toEqual([]);
    expect(hold.Catch).toEqual(everyErrorTo('Nobody answered', '$.unanswered'));
    expect(state('Nobody answered')).toMatchObject({
      Parameters: { answer: 'stop' },
      ResultPath: '$.answer',
      Next: 'Decide what follows',
    });
  });
});

test('a run that stops gives back the surge first', () => {
  expect(state('Give back the surge').Parameters).toEqual({ 'plan.$': '$.plan', surplus: 'give-back', 'hold.$': '$.hold' });
  expect(state('Is the surge given back?').Choices?.map(({ Next }) => Next)).toEqual(["Restore the group's settings after the failure"]);
});

test('what the states after a failure name is there from the first state on', () => {
  const early = Object.keys(state('Take the request').Parameters ?? {}).map((field) => field.replace('.$', ''));
  const beforeAnyFailure = [...early, 'request', 'plan', 'checks', 'failure'];
  for (const name of ['Report the failure', 'Decide what follows', "Restore the group's settings after the failure"]) {
    const named = Object.values(state(name).Parameters ?? {}).filter((value): value is string => String(value).startsWith('$.'));
    expect([name, named.filter((path) => !beforeAnyFailure.includes(path.split('.')[1]!))]).toEqual([name, []]);
  }
});

test('what was rolled is complete from the first state on', () => {
  expect(state('Take the request').Parameters).toMatchObject({
    rolled: { completed: [], expectedBootSeconds: 0, failures: 0, postponed: [] },
    answer: { answer: '' },
  });
});

test('rolling 100 nodes forwards and back again, and all looks, fit into the history of one execution', () => {
  // The quota is 25,000 events; up to 15,000 are for looks at what is awaited (`lib/private/limits.ts`).
  const perNode = 6 + 5 + 2 + 3 * (2 + 5 + 2); // the replacement, the choice, its question, and three further looks
  expect(2 * 100 * perNode).toBeLessThan(25_000 - 15_000);
});
