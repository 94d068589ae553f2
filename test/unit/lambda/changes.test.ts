/** The tasks that change something: what they do, that they do it once, and that they can be run twice. */
import { acquireLock } from '../../../lambda/acquire-lock/handler';
import { addSurge } from '../../../lambda/add-surge/handler';
import { holdGroup } from '../../../lambda/hold-group/handler';
import { pointAtImage } from '../../../lambda/point-at-image/handler';
import { restoreCapacity } from '../../../lambda/restore-capacity/handler';
import { restoreSettings } from '../../../lambda/restore-settings/handler';
import { retireNode } from '../../../lambda/retire-node/handler';
import { standBy } from '../../../lambda/stand-by/handler';
import { startDatabaseBackup } from '../../../lambda/start-rds-snapshot/handler';
import { startSharedHomeBackup } from '../../../lambda/start-ebs-snapshots/handler';
import { GROUP_TAGS } from '../../../lib/contract/tags';
import { TaskError } from '../../../lambda/core/errors';
import type { TemplateVersion } from '../../../lambda/core/launch-template';
import { recordTags } from '../../../lambda/core/record';
import type { LaunchTemplates } from '../../../lambda/ports/compute';
import type { Lock, LockHolder } from '../../../lambda/ports/lock';
import {
  ARNS,
  NEW_IMAGE,
  NOW,
  OLD_IMAGE,
  at,
  cluster,
  group,
  instancesOf,
  limits,
  member,
  news,
  olds,
  plan,
  run,
  upgrading,
} from './support/build';
import type { Call } from './support/fakes';
import { fakeBitbucket, fakeGroup, fakeInstances, fakeTargets } from './support/fakes';

const old = plan().nodes[0]!;
const standby = { ...member('i-old1'), lifecycleState: 'Standby', targets: [] };

describe('hold-group', () => {
  test('records before it suspends, and suspends only what nobody has suspended', async () => {
    const fake = fakeGroup(group(olds(1, 2), 2, { suspendedProcesses: ['AZRebalance'] }));
    await holdGroup({ plan: plan() }, NOW, fake);
    expect(fake.calls).toEqual([
      ['writeTags', recordTags(plan())],
      ['suspend', ['AlarmNotification', 'ScheduledActions', 'ReplaceUnhealthy']],
    ]);
  });
});

describe('stand-by', () => {
  const put = async (members: Parameters<typeof group>[0], action: 'replace' | 'retire' = 'replace'): Promise<Call[]> => {
    const fake = fakeGroup(group(members));
    await standBy({ plan: plan(), node: old, action }, NOW, fake);
    return fake.calls;
  };
  test('takes the node out, with decrement only when nothing takes its place', async () => {
    expect(await put(olds(1, 2))).toEqual([['enterStandby', 'i-old1', false]]);
    expect(await put(olds(1, 2), 'retire')).toEqual([['enterStandby', 'i-old1', true]]);
  });
  test('leaves a node that is out, or gone, as it is', async () => {
    expect(await put([standby, ...olds(2)])).toEqual([]);
    expect(await put(olds(2))).toEqual([]);
  });
  test('refuses a second old node out of service', async () => {
    await expect(put([...olds(1), { ...member('i-old2'), lifecycleState: 'Standby' }])).rejects.toMatchObject({
      name: 'ClusterUnexpected',
    });
  });
});

