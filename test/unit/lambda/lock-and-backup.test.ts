/** The lock, and the beginning of a backup pair: once, and only by whom it is due. */
import { acquireLock } from '../../../lambda/acquire-lock/handler';
import type { Lock, LockHolder } from '../../../lambda/ports/lock';
import { startSharedHomeBackup } from '../../../lambda/start-ebs-snapshots/handler';
import { startDatabaseBackup } from '../../../lambda/start-rds-snapshot/handler';
import { NOW, plan, run } from './support/build';

describe('acquire-lock', () => {
  const acquire = async (holder: LockHolder | undefined, running: boolean, won = true, left: readonly string[] = []) => {
    const taken: unknown[] = [];
    const lock: Lock = {
      holder: () => Promise.resolve(holder),
      take: (...args) => {
        taken.push(args[2]);
        return Promise.resolve(won);
      },
      release: () => Promise.resolve(true),
    };
    const executions = { isRunning: () => Promise.resolve(running), running: () => Promise.resolve(left) };
    const result = await acquireLock({ plan: plan(), replacements: 'machine:ReplaceNode' }, NOW, { lock, executions });
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
  test('waits until the nested execution of a run that was stopped has stopped too', async () => {
    await expect(acquire(other, false, true, ['execution:nested'])).rejects.toMatchObject({
      name: 'ReplacementStopping', // tried again: by then this run holds the lock
      message: expect.stringContaining('execution:nested') as string,
    });
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
    await expect(startDatabaseBackup({ plan: plan() }, 'db', NOW, backups(false, 'backing-up'))).rejects.toMatchObject({
      name: 'AwsUnavailable', // tried again until another snapshot is made
    });
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
