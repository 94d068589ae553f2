/** What a run that was ended from outside left behind, and what of it is put back. */
import { planRecovery } from '../../../lambda/core/leftovers';
import type { LeftoverGround } from '../../../lambda/core/leftovers';
import { TaskError } from '../../../lambda/core/errors';
import type { Member } from '../../../lambda/core/observation';
import { recordTags } from '../../../lambda/core/record';
import type { SiteRecord } from '../../../lambda/core/site-record';
import type { Lock } from '../../../lambda/ports/lock';
import { lookForLeftovers } from '../../../lambda/plan-recovery/handler';
import { GROUP_TAGS } from '../../../lib/contract/tags';
import {
  FROM,
  NEW_IMAGE,
  OLD_IMAGE,
  TO,
  cluster,
  group,
  instancesOf,
  member,
  news,
  olds,
  plan,
  run,
  upgrading,
  without,
} from './support/build';
import { fakeBitbucket, fakeGroup, fakeInstances } from './support/fakes';

const recovery = { ...run, executionArn: 'execution:recover' };
const tags = recordTags(plan());
/** What stays recorded while upgrade mode stays on. */
const held = without(without(tags, GROUP_TAGS.sizes), GROUP_TAGS.suspended);
const look = (members: readonly Member[], change: Partial<LeftoverGround> = {}, state: Parameters<typeof group>[2] = { tags }) =>
  planRecovery({
    run: recovery,
    capacity: 'surge',
    group: group(members, 4, state),
    instances: instancesOf(members),
    template: { version: '2', imageId: NEW_IMAGE },
    cluster: upgrading(members),
    execution: { isRunning: false },
    isBannerUp: false,
    ...change,
  });
const mixed = [...olds(1, 2), ...news(1, 2)];

const lockHeldBy = (owner: string | undefined): Lock => ({
  holder: () => Promise.resolve(owner === undefined ? undefined : { owner, since: '2026-01-06T01:00:00.000Z' }),
  take: () => Promise.reject(new Error('a look takes no lock')),
  release: () => Promise.reject(new Error('a look releases no lock')),
});

const executionsOf = (isRunning: (arn: string) => boolean, startedAt?: string) => ({
  isRunning: (arn: string) => Promise.resolve(isRunning(arn)),
  look: (arn: string) => Promise.resolve({ isRunning: isRunning(arn), startedAt }),
});

const recorded = (record: SiteRecord | undefined) => ({ read: () => Promise.resolve(record) });

describe('nothing is restored', () => {
  test('where no run has left a record', () => {
    expect(look(mixed, {}, { tags: {} }).action).toBe('nothing');
  });
  test('while the run of the record runs', () => {
    expect(look(mixed, { execution: { isRunning: true } })).toMatchObject({
      action: 'nothing',
      reason: expect.stringContaining('runs') as string,
    });
  });
  test('where the record is incomplete, since nobody could say to what', () => {
    expect(look(mixed, {}, { tags: without(tags, GROUP_TAGS.original) }).action).toBe('nothing');
  });
  test('where nodes of both versions run legally in upgrade mode, and all else is as it was', () => {
    expect(look(mixed, {}, { tags: held })).toEqual({ action: 'nothing', reason: expect.stringContaining('all is in place') as string });
  });
});