describe('retire-node', () => {
  const retire = async (members: Parameters<typeof group>[0]) => {
    const fake = fakeGroup(group(members));
    const rolled = await retireNode(
      {
        plan: plan(),
        node: old,
        rolled: { completed: [], expectedBootSeconds: 500 },
        standby: { standbyAt: NOW.toISOString(), detail: '' },
        drain: { verdict: 'done', waitSeconds: 1, since: '', detail: '', drainedAt: at(60).toISOString(), limitPassed: false },
      },
      at(600),
      fake,
    );
    return { calls: fake.calls, rolled };
  };
  test('terminates from Standby without decrement, and reports the node', async () => {
    const { calls, rolled } = await retire([standby, ...olds(2)]);
    expect(calls).toEqual([['terminate', 'i-old1', false]]);
    expect(rolled).toMatchObject({
      expectedBootSeconds: 500,
      completed: [{ old, drainedAt: at(60).toISOString(), retiredAt: at(600).toISOString() }],
    });
  });
  test('does not terminate twice', async () => {
    expect((await retire(olds(2))).calls).toEqual([]);
    expect((await retire([{ ...standby, lifecycleState: 'Terminating' }])).calls).toEqual([]);
  });
  test('never terminates a node that serves', async () => {
    await expect(retire(olds(1, 2))).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
});

describe('add-surge', () => {
  test('lets the group grow once', async () => {
    const fake = fakeGroup(group(olds(1, 2, 3, 4)));
    await expect(addSurge({ plan: plan() }, fake)).resolves.toMatchObject({ added: true });
    expect(fake.calls).toEqual([['resize', { max: 5, desired: 5 }]]);
    await expect(addSurge({ plan: plan() }, fakeGroup(group(olds(1, 2, 3, 4), 5)))).resolves.toMatchObject({ added: false });
  });
});

describe('restore-settings', () => {
  const tags = recordTags(plan());
  const suspendedProcesses = ['AZRebalance', 'ReplaceUnhealthy', 'Launch'];
  const restore = async (
    change: Partial<Parameters<typeof restoreSettings>[0]>,
    state = group(olds(1, 2, 3, 4), 4, { tags, suspendedProcesses, sizes: { min: 4, max: 6, desired: 4 } }),
  ) => {
    const fake = fakeGroup(state);
    await restoreSettings(
      { plan: plan({ suspendedBefore: ['AZRebalance', 'Launch'] }), made: 'upgraded', finalized: true, ...change },
      fake,
    );
    return fake.calls;
  };
  test('puts back exactly what the run changed', async () => {
    expect(await restore({})).toEqual([
      ['resize', { min: 4, max: 4, desired: 4 }],
      ['resume', ['ReplaceUnhealthy']],
      ['removeTags', Object.values(GROUP_TAGS)],
    ]);
  });
  test('keeps the record of what goes on while upgrade mode stays on', async () => {
    expect(await restore({ made: 'mixed', finalized: false })).toContainEqual(['removeTags', [GROUP_TAGS.sizes, GROUP_TAGS.suspended]]);
  });
  test('changes nothing that is right already', async () => {
    expect(await restore({}, group(olds(1, 2, 3, 4)))).toEqual([]);
  });
  test('never lets Auto Scaling choose a serving node to terminate', async () => {
    const fake = fakeGroup(group([...olds(1, 2, 3, 4), ...news(1)], 5, { tags }));
    await expect(restoreSettings({ plan: plan(), finalized: false }, fake)).rejects.toMatchObject({ name: 'RestoreFailed' });
    expect(fake.calls.filter(([name]) => name !== 'resume')).toEqual([]);
  });
});

describe('restore-capacity', () => {
  const members = [standby, ...olds(2, 3, 4), ...news(1)];
  const ports = (fake: ReturnType<typeof fakeGroup>, down: boolean) => ({
    group: fake,
    instances: fakeInstances(instancesOf(members)),
    targets: fakeTargets(members.flatMap(({ targets }) => targets)),
    bitbucket: fakeBitbucket([down ? new TaskError('BitbucketUnavailable', 'down') : upgrading(members)]),
  });
  test('makes one step a look, also when Bitbucket is down', async () => {
    const fake = fakeGroup(group(members, 4, { sizes: { min: 4, max: 5, desired: 4 } }));
    await expect(restoreCapacity({ plan: plan() }, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, true))).resolves.toMatchObject({
      verdict: 'wait',
      waitSeconds: 5,
    });
    expect(fake.calls).toEqual([['exitStandby', 'i-old1']]);
  });
  test('ends with an error in the end', async () => {
    const since = at(-2 * limits.bootTimeout - limits.drainLimit).toISOString();
    const fake = fakeGroup(group(members, 4));
    await expect(
      restoreCapacity({ plan: plan(), since }, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, false)),
    ).rejects.toMatchObject({ name: 'RestoreFailed' });
    expect(fake.calls).toEqual([]);
  });
});

