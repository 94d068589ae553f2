/** The database's part: what stands against it, its beginning, and its completeness. */
import { awaitRdsSnapshot } from '../../../../lambda/await-rds-snapshot/handler';
import { dbSnapshotId } from '../../../../lambda/core/backup/database';
import type { Snapshot } from '../../../../lambda/core/backup/snapshot';
import { observeRdsSnapshots } from '../../../../lambda/observe-rds-snapshots/handler';
import { startRdsSnapshot } from '../../../../lambda/start-rds-snapshot/handler';
import { NOW, at, limits, plan } from '../support/build';
import { BACKUP_ID, DATABASE, FINISHED, begunPart, dbSnapshot, failing, settings, tags } from './support/build';
import { database, fakeDatabase } from './support/fakes';

const input = { part: DATABASE, clusterName: plan().groupName };
const inStatus = (status: string) => database({ units: [{ name: 'DB instance bitbucket', status }] });

describe('a look at the database', () => {
  const look = (found = database(), snapshots: readonly Snapshot[] = []) => observeRdsSnapshots(input, fakeDatabase(found, [snapshots]));

  test.each(['available', 'storage-optimization'])('that is %s finds it ready', async (status) => {
    await expect(look(inStatus(status))).resolves.toMatchObject({ part: 'database', ready: true, problems: [], warnings: [] });
  });
  test.each(['backing-up', 'modifying', 'configuring-enhanced-monitoring', 'maintenance'])('that is %s has it awaited', async (status) => {
    await expect(look(inStatus(status))).resolves.toMatchObject({
      ready: false,
      problems: [],
      detail: expect.stringContaining(status) as string,
    });
  });
  test.each(['stopped', 'failed', 'storage-full', 'incompatible-parameters', 'inaccessible-encryption-credentials', 'deleting'])(
    'that is %s is against the upgrade',
    async (status) => {
      const { problems, ready } = await look(inStatus(status));
      expect(ready).toBe(false);
      expect(problems).toEqual([{ check: 'database', message: expect.stringContaining(status) as string }]);
    },
  );
  test('tells every instance of a cluster that is not ready', async () => {
    const units = [
      { name: 'DB cluster c', status: 'available' },
      { name: 'DB instance a', status: 'rebooting' },
      { name: 'DB instance b', status: 'stopped' },
    ];
    const { problems, detail } = await look(database({ units }));
    expect(problems).toHaveLength(1);
    expect(detail).toContain('DB instance a is rebooting');
  });
  test('finds none in this region', async () => {
    const { problems, ready } = await observeRdsSnapshots(input, fakeDatabase(undefined, [[]]));
    expect(ready).toBe(false);
    expect(problems[0]?.message).toContain('in this region');
  });
  test('waits for a snapshot that somebody else makes', async () => {
    const foreign = dbSnapshot({ id: 'daily', state: 'pending', tags: {} });
    await expect(look(database(), [foreign])).resolves.toMatchObject({
      ready: false,
      backups: [],
      detail: expect.stringContaining('daily') as string,
    });
  });
  test('warns of maintenance and of missing encryption', async () => {
    const { warnings } = await look(database({ encrypted: false, maintenance: () => Promise.resolve(['system-update']) }));
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('system-update'),
      expect.stringContaining('not encrypted'),
    ]);
  });
  test('tells the backups of this part of this cluster, and no other snapshot', async () => {
    const ours = dbSnapshot({ tags: tags('database', {}, FINISHED) });
    const older = plan({ backupId: 'bitbucket-rolling-upgrade-0' });
    const foreign = [
      dbSnapshot({ id: `${BACKUP_ID}-copy` }), // a copy with the same tags
      dbSnapshot({ tags: tags('database', { groupName: 'another' }) }),
      dbSnapshot({ tags: tags('other-home') }),
      dbSnapshot({ id: 'bitbucket-rolling-upgrade-2', tags: {} }),
      dbSnapshot({ id: older.backupId, tags: tags('database', older), state: 'leaving' }),
    ];
    const failed = dbSnapshot({
      id: 'bitbucket-rolling-upgrade-3',
      tags: tags('database', { backupId: 'bitbucket-rolling-upgrade-3' }),
      state: 'failed',
    });
    const { backups } = await look(database(), [ours, ...foreign, failed]);
    expect(backups).toEqual([
      expect.objectContaining({
        backupId: BACKUP_ID,
        state: 'complete',
        finished: true,
        versions: '9.4.20 to 9.4.23',
        startedAt: NOW.toISOString(),
      }),
      expect.objectContaining({ backupId: 'bitbucket-rolling-upgrade-3', state: 'failed', finished: false }),
    ]);
  });
});