describe('what was left is restored', () => {
  const standby = member('i-old1', { lifecycleState: 'Standby', targets: [] });
  const stable = { cluster: cluster(olds(1, 2, 3, 4)), template: { version: '1', imageId: OLD_IMAGE } };
  test.each<[string, RegExp, ReturnType<typeof look>]>([
    ['a node in Standby', /i-old1 .* in Standby/, look([standby, ...olds(2), ...news(1, 2)], {}, { tags: held })],
    ['a dead node', /i-old1 .* died/, look([member('i-old1', { ec2State: 'terminated' }), ...olds(2), ...news(1, 2)], {}, { tags: held })],
    ['a process', /AZRebalance suspended/, look(mixed, {}, { tags, suspendedProcesses: ['AZRebalance'] })],
    ['a size', /max 5, desired 5, not min 4, max 4, desired 4/, look(mixed, {}, { tags, sizes: { min: 4, max: 5, desired: 5 } })],
    ['only the record', /the record of the settings/, look(mixed)],
    ['upgrade mode without an upgraded node', /upgrade mode on/, look(olds(1, 2, 3, 4), { template: stable.template }, { tags: held })],
    [
      'the image without an upgraded node',
      /launches ami-/,
      look(olds(1, 2, 3, 4), { ...stable, template: { version: '2', imageId: NEW_IMAGE } }),
    ],
    [
      'a node of the target version that the group launches by itself',
      /i-new1 .* of 9\.4\.23 not serving yet/,
      look([...olds(1, 2, 3), without(member('i-new1', { lifecycleState: 'Pending' }), 'node')], {}, { tags: held }),
    ],
    [
      'what nobody can tell while Bitbucket is silent',
      /nobody knows whether upgrade mode/,
      look(mixed, { cluster: undefined }, { tags: held }),
    ],
    ['the record of an upgrade that is over', /is over/, look(olds(1, 2, 3, 4), stable, { tags: held })],
  ])('%s', (_, reason, found) => {
    expect(found).toMatchObject({ action: 'restore', reason: expect.stringMatching(reason) as string });
  });
  test('to the state of the record, with the lock of the recovery', () => {
    const { plan: made } = look([standby, ...olds(2), ...news(1, 2)], {}, { tags, sizes: { min: 4, max: 6, desired: 5 } });
    expect(made).toMatchObject({
      run: recovery,
      fromVersion: FROM,
      toVersion: TO,
      originalImageId: OLD_IMAGE,
      targetImageId: NEW_IMAGE,
      sizes: { min: 4, max: 4, desired: 4 },
      suspendedBefore: [],
      launchTemplate: { version: '1' },
      action: 'upgrade',
    });
  });
  test('also when the group points back already: the upgraded nodes tell their image', () => {
    expect(look(mixed, { template: { version: '3', imageId: OLD_IMAGE } }).plan?.targetImageId).toBe(NEW_IMAGE);
    expect(look(olds(1, 2, 3, 4), { template: { version: '3', imageId: OLD_IMAGE } }).plan?.targetImageId).toBe('');
  });
  test('without what the group launched since that run began: it could not have planned that, and has to become good by itself', () => {
    const meanwhile = without(member('i-old5', { launchedAt: '2026-03-01T11:00:30.000Z', targets: [] }), 'node');
    const listed = (began: string | undefined) =>
      look([...olds(1, 2), meanwhile], { execution: { isRunning: false, startedAt: began } }, { tags }).plan?.nodes.map(
        ({ instanceId }) => instanceId,
      );
    expect(listed(run.startedAt)).toEqual(['i-old1', 'i-old2']);
    expect(listed('2026-03-01T11:01:00.000Z')).toEqual(['i-old5', 'i-old1', 'i-old2']);
    expect(listed(undefined)).toEqual(['i-old5', 'i-old1', 'i-old2']);
  });
  test('with nothing left to go on with once the upgrade was finalized', () => {
    const four = news(1, 2, 3, 4);
    expect(look(four, { cluster: cluster(four) }).plan?.action).toBe('nothing');
  });
  test('also while the upgrade is about to be final, by tasks that nothing stops', () => {
    const four = news(1, 2, 3, 4);
    const running = { ...upgrading(four), state: 'RUNNING_UPGRADE_TASKS' };
    expect(look(four, { cluster: running }, { tags: held })).toMatchObject({ action: 'restore', plan: { action: 'nothing' } });
  });
  test('also when Bitbucket does not answer; and a lock that nobody uses any more is released', async () => {
    const ports = {
      group: fakeGroup(group(mixed, 4, { tags })),
      instances: fakeInstances(instancesOf(mixed)),
      templates: {
        versions: () => Promise.resolve([{ number: 2, isDefault: false, imageId: NEW_IMAGE, data: {} }]),
        create: () => Promise.reject(new Error('no')),
        setDefault: () => Promise.reject(new Error('no')),
      },
      bitbucket: fakeBitbucket([new TaskError('BitbucketUnavailable', 'down')]),
      executions: executionsOf((arn) => arn !== run.executionArn, '2025-12-31T00:00:00.000Z'),
      lock: lockHeldBy(undefined),
      records: recorded(undefined),
    };
    await expect(lookForLeftovers({ run: recovery }, 'surge', ports)).resolves.toMatchObject({
      action: 'restore',
      plan: { nodes: [] },
    });
    const clean = { ...ports, group: fakeGroup(group(mixed)) };
    await expect(lookForLeftovers({ run: recovery }, 'surge', clean)).resolves.toMatchObject({ action: 'nothing' });
    const left = { ...clean, lock: lockHeldBy(run.executionArn) };
    await expect(lookForLeftovers({ run: recovery }, 'surge', left)).resolves.toMatchObject({ action: 'release' });
    const held = { ...clean, lock: lockHeldBy('an execution that runs') };
    await expect(lookForLeftovers({ run: recovery }, 'surge', held)).resolves.toMatchObject({ action: 'nothing' });
  });
});

describe('what is recorded beside the group', () => {
  const site: SiteRecord = {
    run: run.executionArn,
    versions: { from: FROM, to: TO },
    banner: { before: undefined, ours: { message: 'ours', enabled: true, audience: 'ALL' }, isUp: true },
    apps: { value: [] },
  };
  const down = { ...site, banner: { ...site.banner!, isUp: false } };
  const look = (record: SiteRecord | undefined, groupTags: Record<string, string>, holder?: string) =>
    lookForLeftovers({ run: recovery }, 'surge', {
      group: fakeGroup(group(mixed, 4, { tags: groupTags })),
      instances: fakeInstances(instancesOf(mixed)),
      templates: {
        versions: () => Promise.resolve([{ number: 2, isDefault: false, imageId: NEW_IMAGE, data: {} }]),
        create: () => Promise.reject(new Error('no')),
        setDefault: () => Promise.reject(new Error('no')),
      },
      bitbucket: fakeBitbucket([upgrading(mixed)]),
      executions: executionsOf((arn) => arn === 'runs'),
      lock: lockHeldBy(holder),
      records: recorded(record),
    });
  test.each<[string, SiteRecord | undefined, Record<string, string>, string | undefined, object]>([
    ['a banner, of a run that had recorded nothing on the group', site, {}, undefined, { action: 'release', made: 'original' }],
    ['a banner, where an upgrade can be gone on with', site, held, undefined, { action: 'restore' }],
    ['apps, for nobody any more', down, {}, undefined, { action: 'release', made: 'original' }],
    ['apps, for a run that goes on', down, held, undefined, { action: 'nothing' }],
    ['a lock, where an upgrade can be gone on with', undefined, held, 'ended', { action: 'release', made: 'mixed' }],
    ['a banner, while another run goes on', site, {}, 'runs', { action: 'nothing' }],
    ['nothing', undefined, held, undefined, { action: 'nothing' }],
  ])('%s', async (_, record, groupTags, holder, expected) => {
    await expect(look(record, groupTags, holder)).resolves.toMatchObject(expected);
  });
});
