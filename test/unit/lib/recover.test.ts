import { example } from '../../support/construct';
import type { State } from '../../support/definition';
import { definitionsOf, statesOf } from '../../support/definition';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const { recovery } = definitionsOf(example().stack);
const states = statesOf(recovery);

function state(name: string): State {
  const found = states[name];
  if (!found) throw new Error(`no state '${name}'`);
  return found;
}

/** Where the recovery goes when each step goes well at once, and each choice as `choose` says. */
function path(choose: Readonly<Record<string, string>>): string[] {
  const names: string[] = [];
  for (let name: string | undefined = recovery.StartAt; name !== undefined && !names.includes(name);) {
    names.push(name);
    const current: State = state(name);
    name = choose[name] ?? current.Choices?.[0]?.Next ?? current.Next;
  }
  return names;
}

const RESTORE = { 'Is there anything to restore?': 'Take the plan from the record' };

test('what an aborted run left behind is put back: the order of things', () => {
  expect(path(RESTORE)).toEqual([
    'Take the event',
    'Look what the run left behind',
    'Is there anything to restore?',
    'Take the plan from the record',
    "Take the cluster's lock",
    'Point the group at what every node runs',
    'Restore capacity',
    'Is capacity restored?',
    'What is the cluster made of?',
    'Point the group back at the original image',
    'Turn off upgrade mode',
    'Is upgrade mode off?',
    "Restore the group's settings",
    'Take down the banner of the ended run',
    "Release the cluster's lock",
    'Report the recovery',
    'Is everything restored?',
    'Recovered',
  ]);
});

test('of the event only what tells which execution ended is kept', () => {
  expect(state('Take the event').Parameters).toMatchObject({
    ended: { 'executionArn.$': '$.executionArn', 'status.$': '$.status', 'name.$': '$.name' },
    run: { 'executionArn.$': '$$.Execution.Id' },
  });
});

test('when only the lock or the banner is left behind, the lock is taken over, the banner put back, and the lock released', () => {
  expect(path({ 'Is there anything to restore?': 'Take over a lock that was left' }).slice(2)).toEqual([
    'Is there anything to restore?',
    'Take over a lock that was left',
    'Take down the banner that was left',
    'Release the lock that was left',
    'Is the banner back?',
    'The lock is released',
  ]);
  for (const name of ['Take over a lock that was left', 'Take down the banner that was left', 'Release the lock that was left']) {
    expect(state(name).Parameters).toMatchObject({ plan: { groupName: 'bitbucket-nodes', 'run.$': '$.run' } });
  }
});

test('a banner that cannot be put back does not keep the lock, and is told', () => {
  expect(state('Take down the banner that was left').Catch).toEqual([
    { ErrorEquals: ['States.ALL'], Next: 'Release the lock that was left', ResultPath: '$.restoreFailure' },
  ]);
  expect(state('Is the banner back?')).toMatchObject({
    Choices: [{ Variable: '$.restoreFailure.Error', StringEquals: '', Next: 'The lock is released' }],
    Default: 'Report that the recovery could not begin',
  });
});

test('when nothing is left behind, nothing is changed', () => {
  expect(state('Is there anything to restore?')).toMatchObject({
    Choices: [
      { Variable: '$.recovery.action', StringEquals: 'restore', Next: 'Take the plan from the record' },
      { Variable: '$.recovery.action', StringEquals: 'release', Next: 'Take over a lock that was left' },
    ],
    Default: 'Nothing to restore',
  });
  expect(state('Nothing to restore').Type).toBe('Succeed');
});

test('it acts only under the lock; another run that holds it does what is to be done', () => {
  for (const name of ["Take the cluster's lock", 'Take over a lock that was left']) {
    expect(state(name).Catch).toEqual([
      { ErrorEquals: ['AnotherRunActive'], Next: 'Another run goes on', ResultPath: '$.another' },
      { ErrorEquals: ['States.ALL'], Next: 'Report that the recovery could not begin', ResultPath: '$.restoreFailure' },
    ]);
  }
  expect(state('Another run goes on').Type).toBe('Succeed');
});

test('the group gets its size back, and good nodes of either version stay', () => {
  for (const name of ['Restore capacity', 'Look at the restored capacity']) {
    expect(state(name).Parameters).toMatchObject({ 'plan.$': '$.plan', surplus: 'give-back' });
  }
});

test('upgrade mode is turned off only when original nodes alone serve, and the group launches them', () => {
  expect(state('What is the cluster made of?')).toMatchObject({
    Choices: [{ Variable: '$.capacity.made', StringEquals: 'original', Next: 'Point the group back at the original image' }],
    Default: "Restore the group's settings",
  });
  expect(state('Point the group back at the original image').Parameters).toEqual({ 'plan.$': '$.plan', image: 'original' });
});

test('an error is kept, the next step is still tried, and what a next run needs stays recorded', () => {
  const ways = {
    'Look what the run left behind': 'Report that the recovery could not begin',
    'Restore capacity': 'Upgrade mode stays on',
    'Look at the restored capacity': 'Upgrade mode stays on',
    'Point the group back at the original image': 'Upgrade mode stays on',
    'Turn off upgrade mode': 'Upgrade mode stays on',
    'Look whether upgrade mode is off': 'Upgrade mode stays on',
    "Restore the group's settings": 'Take down the banner of the ended run',
    'Take down the banner of the ended run': "Release the cluster's lock",
    "Release the cluster's lock": 'Report the recovery',
  };
  for (const [name, Next] of Object.entries(ways)) {
    expect([name, state(name).Catch]).toEqual([name, [{ ErrorEquals: ['States.ALL'], Next, ResultPath: '$.restoreFailure' }]]);
  }
  expect(state('Upgrade mode stays on')).toMatchObject({
    Parameters: { made: 'mixed' },
    ResultPath: '$.capacity',
    Next: "Restore the group's settings",
  });
});

test('it fails, loudly, unless everything was put back', () => {
  expect(state('Is everything restored?')).toMatchObject({
    Choices: [{ Variable: '$.restoreFailure.Error', StringEquals: '', Next: 'Recovered' }],
    Default: 'Recovery failed',
  });
  expect(state('Report that the recovery could not begin').Next).toBe('Recovery failed');
  for (const name of ['Report the recovery', 'Report that the recovery could not begin']) {
    expect(state(name).Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Recovery not reported', ResultPath: '$.reportFailure' }]);
  }
  expect(state('Recovery not reported')).toMatchObject({ Type: 'Fail', Cause: expect.stringContaining('upgrade mode') as string });
  expect(state('Recovered').OutputPath).toBe('$.report');
});

test('what the report names is there from the first state on', () => {
  const early = Object.keys(state('Take the event').Parameters ?? {}).map((field) => field.replace('.$', ''));
  const named = (name: string): string[] =>
    Object.values(state(name).Parameters ?? {})
      .filter((value): value is string => String(value).startsWith('$.'))
      .map((value) => value.split('.')[1]!);
  expect(named('Report that the recovery could not begin').filter((field) => !early.includes(field))).toEqual([]);
  expect(named('Report the recovery').filter((field) => ![...early, 'plan'].includes(field))).toEqual([]);
});
