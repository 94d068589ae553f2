import { VirtualClock } from '../../../../simulator/kernel/clock';
import { EventJournal } from '../../../../simulator/kernel/journal';
import { seeded } from '../../../../simulator/kernel/random';
import { backupsOf } from '../../../../simulator/rules/backups';
import { buildCloud } from '../../../../simulator/scenario/account';
import { backupFacts } from '../../../../simulator/scenario/backup';
import { BackupTroubles } from '../../../../simulator/scenario/backup-troubles';
import { inventory } from '../../../../simulator/scenario/backup-world';
import { parseScenario } from '../../../../simulator/scenario/parse';

const cloudOf = (backup: object) => {
  const clock = new VirtualClock();
  return buildCloud(parseScenario({ backup }), { clock, random: seeded(1), journal: new EventJournal(clock) });
};

test.each([
  [{}],
  [{ database: 'aurora', mesh: 1 }],
  [{ method: 'aws-backup', sharedHome: 'efs' }],
  [{ method: 'aws-backup', sharedHome: 'ebs-instance' }],
])('earlier backups with %j are complete, and foreign snapshots are of nobody here', (backup) => {
  const scenario = parseScenario({ backup });
  const atStart = inventory(cloudOf({ ...backup, earlierBackups: 3, foreignSnapshots: 20 }));
  const facts = { ...backupFacts(scenario.backup), atStart, toVersions: [], cleanedUp: true };
  const found = backupsOf({ journal: [], backup: facts });
  expect(found).toHaveLength(3);
  for (const { completedAt, deletedAt } of found) expect([completedAt !== undefined, deletedAt]).toEqual([true, undefined]);
  const foreign = atStart.filter(({ id }) => !found.some(({ items }) => items.some((item) => item.id === id)));
  expect(foreign).toHaveLength(20);
  for (const { id, tags } of foreign) expect(`${id} ${tags['Name'] ?? ''}`).toContain('bitbucket-rolling-upgrade-9-4-19-to-9-4-20');
});

test('what is elsewhere, or was never there, is not in the account', () => {
  const cloud = cloudOf({ mesh: 1, mistakes: ['database-elsewhere', 'unknown-instance'] });
  expect(cloud.instances().map(({ id }) => id)).not.toContain('i-0b17b0c4e7e500001');
  expect(
    cloudOf({ mesh: 1 })
      .instances()
      .map(({ id }) => id),
  ).toContain('i-0b17b0c4e7e500001');
});

describe('troubles of the backup', () => {
  const troubled = (backup: object, ...faults: object[]) => {
    const clock = new VirtualClock();
    const scenario = parseScenario({ backup, faults });
    const troubles = new BackupTroubles(scenario.backup, scenario.faults, clock, new EventJournal(clock));
    troubles.begin();
    return { clock, troubles, hooks: troubles.hooks() };
  };

  test('a part fails as a whole, or one volume of it, until faults are over', () => {
    const whole = troubled({}, { name: 'backup-fails', part: 'shared-home' });
    expect(['vol-0b17b0c4e70000070', 'vol-0b17b0c4e70000081', 'bitbucket-db'].map((id) => whole.hooks.snapshotEnds?.(id))).toEqual([
      'error',
      'error',
      'completed',
    ]);
    const one = troubled({}, { name: 'backup-fails', part: 'shared-home', volume: 2 });
    expect(one.hooks.snapshotEnds?.('vol-0b17b0c4e70000070')).toBe('completed');
    expect(one.hooks.snapshotEnds?.('vol-0b17b0c4e70000081')).toBe('error');
    one.troubles.heal();
    expect(one.hooks.snapshotEnds?.('vol-0b17b0c4e70000081')).toBe('completed');
  });

  test('the database is busy, and volumes are refused, for their time only', async () => {
    const busy = { name: 'database-busy', seconds: 10, forSeconds: 60 };
    const { clock, hooks } = troubled({}, busy, { name: 'snapshot-rate-exceeded', seconds: 10, forSeconds: 30 });
    const seen: unknown[] = [];
    const look = () => seen.push([hooks.databaseStatus?.('bitbucket-db'), hooks.snapshotRateExceeded?.('vol-1')]);
    const start = clock.now();
    for (const seconds of [5, 20, 50, 80]) clock.at(start + seconds * 1000, look);
    await clock.run(
      () => clock.now() >= start + 80_000,
      () => '',
    );
    expect(seen).toEqual([
      [undefined, false],
      ['backing-up', true],
      ['backing-up', false],
      [undefined, false],
    ]);
  });

  test('a vault that denies jobs can be looked at; one that was a mistake cannot', () => {
    const { hooks } = troubled({ method: 'aws-backup' }, { name: 'vault-denied' });
    const denies = (action: string) => hooks.vaultDenies?.('bitbucket-backups', action);
    expect([denies('backup:StartBackupJob'), denies('backup:DescribeBackupVault')]).toEqual([true, false]);
    const mistaken = troubled({ method: 'aws-backup', mistakes: ['vault-denied'] });
    expect(mistaken.hooks.vaultDenies?.('bitbucket-backups', 'backup:DescribeBackupVault')).toBe(true);
  });
});
