import { Template } from 'aws-cdk-lib/assertions';
import { Backup, SharedHome } from '../../../lib';
import { example } from '../../support/construct';
import type { State } from '../../support/definition';
import { definitionsOf, statesOf, successors } from '../../support/definition';
import { statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const plain = example();
const { main, tidy } = definitionsOf(plain.stack);
const states = { ...statesOf(main), ...statesOf(tidy) };

/** The state with this name. */
function state(name: string): State {
  const found = states[name];
  if (!found) throw new Error(`no state '${name}'`);
  return found;
}

/** What the function of a state is told, without the part. */
function told(name: string): unknown {
  const { part, ...others } = state(name).Parameters ?? {};
  expect(part).toMatchObject({ name: expect.any(String) as string, title: expect.any(String) as string });
  return others;
}

describe('each part has the same states, in a branch of its own', () => {
  const home = { name: 'mesh-1', home: SharedHome.ebsOfInstance({ instanceId: 'i-0123456789abcdef1' }) };
  const all = definitionsOf(example(() => ({ otherHomes: [home] })).stack);
  const branches = (definition: typeof main, name: string): string[] =>
    (definition.States[name]?.Branches ?? []).map(({ StartAt }) => StartAt);

  test.each([
    ['Look at what is backed up', ['Look at the database', 'Look at the shared home', 'Look at mesh-1']],
    [
      'Can the backup begin?',
      ['Look whether the database is ready', 'Look whether the shared home is ready', 'Look whether mesh-1 is ready'],
    ],
    ['Begin the backup', ['Begin the backup of the database', 'Begin the backup of the shared home', 'Begin the backup of mesh-1']],
    ['Await the backup', ['Take the backup of the database', 'Take the backup of the shared home', 'Take the backup of mesh-1']],
    [
      'Look at the backups that are kept',
      ['Look at the backups of the database', 'Look at the backups of the shared home', 'Look at the backups of mesh-1'],
    ],
  ])('%s', (name, expected) => {
    expect(branches(all.main, name)).toEqual(expected);
  });

  test('Tidy all parts', () => {
    const expected = ['Tidy the backups of the database', 'Tidy the backups of the shared home', 'Tidy the backups of mesh-1'];
    expect(branches(all.tidy, 'Tidy all parts')).toEqual(expected);
  });

  test('a branch waits for its own part only', () => {
    const take = Object.entries(statesOf(all.main)).filter(([name]) => name.startsWith('Take the backup of'));
    expect(take.map(([, { InputPath, ResultPath }]) => [InputPath, ResultPath])).toEqual([
      ['$.backup[0]', '$.backup'],
      ['$.backup[1]', '$.backup'],
      ['$.backup[2]', '$.backup'],
    ]);
  });
});

describe('what the functions of a part are told', () => {
  test.each([
    ['Look at the database', { clusterName: 'bitbucket-nodes' }],
    ['Look whether the database is ready', { clusterName: 'bitbucket-nodes' }],
    ['Begin the backup of the database', { 'plan.$': '$.plan' }],
    ['Try again to begin the backup of the database', { 'plan.$': '$.plan', 'since.$': '$.begun.since' }],
    ['Look at the backup of the database', { 'plan.$': '$.plan', 'backup.$': '$.backup', 'since.$': '$.backup.startedAt' }],
    ['Look at the backups of the database', { clusterName: 'bitbucket-nodes' }],
    ['Tidy the backups of the database', { 'clusterName.$': '$.clusterName', 'mark.$': '$.mark', 'discard.$': '$.discard' }],
    [
      'Tidy the backups of the database again',
      { 'clusterName.$': '$.clusterName', 'mark.$': '$.mark', 'discard.$': '$.discard', 'since.$': '$.tidied.since' },
    ],
  ])('%s', (name, payload) => {
    expect(told(name)).toEqual(payload);
  });

  test('and what is judged of all of them', () => {
    const payloads = ['Observe the cluster and plan', 'Weigh what was found', 'Judge whether all is ready'].map(
      (name) => state(name).Parameters?.['observations.$'],
    );
    expect(payloads).toEqual(['$.observations', '$.observations', '$.sources']);
    expect(state('Were all parts begun together?').Parameters).toEqual({ 'plan.$': '$.plan', 'backup.$': '$.backup' });
    expect(state('Judge again whether all is ready').Parameters).toMatchObject({ 'since.$': '$.ready.since' });
    expect(state('Choose the backups that may go').Parameters).toEqual({ 'plan.$': '$.plan', 'observations.$': '$.observations' });
  });
});

describe('the backup is complete before the group is touched', () => {
  /** Every state that can be reached from `start` without passing `barrier`. */
  function reachable(start: string, barrier: string): Set<string> {
    const seen = new Set<string>();
    const open = [start];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name) || name === barrier) continue;
      seen.add(name);
      open.push(...successors({ ...main.States[name]!, Catch: [] }));
    }
    return seen;
  }

  test.each(['Begin the backup', 'Were all parts begun together?', 'Await the backup'])('no way leads round %s', (barrier) => {
    const before = reachable(main.StartAt, barrier);
    expect(before).toContain('Is a backup left unfinished?');
    for (const name of ['Hold the group', 'Turn on upgrade mode']) expect(before).not.toContain(name);
  });
});

