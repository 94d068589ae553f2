/** The adapters of DB snapshots: what is asked of RDS, and what its answers and errors mean. */
import {
  AddTagsToResourceCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  DescribePendingMaintenanceActionsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { databaseSnapshots } from '../../../../lambda/adapters/database-snapshots';
import { fromRdsTag, toRdsTag } from '../../../../lambda/core/backup/tags';
import { BACKUP_TAGS } from '../../../../lib/contract/tags';
import { NOW, plan } from '../support/build';
import { BACKUP_ID, dbSnapshot, tags } from './support/build';

const rds = mockClient(RDSClient);
beforeEach(() => {
  rds.reset();
});

const coded = (name: string): Error => Object.assign(new Error('said'), { name });
const instance = () => databaseSnapshots({ kind: 'instance', id: 'db' });
const cluster = () => databaseSnapshots({ kind: 'cluster', id: 'db' });
const owner = { clusterName: plan().groupName, part: 'database' };
const TagList = Object.entries(tags('database')).map(([Key, value]) => ({ Key, Value: toRdsTag(value) }));

describe('tags at RDS', () => {
  test('hold only what RDS takes, and come back as they were', () => {
    const value = 'a(b)*[c]=d, "e" ü';
    expect(toRdsTag(value)).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
    expect(fromRdsTag(toRdsTag(value))).toBe(value);
    expect(toRdsTag('a(b)')).not.toBe(toRdsTag('a[b]'));
    expect(toRdsTag('9.4.20 to 9.4.23')).toBe('9.4.20 to 9.4.23');
    expect(fromRdsTag('=ffffff=')).toBe(String.fromCodePoint(0x10ffff));
  });
});

describe('snapshots of a DB instance', () => {
  const described = {
    DBSnapshotIdentifier: BACKUP_ID,
    DBInstanceIdentifier: 'db',
    DBSnapshotArn: 'arn:snap',
    SnapshotCreateTime: NOW,
    AllocatedStorage: 100,
    Encrypted: true,
    TagList,
  };

  test('are read page by page, with their tags', async () => {
    rds
      .on(DescribeDBSnapshotsCommand, { DBInstanceIdentifier: 'db', Marker: undefined })
      .resolves({ DBSnapshots: [{ ...described, Status: 'available' }], Marker: 'next' })
      .on(DescribeDBSnapshotsCommand, { DBInstanceIdentifier: 'db', Marker: 'next' })
      .resolves({ DBSnapshots: [{ DBSnapshotIdentifier: 'rds:daily', Status: 'creating', PercentProgress: 7 }] });
    await expect(instance().all()).resolves.toEqual([
      expect.objectContaining({
        id: BACKUP_ID,
        tagTarget: 'arn:snap',
        state: 'complete',
        percent: 100,
        startedAt: NOW.toISOString(),
        tags: tags('database'),
      }),
      expect.objectContaining({ id: 'rds:daily', state: 'pending', percent: 7, startedAt: '', tags: {} }),
    ]);
  });
  test('that the tool made have its name', async () => {
    rds.on(DescribeDBSnapshotsCommand).resolves({ DBSnapshots: [described, { ...described, DBSnapshotIdentifier: 'copy' }] });
    expect((await instance().made(owner)).map(({ id }) => id)).toEqual([BACKUP_ID]);
  });
  test.each([
    ['available', 'complete'],
    ['creating', 'pending'],
    ['copying', 'pending'],
    ['failed', 'failed'],
    ['deleting', 'leaving'],
  ])('that are %s count as %s', async (Status, state) => {
    rds.on(DescribeDBSnapshotsCommand).resolves({ DBSnapshots: [{ ...described, Status }] });
    await expect(instance().all()).resolves.toMatchObject([{ state, said: Status }]);
  });
  test('of an instance that is gone are none', async () => {
    rds.on(DescribeDBSnapshotsCommand).rejects(coded('DBInstanceNotFound'));
    rds.on(DescribeDBInstancesCommand).rejects(coded('DBInstanceNotFoundFault'));
    await expect(instance().all()).resolves.toEqual([]);
    await expect(instance().database()).resolves.toBeUndefined();
  });
  test('are begun with name and tags; a name that is taken, a refusal and an error are told apart', async () => {
    rds.on(CreateDBSnapshotCommand).resolves({ DBSnapshot: { Status: 'creating' } });
    await expect(instance().begin(BACKUP_ID, tags('database'))).resolves.toMatchObject({ id: BACKUP_ID, state: 'pending' });
    expect(rds.commandCalls(CreateDBSnapshotCommand)[0]?.args[0].input).toEqual({
      DBInstanceIdentifier: 'db',
      DBSnapshotIdentifier: BACKUP_ID,
      Tags: TagList,
    });
    rds.on(CreateDBSnapshotCommand).rejects(coded('DBSnapshotAlreadyExistsFault'));
    await expect(instance().begin(BACKUP_ID, {})).resolves.toBe('taken');
    rds.on(CreateDBSnapshotCommand).rejects(coded('InvalidDBInstanceState'));
    await expect(instance().begin(BACKUP_ID, {})).resolves.toEqual({ refused: 'InvalidDBInstanceState', message: 'said' });
    rds.on(CreateDBSnapshotCommand).rejects(coded('AccessDenied'));
    await expect(instance().begin(BACKUP_ID, {})).rejects.toMatchObject({ name: 'AccessDenied' });
  });
  test('are marked by their ARN', async () => {
    rds.on(AddTagsToResourceCommand).resolves({});
    await instance().mark(dbSnapshot({ tagTarget: 'arn:snap' }));
    expect(rds.commandCalls(AddTagsToResourceCommand)[0]?.args[0].input).toEqual({
      ResourceName: 'arn:snap',
      Tags: [{ Key: BACKUP_TAGS.finished, Value: 'yes' }],
    });
  });
  test('are deleted once they are complete', async () => {
    await expect(instance().discard(dbSnapshot({ state: 'pending' }))).resolves.toBe('later');
    expect(rds.commandCalls(DeleteDBSnapshotCommand)).toHaveLength(0);
    rds
      .on(DeleteDBSnapshotCommand)
      .resolvesOnce({})
      .rejectsOnce(coded('DBSnapshotNotFound'))
      .rejectsOnce(coded('InvalidDBSnapshotStateFault'))
      .rejects(coded('AccessDenied'));
    await expect(instance().discard(dbSnapshot())).resolves.toBe('gone');
    await expect(instance().discard(dbSnapshot())).resolves.toBe('gone');
    await expect(instance().discard(dbSnapshot())).resolves.toBe('later');
    await expect(instance().discard(dbSnapshot())).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('a DB instance', () => {
  test('tells its status, its maintenance, and how it is restored', async () => {
    rds.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        {
          DBInstanceIdentifier: 'db',
          DBInstanceArn: 'arn:db',
          DBInstanceStatus: 'available',
          AllocatedStorage: 100,
          StorageEncrypted: true,
          DBInstanceClass: 'db.m6g.large',
        },
      ],
    });
    rds.on(DescribePendingMaintenanceActionsCommand, { ResourceIdentifier: 'arn:db' }).resolves({
      PendingMaintenanceActions: [
        { PendingMaintenanceActionDetails: [{ Action: 'system-update', CurrentApplyDate: NOW }, { Action: 'db-upgrade' }] },
      ],
    });
    const found = await instance().database();
    expect(found).toMatchObject({ units: [{ status: 'available' }], encrypted: true, sizeGiB: 100 });
    await expect(found?.maintenance()).resolves.toEqual([`system-update at ${NOW.toISOString()}`, 'db-upgrade']);
    expect(JSON.stringify(found?.restore('snap', 'the database'))).toContain('--db-instance-class db.m6g.large');
  });
});

describe('a DB cluster', () => {
  const described = {
    DBClusterIdentifier: 'db',
    Status: 'available',
    Engine: 'aurora-postgresql',
    AllocatedStorage: 1,
    StorageEncrypted: true,
    DBClusterMembers: [{ DBInstanceIdentifier: 'a', IsClusterWriter: true, PromotionTier: 0 }],
  };

  test('tells the status of itself and of its instances; the storage of Aurora says nothing', async () => {
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [described] });
    rds
      .on(DescribeDBInstancesCommand)
      .resolves({ DBInstances: [{ DBInstanceIdentifier: 'a', DBInstanceStatus: 'rebooting', DBInstanceClass: 'db.r6g.large' }] });
    const found = await cluster().database();
    expect(found).toMatchObject({ units: [{ status: 'available' }, { status: 'rebooting' }], sizeGiB: 0 });
    expect(rds.commandCalls(DescribeDBInstancesCommand)[0]?.args[0].input.Filters).toEqual([{ Name: 'db-cluster-id', Values: ['db'] }]);
    expect(JSON.stringify(found?.restore('snap', 'the database'))).toContain('create-db-instance --db-instance-identifier a');
    rds.on(DescribeDBClustersCommand).rejects(coded('DBClusterNotFoundFault'));
    await expect(cluster().database()).resolves.toBeUndefined();
  });
  test('has snapshots of its own kind', async () => {
    rds.on(DescribeDBClusterSnapshotsCommand).resolves({
      DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: BACKUP_ID, DBClusterSnapshotArn: 'arn:snap', Status: 'available', TagList }],
    });
    await expect(cluster().made(owner)).resolves.toMatchObject([{ id: BACKUP_ID, tagTarget: 'arn:snap', state: 'complete' }]);
    rds
      .on(CreateDBClusterSnapshotCommand)
      .rejectsOnce(coded('DBClusterSnapshotAlreadyExistsFault'))
      .rejectsOnce(coded('InvalidDBClusterStateFault'))
      .resolves({ DBClusterSnapshot: {} });
    await expect(cluster().begin('s', {})).resolves.toBe('taken');
    await expect(cluster().begin('s', {})).resolves.toMatchObject({ refused: 'InvalidDBClusterState' });
    await expect(cluster().begin('s', {})).resolves.toMatchObject({ id: 's', state: 'pending' });
    rds.on(DeleteDBClusterSnapshotCommand).rejects(coded('DBClusterSnapshotNotFoundFault'));
    await expect(cluster().discard(dbSnapshot())).resolves.toBe('gone');
  });
});