describe('point-at-image', () => {
  const version = (
    number: number,
    imageId: string,
    data: unknown = { InstanceType: 'm5.large' },
    isDefault = number === 1,
  ): TemplateVersion => ({ number, imageId, isDefault, data });
  const point = async (versionSpec: string, versions: readonly TemplateVersion[], image: 'target' | 'original' = 'target', on = true) => {
    const calls: Call[] = [];
    const templates: LaunchTemplates = {
      versions: () => Promise.resolve(versions),
      create: (...args) => {
        calls.push(['create', ...args]);
        return Promise.resolve('9');
      },
      setDefault: (...args) => {
        calls.push(['setDefault', ...args]);
        return Promise.resolve();
      },
    };
    const inUse = /^\d+$/.test(versionSpec) && image === 'original' ? '2' : versionSpec;
    const fake = fakeGroup(group(olds(1), 1, { launchTemplate: { id: 'lt-1', versionSpec: inUse, within: 'group' } }));
    const thePlan = plan({ launchTemplate: { id: 'lt-1', versionSpec, version: '1', within: 'group' } });
    const bitbucket = fakeBitbucket([on ? upgrading(olds(1)) : cluster(olds(1))]);
    const result = await pointAtImage({ plan: thePlan, image }, { group: fake, templates, bitbucket });
    return {
      calls: [...calls, ...fake.calls].map(([name, ...args]) => [name, ...args.slice(0, 3)]),
      version: result.launchTemplateVersion,
    };
  };
  const original = version(1, OLD_IMAGE);
  const target = version(2, NEW_IMAGE);

  test('makes a new version; $Latest follows by itself', async () => {
    expect(await point('$Latest', [original])).toEqual({ calls: [['create', 'lt-1', '1', NEW_IMAGE]], version: '9' });
  });
  test('makes the new version the default when the group names $Default', async () => {
    expect((await point('$Default', [original])).calls).toEqual([
      ['create', 'lt-1', '1', NEW_IMAGE],
      ['setDefault', 'lt-1', '9'],
    ]);
  });
  test('names the new version when the group names a number', async () => {
    expect((await point('1', [original])).calls).toEqual([
      ['create', 'lt-1', '1', NEW_IMAGE],
      ['useTemplateVersion', '9'],
    ]);
  });
  test('does nothing twice', async () => {
    expect(await point('$Latest', [original, target])).toEqual({ calls: [], version: '2' });
  });
  test('uses a version that an interrupted run has made', async () => {
    expect((await point('1', [original, target])).calls).toEqual([['useTemplateVersion', '2']]);
    expect((await point('1', [original, version(2, NEW_IMAGE, { InstanceType: 'm5.xlarge' })])).calls[0]).toEqual([
      'create',
      'lt-1',
      '1',
      NEW_IMAGE,
    ]);
  });
  test('points back: by a copy for $Latest, to the original version otherwise', async () => {
    expect((await point('$Latest', [original, target], 'original')).calls).toEqual([['create', 'lt-1', '1', OLD_IMAGE]]);
    expect(
      (
        await point(
          '$Default',
          [
            { ...original, isDefault: false },
            { ...target, isDefault: true },
          ],
          'original',
        )
      ).calls,
    ).toEqual([['setDefault', 'lt-1', '1']]);
    expect((await point('1', [original, target], 'original')).calls).toEqual([['useTemplateVersion', '1']]);
  });
  test('refuses while upgrade mode is off, unless nothing is to be changed', async () => {
    await expect(point('$Latest', [original], 'target', false)).rejects.toMatchObject({ name: 'ClusterUnexpected' });
    await expect(point('$Latest', [original], 'original', false)).resolves.toMatchObject({ calls: [] });
  });
});