describe('a backup that failed', () => {
  const discarded = ['Begin the backup', 'Were all parts begun together?', 'Await the backup'];

  test.each(discarded)('%s: after an error its parts are deleted, and then the run fails as any other', (name) => {
    expect(state(name).Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Did this run begin the backup?', ResultPath: '$.failure' }]);
    expect(state('Did this run begin the backup?').Default).toBe('Discard the failed backup');
    expect(state('Discard the failed backup').Next).toBe('Is the lock lost?');
  });

  test('is never deleted when an earlier run made it: its nodes may be upgraded, and there is no other way back', () => {
    const [first] = state('Did this run begin the backup?').Choices ?? [];
    expect(first).toMatchObject({ Next: 'Is the lock lost?' });
    expect(JSON.stringify(first)).toContain('"Variable":"$.plan.reusesBackup","BooleanEquals":true');
  });

  test('is kept, once complete, when the group cannot be held', () => {
    expect(state('Hold the group').Catch?.[0]?.Next).toBe('Is the lock lost?');
  });

  test('is named by its id, and an error of deleting it hides nothing', () => {
    const { Parameters, Catch, ResultPath } = state('Discard the failed backup');
    expect(Parameters?.Input).toMatchObject({
      clusterName: 'bitbucket-nodes',
      mark: [],
      'discard.$': 'States.Array($.plan.backupId)',
    });
    expect([Catch, ResultPath]).toEqual([[{ ErrorEquals: ['States.ALL'], Next: 'Is the lock lost?', ResultPath: '$.tidyFailure' }], null]);
  });

  test('is kept when that was asked for', () => {
    const kept = statesOf(definitionsOf(example(() => ({ backup: Backup.snapshots({ keepFailedParts: true }) })).stack).main);
    expect(Object.keys(kept)).not.toContain('Discard the failed backup');
    for (const name of discarded) expect(kept[name]?.Catch?.[0]?.Next).toBe('Is the lock lost?');
  });
});

test('what an earlier run left unfinished is deleted first, if there is any', () => {
  const { Choices = [], Default } = state('Is a backup left unfinished?');
  expect([Choices, Default]).toEqual([
    [{ Variable: '$.plan.unfinishedBackups[0]', IsPresent: true, Next: 'Discard what was left unfinished' }],
    'Can the backup begin?',
  ]);
  expect(state('Discard what was left unfinished').Parameters?.Input).toMatchObject({ mark: [], 'discard.$': '$.plan.unfinishedBackups' });
});

test('all parts are begun only when all are ready, which is awaited', () => {
  expect(state('Is all ready?')).toMatchObject({
    Choices: [{ Variable: '$.ready.verdict', StringEquals: 'done', Next: 'Begin the backup' }],
    Default: 'Wait until all is ready',
  });
  expect(state('Wait until all is ready').Next).toBe('Can the backup begin now?');
  expect(state('Can the backup begin now?').ResultPath).toBe('$.sources');
});

describe('backups are tidied after success only', () => {
  test('once the lock is released, and an error is only told', () => {
    expect(state("Release the cluster's lock").Next).toBe('Look at the backups that are kept');
    for (const name of ['Look at the backups that are kept', 'Choose the backups that may go', 'Tidy the backups']) {
      expect(state(name).Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'Report the upgrade', ResultPath: '$.tidyFailure' }]);
    }
    expect(state('Tidy the backups').Parameters?.Input).toMatchObject({ 'mark.$': '$.tidy.mark', 'discard.$': '$.tidy.discard' });
  });

  test('the report knows of it', () => {
    for (const name of ['Report the upgrade', 'Report the failure']) {
      expect(state(name).Parameters).toMatchObject({ 'backup.$': '$.backup', 'skew.$': '$.skew', 'tidyFailure.$': '$.tidyFailure' });
    }
    expect(state('Take the request').Parameters).toMatchObject({
      observations: [],
      backup: [],
      tidy: { mark: [], discard: [] },
      tidyFailure: { Error: '', Cause: '' },
    });
  });
});

test('the machine that tidies may call the functions that tidy, and nothing else', () => {
  const statements = statementsOf(plain.stack, (role) => role.startsWith('UpgradeTidyBackupsStateMachineRole'));
  const called = statements.filter(({ actions: [action] }) => action === 'lambda:InvokeFunction').flatMap(({ resources }) => resources);
  const functions = called.filter((resource) => !resource.endsWith(':*'));
  expect(functions.map((resource) => /UpgradeBackup(\w+?)Function/.exec(resource)?.[1]).sort()).toEqual([
    'TidyEbsSnapshots',
    'TidyRdsSnapshots',
  ]);
});

describe('with no backup', () => {
  const { stack, upgrade } = example(() => ({ backup: Backup.none('another tool makes one before each window') }));
  const definition = definitionsOf(stack);

  test('the workflow has no state about one', () => {
    const names = Object.keys(statesOf(definition.main));
    expect(names.filter((name) => /back(ed|up)/i.test(name))).toEqual([]);
    expect(definition.main.States['Resolve the request']?.Next).toBe('Observe the cluster and plan');
    expect(definition.main.States['Was the plan made since the last redrive?']?.Choices?.[0]?.Next).toBe('Put up the banner');
    expect(definition.main.States['Put up the banner']?.Next).toBe('Hold the group');
    expect(definition.main.States["Release the cluster's lock"]?.Next).toBe('Report the upgrade');
    expect(definition.main.States['Hold the group']?.Catch?.[0]?.Next).toBe('Is the lock lost?');
  });

  test('the template holds nothing for one', () => {
    expect(upgrade.tidyBackupsStateMachine).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 3);
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources as object).filter((id) => id.startsWith('UpgradeBackup'))).toEqual([]);
  });
});
