/** The part of the volumes: what stands against it, its beginning at one point in time, and its completeness. */
import { awaitEbsSnapshots } from '../../../../lambda/await-ebs-snapshots/handler';
import type { Snapshot } from '../../../../lambda/core/backup/snapshot';
import type { FileServer, Volume } from '../../../../lambda/core/backup/volumes';
import { observeEbsSnapshots } from '../../../../lambda/observe-ebs-snapshots/handler';
import { startEbsSnapshots } from '../../../../lambda/start-ebs-snapshots/handler';
import type { EbsPart } from '../../../../lib/contract/environment';
import { NOW, at, limits, plan } from '../support/build';
import { BACKUP_ID, EBS, FINISHED, HOME, begunPart, failing, server, settings, snapshot, tags, volume } from './support/build';
import { fakeCommands, fakeVolumeSnapshots, fakeVolumes } from './support/fakes';

const both = [volume('vol-1'), volume('vol-2')];
const byTag = { instanceId: '', volumes: { tag: { key: 'Name', value: 'home' } } };
const made = (change: Partial<Snapshot> = {}) => ['1', '2'].map((n) => snapshot(`snap-${n}`, `vol-${n}`, change));

describe('a look at the volumes', () => {
  interface World {
    readonly specification?: EbsPart;
    readonly volumes?: readonly Volume[];
    readonly instance?: FileServer | null;
    readonly instanceStore?: boolean;
    readonly snapshots?: readonly Snapshot[];
  }
  const look = ({ specification = EBS, volumes = both, instance = server(), instanceStore = false, snapshots = [] }: World = {}) =>
    observeEbsSnapshots(
      { part: { ...HOME, specification }, clusterName: plan().groupName },
      { volumes: fakeVolumes(volumes, instance ?? undefined, instanceStore), snapshots: fakeVolumeSnapshots(snapshots) },
    );

  test.each([
    ['by id', EBS],
    ['by tag', byTag],
    ['by instance', { instanceId: 'i-nfs', volumes: 'data' as const }],
  ])('that are found %s finds them ready', async (_, specification) => {
    await expect(look({ specification })).resolves.toMatchObject({
      part: 'shared-home',
      ready: true,
      problems: [],
      warnings: [],
      detail: expect.stringContaining('vol-1, vol-2 of i-nfs') as string,
    });
  });
  test.each<[string, World, RegExp]>([
    ['an unknown instance', { instance: null }, /no instance i-nfs in this region/],
    ['an instance that is gone', { instance: server({ state: 'terminated' }) }, /terminated/],
    ['an unknown volume', { volumes: [volume('vol-1')] }, /no volume vol-2 in this region/],
    [
      'a volume that is attached elsewhere',
      { volumes: [volume('vol-1'), volume('vol-2', { attachments: [{ instanceId: 'i-x', device: 'd' }] })] },
      /vol-2 is attached to i-x, not to i-nfs/,
    ],
    [
      'a volume that is attached nowhere',
      { volumes: [volume('vol-1'), volume('vol-2', { attachments: [], state: 'available' })] },
      /attached to nothing/,
    ],
    ['the root volume', { instance: server({ rootVolumeId: 'vol-2' }) }, /vol-2 is the root volume/],
    ['a root device on instance store', { instance: server({ rootDeviceType: 'instance-store' }) }, /instance store/],
    ['no volume with the tag', { specification: byTag, volumes: [] }, /no volume .* tag Name = home/],
    [
      'tagged volumes of two instances',
      { specification: byTag, volumes: [volume('vol-1'), volume('vol-2', { attachments: [{ instanceId: 'i-x', device: 'd' }] })] },
      /only volumes of one instance/,
    ],
    [
      'an instance without data volumes',
      { specification: { instanceId: 'i-nfs', volumes: 'data' }, instance: server({ dataVolumeIds: [] }) },
      /no data volume/,
    ],
  ])('finds %s, which is against the upgrade', async (_, world, message) => {
    const { problems, ready } = await look(world);
    expect(ready).toBe(false);
    expect(problems).toEqual([{ check: 'shared-home', message: expect.stringMatching(message) as string }]);
  });
  test('tells all problems at once', async () => {
    expect((await look({ volumes: [], instance: null })).problems).toHaveLength(3);
  });
  test('warns of instance store volumes and of missing encryption', async () => {
    const { warnings, problems } = await look({ instanceStore: true, volumes: both.map((one) => ({ ...one, encrypted: false })) });
    expect(problems).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('instance store'),
      expect.stringContaining('not encrypted'),
    ]);
  });
  test('waits for snapshots that are in progress', async () => {
    await expect(look({ snapshots: [snapshot('snap-x', 'vol-1', { state: 'pending', tags: {} })] })).resolves.toMatchObject({
      ready: false,
      problems: [],
    });
  });

  describe('tells a backup', () => {
    const stateOf = async (snapshots: readonly Snapshot[]) => (await look({ snapshots })).backups.map(({ state }) => state);

    test('as complete when every volume has a complete snapshot', async () => {
      expect(await stateOf(made())).toEqual(['complete']);
    });
    test('as pending while one is', async () => {
      expect(await stateOf([snapshot('a', 'vol-1'), snapshot('b', 'vol-2', { state: 'pending' })])).toEqual(['pending']);
    });
    test('as failed when one failed or is missing', async () => {
      expect(await stateOf([snapshot('a', 'vol-1'), snapshot('b', 'vol-2', { state: 'failed' })])).toEqual(['failed']);
      expect(await stateOf([snapshot('a', 'vol-1')])).toEqual(['failed']);
    });
    test('as complete though a second call failed', async () => {
      expect(await stateOf([...made(), snapshot('c', 'vol-2', { state: 'failed' })])).toEqual(['complete']);
    });
    test('of other volumes than today as complete, when it is of a finished upgrade', async () => {
      expect(await stateOf([snapshot('a', 'vol-0', { tags: tags('shared-home', {}, FINISHED) })])).toEqual(['complete']);
    });
    test('with the parts that it was made of', async () => {
      const { backups } = await look({ snapshots: made({ tags: tags('shared-home', { backupParts: ['database', 'shared-home'] }) }) });
      expect(backups[0]?.parts).toEqual(['database', 'shared-home']);
    });
  });
});