describe('the beginning of the database part', () => {
  const start = (port: ReturnType<typeof fakeDatabase>, seconds = 0) =>
    startRdsSnapshot({ part: DATABASE, plan: plan(), since: NOW.toISOString() }, { ...settings, now: at(seconds) }, port);

  test('is one snapshot with the backup id as its name, at the moment that RDS tells', async () => {
    const port = fakeDatabase(database(), [[]], dbSnapshot({ state: 'pending', startedAt: at(-3).toISOString() }));
    await expect(start(port)).resolves.toMatchObject({
      verdict: 'done',
      backup: { part: 'database', resource: 'bitbucket', snapshotIds: [BACKUP_ID], startedAt: at(-3).toISOString() },
    });
    expect(port.begun).toEqual([BACKUP_ID]);
  });
  test('is now while RDS tells no moment', async () => {
    const port = fakeDatabase(database(), [[]], dbSnapshot({ startedAt: '' }));
    expect((await start(port)).backup?.startedAt).toBe(NOW.toISOString());
  });
  test('finds the snapshot of an earlier call', async () => {
    const port = fakeDatabase(database(), [[dbSnapshot()]]);
    await expect(start(port)).resolves.toMatchObject({ verdict: 'done', backup: { snapshotIds: [BACKUP_ID] } });
    expect(port.begun).toEqual([]);
  });
  test('takes a snapshot of that name as its own when its tags say so', async () => {
    await expect(start(fakeDatabase(database(), [[], [dbSnapshot()]], 'taken'))).resolves.toMatchObject({ verdict: 'done' });
    await expect(start(fakeDatabase(database(), [[]], 'taken'))).resolves.toMatchObject({ verdict: 'wait' });
    await expect(start(fakeDatabase(database(), [[], [], [dbSnapshot({ tags: {} })]], 'taken'))).rejects.toEqual(
      failing('BackupFailed', /not ours/),
    );
  });
  test('waits while the database is busy, within the limit', async () => {
    const busy = fakeDatabase(database(), [[]], { refused: 'InvalidDBInstanceState', message: 'backing-up' });
    await expect(start(busy, 300)).resolves.toMatchObject({
      verdict: 'wait',
      since: NOW.toISOString(),
      detail: expect.stringContaining('backing-up') as string,
    });
    await expect(start(busy, 600)).rejects.toEqual(failing('BackupFailed', /600 s.*available/));
  });
  test('fails at once when the quota is used up', async () => {
    const full = fakeDatabase(database(), [[]], { refused: 'SnapshotQuotaExceeded', message: 'no more' });
    await expect(start(full)).rejects.toEqual(failing('BackupFailed', /quota/));
  });
  test('has a name that RDS allows', () => {
    expect(dbSnapshotId('bitbucket-rolling-upgrade-x', 'second DB')).toBe('bitbucket-rolling-upgrade-x-second-db');
    expect(dbSnapshotId('b', 'x_'.repeat(300))).toMatch(/^[a-z](-?[a-z0-9])*$/);
    expect(dbSnapshotId('b', 'x_'.repeat(300)).length).toBeLessThanOrEqual(255);
  });
});

describe('the snapshot of the database', () => {
  const part = begunPart(DATABASE, 'bitbucket', BACKUP_ID);
  const look = (snapshots: readonly Snapshot[], seconds = 300, found = database()) =>
    awaitRdsSnapshot({ part: DATABASE, plan: plan(), backup: part }, { now: at(seconds), limits }, fakeDatabase(found, [snapshots]));

  test('is complete and verified, with the way back', async () => {
    const moment = at(20).toISOString();
    await expect(look([dbSnapshot({ startedAt: moment })])).resolves.toMatchObject({
      verdict: 'done',
      detail: expect.stringContaining('100 %') as string,
      backup: { percent: 100, startedAt: moment, completedAt: at(300).toISOString(), restore: [{ commands: [`restore ${BACKUP_ID}`] }] },
    });
  });
  test('of an earlier run is as good', async () => {
    const run = { ...plan().run, executionArn: 'arn:earlier', startedAt: '2026-03-01T08:00:00.000Z' };
    await expect(look([dbSnapshot({ tags: tags('database', { run }) })])).resolves.toMatchObject({ verdict: 'done' });
  });
  test('tells how far it is', async () => {
    const { verdict, detail, backup } = await look([dbSnapshot({ state: 'pending', said: 'creating', percent: 40 })]);
    expect(verdict).toBe('wait');
    expect(detail).toContain('40 %');
    expect(backup).toMatchObject({ percent: 40 });
    expect(backup.restore).toBeUndefined();
  });
  test('may be invisible at first', async () => {
    await expect(look([], 5)).resolves.toMatchObject({ verdict: 'wait', backup: { percent: 0 } });
  });
  test.each([
    ['failed', [dbSnapshot({ state: 'failed', said: 'failed' })], 100, /is failed/],
    ['being deleted', [dbSnapshot({ state: 'leaving', said: 'deleting' })], 100, /deleting/],
    ['gone', [], 300, /not there/],
    ['late', [dbSnapshot({ state: 'pending', percent: 99 })], 7200, /limit 7200/],
    ['not encrypted like its source', [dbSnapshot({ encrypted: false })], 100, /not encrypted/],
    ['too small', [dbSnapshot({ sizeGiB: 20 })], 100, /20 GiB/],
    ['not tagged', [dbSnapshot({ tags: {} })], 100, /backup-id/],
  ] as const)('that is %s is an error', async (_, snapshots, seconds, message) => {
    await expect(look(snapshots, seconds)).rejects.toEqual(failing('BackupFailed', message));
  });
  test('of a database that is not encrypted need not be', async () => {
    await expect(look([dbSnapshot({ encrypted: false })], 100, database({ encrypted: false }))).resolves.toMatchObject({ verdict: 'done' });
  });
});
