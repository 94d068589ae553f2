import type { ResolvedRequest } from '../../../lib/contract/events';
import { GROUP_TAGS } from '../../../lib/contract/tags';
import { turn } from '../../../lambda/core/direction';
import type { Member } from '../../../lambda/core/observation';
import { isNew } from '../../../lambda/core/observation';
import type { PlanGround } from '../../../lambda/core/plan';
import { makePlan } from '../../../lambda/core/plan';
import { readRecord, recordTags, recordTagsToRemove } from '../../../lambda/core/record';
import {
  FROM,
  NEW_IMAGE,
  NOW,
  OLD_IMAGE,
  TO,
  backupSpec,
  cluster,
  group,
  instancesOf,
  known,
  member,
  news,
  node,
  observed,
  olds,
  plan,
  run,
  upgrading,
  without,
} from './support/build';

const request: ResolvedRequest = { targetVersion: TO, imageId: NEW_IMAGE, dryRun: false, problems: [] };
const make = (members: readonly Member[], change: Partial<PlanGround> = {}) =>
  makePlan({
    run,
    request,
    capacity: 'surge',
    group: group(members),
    instances: instancesOf(members),
    template: { version: '7', imageId: OLD_IMAGE },
    cluster: cluster(members),
    version: FROM,
    ...change,
  });
const tags = recordTags(
  plan({
    sizes: { min: 2, max: 6, desired: 4 },
    suspendedBefore: ['AZRebalance'],
    launchTemplate: { id: 'lt-1', versionSpec: '$Latest', version: '7', within: 'group' },
  }),
);

describe('a banner that an upgrade left up', () => {
  const bannerOf = { from: FROM, to: TO };
  const four = news(1, 2, 3, 4);
  test('is gone on with although every node is upgraded, as the upgrade that it is of', () => {
    expect(make(four, { version: TO, bannerOf })).toMatchObject({
      action: 'upgrade',
      continues: true,
      fromVersion: FROM,
      toVersion: TO,
      nodes: [],
    });
    expect(make(four, { version: TO })).toMatchObject({ action: 'nothing', continues: false });
  });
  test('of another target is none to go on with', () => {
    expect(make(four, { version: TO, bannerOf: { from: FROM, to: '9.4.24' } })).toMatchObject({ action: 'nothing' });
  });
  test('before anything was upgraded does not make a run continue', () => {
    expect(make(olds(1, 2, 3, 4), { bannerOf })).toMatchObject({ action: 'upgrade', continues: false, fromVersion: FROM });
  });
});