describe('the beginning of the part of the volumes', () => {
  const start = (snapshots: ReturnType<typeof fakeVolumeSnapshots>, seconds = 0, volumes = both) =>
    startEbsSnapshots(
      { part: HOME, plan: plan(), since: NOW.toISOString() },
      { ...settings, now: () => at(seconds) },
      { volumes: fakeVolumes(volumes, server()), snapshots, commands: fakeCommands([]) },
    );
  const earlier = at(-300).toISOString();

  test('is one call for all volumes, at the moment that EBS tells', async () => {
    const port = fakeVolumeSnapshots([], made({ startedAt: at(-1).toISOString() }));
    await expect(start(port)).resolves.toMatchObject({
      verdict: 'done',
      backup: { part: 'shared-home', resource: 'i-nfs', snapshotIds: ['snap-1', 'snap-2'], startedAt: at(-1).toISOString() },
    });
    expect(port.log).toEqual(['begin vol-1 vol-2']);
  });
  test('finds what an earlier call made', async () => {
    const port = fakeVolumeSnapshots(made());
    await expect(start(port)).resolves.toMatchObject({ verdict: 'done', backup: { snapshotIds: ['snap-1', 'snap-2'] } });
    expect(port.log).toEqual([]);
  });
  test('takes the snapshots of one call only, the first', async () => {
    const second = ['1', '2'].map((n) => snapshot(`again-${n}`, `vol-${n}`, { startedAt: at(2).toISOString() }));
    expect((await start(fakeVolumeSnapshots([...second, ...made()]))).backup?.snapshotIds).toEqual(['snap-1', 'snap-2']);
    const failed = made({ state: 'failed' });
    expect((await start(fakeVolumeSnapshots([...failed, ...second]))).backup?.snapshotIds).toEqual(['again-1', 'again-2']);
  });
  test('waits for the rest of what an earlier call made, and begins anew when it never shows', async () => {
    const fresh = fakeVolumeSnapshots([snapshot('snap-1', 'vol-1', { startedAt: at(-5).toISOString() })]);
    await expect(start(fresh)).resolves.toMatchObject({ verdict: 'wait' });
    expect(fresh.log).toEqual([]);
    const old = fakeVolumeSnapshots([snapshot('snap-1', 'vol-1', { startedAt: earlier })]);
    await expect(start(old)).resolves.toMatchObject({ verdict: 'done' });
    expect(old.log).toHaveLength(1);
  });
  test.each(['SnapshotCreationPerVolumeRateExceeded', 'ConcurrentSnapshotLimitExceeded'])(
    'waits while EBS says %s, within the limit',
    async (refused) => {
      const port = fakeVolumeSnapshots([], { refused, message: 'not so fast' });
      const { verdict, waitSeconds, since } = await start(port, 240);
      expect({ verdict, since }).toEqual({ verdict: 'wait', since: NOW.toISOString() });
      expect(waitSeconds).toBeGreaterThanOrEqual(15);
      await expect(start(port, 600)).rejects.toEqual(failing('BackupFailed', /not so fast.*600 s/));
    },
  );
  test('fails at once when the quota is used up', async () => {
    await expect(start(fakeVolumeSnapshots([], { refused: 'SnapshotLimitExceeded', message: 'no more' }))).rejects.toEqual(
      failing('BackupFailed', /quota/),
    );
  });
  test('fails when a volume is not there any more', async () => {
    const port = fakeVolumeSnapshots([]);
    await expect(start(port, 0, [volume('vol-1')])).rejects.toEqual(failing('BackupFailed', /vol-2/));
    expect(port.log).toEqual([]);
  });
});