describe('acquire-lock', () => {
  const acquire = async (holder: LockHolder | undefined, running: boolean, won = true) => {
    const taken: unknown[] = [];
    const lock: Lock = {
      holder: () => Promise.resolve(holder),
      take: (...args) => {
        taken.push(args[2]);
        return Promise.resolve(won);
      },
      release: () => Promise.resolve(true),
    };
    const result = await acquireLock({ plan: plan() }, NOW, { lock, executions: { isRunning: () => Promise.resolve(running) } });
    return { taken, result };
  };
  const other = { owner: 'execution:other', since: '2026-03-01T10:00:00Z' };

  test('takes a free lock, and its own again', async () => {
    expect((await acquire(undefined, true)).taken).toEqual([undefined]);
    expect((await acquire({ ...other, owner: run.executionArn }, true)).taken).toEqual([undefined]);
  });
  test('takes over from an execution that runs no more, on condition', async () => {
    expect(await acquire(other, false)).toMatchObject({ taken: [other], result: { takenOverFrom: 'execution:other' } });
  });
  test('names the execution that holds it', async () => {
    await expect(acquire(other, true)).rejects.toMatchObject({
      name: 'AnotherRunActive',
      message: expect.stringContaining('execution:other') as string,
    });
    await expect(acquire(undefined, true, false)).rejects.toMatchObject({ name: 'AnotherRunActive' });
  });
});

describe('a backup', () => {
  const progress = { id: 'x', state: 'pending' as const, said: 'creating', percent: 0 };
  test('of the database is started once, and only when the instance is available', async () => {
    const started: string[] = [];
    const backups = (exists: boolean, status: string) => ({
      instanceStatus: () => Promise.resolve(status),
      find: () => Promise.resolve(exists ? progress : undefined),
      start: (_: string, id: string) => {
        started.push(id);
        return Promise.resolve();
      },
    });
    await expect(startDatabaseBackup({ plan: plan() }, 'db', NOW, backups(false, 'available'))).resolves.toMatchObject({
      snapshotIds: [plan().backupId],
    });
    await startDatabaseBackup({ plan: plan() }, 'db', NOW, backups(true, 'backing-up'));
    expect(started).toEqual([plan().backupId]);
    await expect(startDatabaseBackup({ plan: plan() }, 'db', NOW, backups(false, 'modifying'))).rejects.toMatchObject({
      name: 'BackupFailed',
    });
  });
  test('of the shared home is found again, and needs the volumes on the file server', async () => {
    const ports = (existing: string[], attachedTo: string) => ({
      backups: {
        ofBackup: () => Promise.resolve(existing.map((volumeId) => ({ ...progress, id: `snap-${volumeId}`, volumeId }))),
        byIds: () => Promise.resolve([]),
        start: () => Promise.resolve(['snap-new']),
      },
      volumes: { describe: () => Promise.resolve([{ id: 'vol-1', state: 'in-use', attachedTo: [attachedTo] }]) },
    });
    const target = { fileServer: 'i-nfs', volumeIds: ['vol-1'] };
    await expect(startSharedHomeBackup({ plan: plan() }, target, NOW, ports([], 'i-nfs'))).resolves.toMatchObject({
      snapshotIds: ['snap-new'],
    });
    await expect(startSharedHomeBackup({ plan: plan() }, target, NOW, ports(['vol-1'], 'i-nfs'))).resolves.toMatchObject({
      snapshotIds: ['snap-vol-1'],
    });
    await expect(startSharedHomeBackup({ plan: plan() }, target, NOW, ports([], 'i-other'))).rejects.toMatchObject({
      name: 'BackupFailed',
    });
  });
});