describe('a plan', () => {
  test('of a fresh run is made from what is there', () => {
    expect(make(olds(1, 2, 3, 4))).toMatchObject({
      fromVersion: FROM,
      toVersion: TO,
      action: 'upgrade',
      continues: false,
      originalImageId: OLD_IMAGE,
      sizes: { desired: 4 },
      launchTemplate: { version: '7', versionSpec: '$Latest' },
    });
  });
  test('puts nodes that do not serve first, then the least busy', () => {
    const members = [
      member('i-old1', { node: node('10.0.0.1', FROM, 'ACTIVE', 9) }),
      ...olds(2),
      member('i-old3', { node: node('10.0.0.3', FROM, 'STARTING', 99) }),
    ];
    expect(make(members).nodes.map(({ instanceId }) => instanceId)).toEqual(['i-old3', 'i-old2', 'i-old1']);
    expect(make(members).nodes.map(({ why }) => why)).toEqual([
      expect.stringContaining('STARTING'),
      expect.stringContaining('a load of 0'),
      expect.stringContaining('a load of 9'),
    ]);
    const standing = make([member('i-old1', { lifecycleState: 'Standby' })]);
    expect(standing.nodes[0]?.why).toContain('Standby');
  });
  test('does nothing when every node runs the target version and upgrade mode is off', () => {
    expect(make(news(1, 2), { version: TO }).action).toBe('nothing');
    expect(make(news(1, 2), { version: TO, cluster: upgrading(news(1, 2), 'READY_TO_RUN_UPGRADE_TASKS') }).action).toBe('upgrade');
  });
  test('does nothing when nothing newer has an image, unless a run was interrupted or upgrade mode is on', () => {
    const latest = { request: { ...request, targetVersion: FROM, imageId: '', upToDate: true } };
    const members = [...olds(1), without(member('i-old2'), 'node')];
    expect(make(members, latest).action).toBe('nothing');
    expect(make(members, { ...latest, group: group(members, 2, { tags }) }).action).toBe('upgrade');
    expect(make(members, { ...latest, cluster: upgrading(members) }).action).toBe('upgrade');
  });
  test('goes on with an interrupted run: its record counts more than what the group looks like', () => {
    const members = [...olds(1, 2), ...news(1, 2, 3)];
    const made = make(members, {
      group: group(members, 5, { tags }),
      cluster: upgrading(members),
      template: { version: '8', imageId: NEW_IMAGE },
    });
    expect(made).toMatchObject({
      continues: true,
      fromVersion: FROM,
      sizes: { min: 2, max: 6, desired: 4 },
      suspendedBefore: ['AZRebalance'],
      originalImageId: OLD_IMAGE,
      launchTemplate: { version: '7' },
    });
    expect(made.nodes).toHaveLength(2);
  });
  test('goes on after the upgrade was finalized, because settings are still to be put back', () => {
    const members = news(1, 2, 3, 4);
    expect(make(members, { group: group(members, 4, { tags }), version: TO })).toMatchObject({
      action: 'upgrade',
      continues: true,
      fromVersion: FROM,
      nodes: [],
    });
  });
  test('never takes the image of an upgrade that is over for the way back', () => {
    const members = news(1, 2, 3, 4);
    const next = { ...request, targetVersion: '9.4.24', imageId: 'ami-24' };
    const made = make(members, {
      request: next,
      group: group(members, 4, { tags }),
      version: TO,
      template: { version: '8', imageId: NEW_IMAGE },
    });
    expect(made).toMatchObject({ continues: false, originalImageId: NEW_IMAGE, launchTemplate: { version: '8' }, sizes: { min: 2 } });
  });
  test('counts nodes of the target version as new, whatever their image', () => {
    const members = [...olds(1), member('i-old2', { imageId: 'ami-other', node: node('10.0.0.2', TO) })];
    expect(make(members).nodes.map(({ instanceId }) => instanceId)).toEqual(['i-old1']);
  });
  test('counts a node of the new image that runs another version as old, until Bitbucket says otherwise', () => {
    const left = (version: string) => member('i-new1', { node: node('10.0.1.1', version) });
    const listed = (one: Member) => make([...olds(1), one]).nodes.map(({ instanceId }) => instanceId);
    for (const version of [FROM, '9.4.22']) expect(listed(left(version)).sort()).toEqual(['i-new1', 'i-old1']);
    const failed = member('i-new1', { node: node('10.0.1.1', '9.4.22', 'ERROR') });
    for (const one of [left(TO), failed, without(left(TO), 'node')]) expect(listed(one)).toEqual(['i-old1']);

    const made = make([...olds(1), left(FROM)]);
    expect([left(FROM), without(left(FROM), 'node'), left(TO)].map((one) => isNew(one, made))).toEqual([false, false, true]);
    expect(isNew(left(FROM), turn(made))).toBe(true);
  });
  test('is made also for a group without a launch template, for the checks to refuse', () => {
    const bare = without(group(olds(1, 2)), 'launchTemplate');
    expect(make(olds(1, 2), { group: bare, template: { version: '', imageId: '' } }).launchTemplate).toMatchObject({
      id: '',
      versionSpec: '',
    });
  });
  test('names the backup pair as a DB snapshot may be named', () => {
    expect(make(olds(1, 2)).backupId).toMatch(/^bitbucket-rolling-upgrade-9-4-20-to-9-4-23-20260301-[0-9a-z]{6}run1$/);
    expect(make(olds(1, 2), { run: { ...run, executionName: 'x--y_z.' } }).backupId).toMatch(/^[a-z](?!.*--)[a-z0-9-]*[a-z0-9]$/);
  });
  test('names the backup no longer than a DB cluster snapshot may be, and differently for each execution', () => {
    const named = (executionName: string) => make(olds(1, 2), { run: { ...run, executionName } }).backupId;
    const [first, second] = [named('d80d8be5-d523-4ded-b95f-401f524d4419'), named('d80d8be5-d523-4ded-b95f-401f524d4420')];
    expect(first.length).toBeLessThanOrEqual(63);
    expect(first).not.toBe(second);
  });
  test('names the backup of an execution that begins anew differently each time: the one before may have failed', () => {
    const named = ['2026-03-01T11:00:00.000Z', '2026-03-01T11:05:00.000Z'].map(
      (startedAt) => make(olds(1, 2), { run: { ...run, startedAt } }).backupId,
    );
    expect(new Set(named).size).toBe(2);
  });
});

describe('the backup of a plan', () => {
  const at = (startedAt: string) => ['database', 'shared-home'].map((part) => observed({ part, backups: [known({ startedAt })] }));
  const backup = (startedAt: string) => ({ observations: at(startedAt), spec: backupSpec(), now: NOW });
  test('is that of an earlier run while it is young enough, and a new one otherwise', () => {
    expect(make(olds(1, 2), { backup: backup('2026-03-01T11:00:00Z') })).toMatchObject({ backupId: 'earlier', reusesBackup: true });
    expect(make(olds(1, 2), { backup: backup('2026-02-28T11:00:00Z') })).toMatchObject({
      backupId: expect.stringContaining('9-4-20-to-9-4-23') as string,
      reusesBackup: false,
      backupParts: ['database', 'shared-home'],
    });
  });
  test('is not chosen for a recovery, which makes none', () => {
    expect(make(olds(1, 2))).not.toHaveProperty('reusesBackup');
  });
});

describe('the record on the group', () => {
  test('comes back as it was written', () => {
    expect(readRecord(recordTags(plan()))).toEqual({
      run: run.executionArn,
      versions: { from: FROM, to: TO },
      sizes: { min: 4, max: 4, desired: 4 },
      suspended: [],
      original: { imageId: OLD_IMAGE, templateVersion: '1' },
    });
  });
  test('counts as missing where it is malformed', () => {
    expect(readRecord({ [GROUP_TAGS.sizes]: 'many', [GROUP_TAGS.versions]: '9', [GROUP_TAGS.original]: '' })).toEqual({});
  });
  test('keeps what the next run needs while upgrade mode stays on', () => {
    expect(recordTagsToRemove(tags, true)).toEqual([GROUP_TAGS.sizes, GROUP_TAGS.suspended]);
    expect(recordTagsToRemove(tags, false)).toHaveLength(5);
    expect(recordTagsToRemove({}, false)).toEqual([]);
  });
});