describe('the snapshots of the volumes', () => {
  const look = (snapshots: readonly Snapshot[], seconds = 300, volumes = both) =>
    awaitEbsSnapshots(
      { part: HOME, plan: plan(), backup: begunPart(HOME, 'i-nfs', 'snap-1', 'snap-2') },
      { now: at(seconds), limits },
      { volumes: fakeVolumes(volumes, server()), snapshots: fakeVolumeSnapshots(snapshots) },
    );

  test('are complete and verified, with the way back for each', async () => {
    const { verdict, backup } = await look(made());
    expect(verdict).toBe('done');
    expect(backup).toMatchObject({ percent: 100, completedAt: at(300).toISOString() });
    expect(backup.restore?.flatMap(({ commands }) => commands).join('\n')).toMatch(/snap-1[^]*snap-2/);
  });
  test('are as far as the slowest of them', async () => {
    const pending = snapshot('snap-2', 'vol-2', { state: 'pending', said: 'pending', percent: 30 });
    await expect(look([snapshot('snap-1', 'vol-1'), pending])).resolves.toMatchObject({ verdict: 'wait', backup: { percent: 30 } });
  });
  test.each([
    ['one failed', [snapshot('snap-1', 'vol-1'), snapshot('snap-2', 'vol-2', { state: 'failed', said: 'error' })], both, /snap-2 is error/],
    ['one is gone', [snapshot('snap-1', 'vol-1')], both, /snap-2: not there/],
    ['one is smaller than its volume', made({ sizeGiB: 499 }), both, /499 GiB/],
    ['one is not encrypted like its volume', made({ encrypted: false }), both, /not encrypted/],
    ['one has the tags of another backup', made({ tags: tags('shared-home', { backupId: 'x' }) }), both, new RegExp('backup-id')],
    ['a volume has left the file server', made(), [volume('vol-1'), volume('vol-2', { attachments: [] })], /vol-2/],
  ] as const)('fail when %s', async (_, snapshots, volumes, message) => {
    await expect(look(snapshots, 300, [...volumes])).rejects.toEqual(failing('BackupFailed', message));
  });
  test('belong to the backup that the plan names', () => {
    expect(made()[0]?.tags).toEqual(tags('shared-home', { backupId: BACKUP_ID }));
  });
});
