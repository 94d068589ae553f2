import { refusal, world } from './world';

function aurora(options: Parameters<typeof world>[1] = {}) {
  const w = world({}, options);
  w.cloud.addDbCluster({
    id: 'bitbucket',
    kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
    members: [
      { id: 'bitbucket-a', promotionTier: 1 },
      { id: 'bitbucket-b', promotionTier: 0, writer: true, instanceClass: 'db.r6g.xlarge' },
    ],
  });
  return w;
}

const SNAPSHOT = { DBClusterIdentifier: 'bitbucket', DBClusterSnapshotIdentifier: 'backup-1', Tags: [{ Key: 'backup', Value: 'b-1' }] };
const ARN = 'arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:backup-1';
type Looked = { DBClusterSnapshots: Record<string, unknown>[] };
const look = (w: ReturnType<typeof aurora>) =>
  w.call<Looked>('DescribeDBClusterSnapshots', { DBClusterSnapshotIdentifier: 'backup-1' }).DBClusterSnapshots[0];
const cluster = (w: ReturnType<typeof aurora>) =>
  w.call<{ DBClusters: Record<string, unknown>[] }>('DescribeDBClusters', { DBClusterIdentifier: 'bitbucket' }).DBClusters[0];

test('a cluster tells its members, and what a restore has to give again', () => {
  const w = aurora();
  expect(cluster(w)).toMatchObject({
    Status: 'available',
    Engine: 'aurora-postgresql',
    AllocatedStorage: 1,
    StorageEncrypted: true,
    Port: 5432,
    DBSubnetGroup: 'bitbucket-databases',
    DBClusterParameterGroup: 'default.aurora-postgresql15',
    VpcSecurityGroups: [{ VpcSecurityGroupId: expect.stringMatching(/^sg-/u) as string }],
    DBClusterMembers: [
      { DBInstanceIdentifier: 'bitbucket-a', IsClusterWriter: false, PromotionTier: 1 },
      { DBInstanceIdentifier: 'bitbucket-b', IsClusterWriter: true, PromotionTier: 0 },
    ],
  });
  const Filters = [{ Name: 'db-cluster-id', Values: ['bitbucket'] }];
  expect(w.call('DescribeDBInstances', { Filters })).toMatchObject({
    DBInstances: [{ DBClusterIdentifier: 'bitbucket' }, { DBInstanceClass: 'db.r6g.xlarge', PromotionTier: 0 }],
  });
});

test('a cluster stays available while its snapshot is made, which is encrypted as the cluster is', () => {
  const w = aurora();
  w.call('CreateDBClusterSnapshot', SNAPSHOT);
  expect(cluster(w)).toMatchObject({ Status: 'available' });
  expect(look(w)).toMatchObject({ Status: 'creating', PercentProgress: 0, SnapshotType: 'manual' });
  w.clock.pass(600);
  expect(look(w)).toMatchObject({
    Status: 'available',
    PercentProgress: 100,
    StorageEncrypted: true,
    KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
    TagList: [{ Key: 'backup', Value: 'b-1' }],
  });
  expect(w.journal.entries.filter(({ kind }) => kind === 'snapshot')).toMatchObject([
    { service: 'rds', id: 'backup-1', of: 'bitbucket', change: 'creating', tags: { backup: 'b-1' } },
    { service: 'rds', id: 'backup-1', of: 'bitbucket', change: 'available' },
  ]);
});

test('a cluster that the scenario says so is backing-up meanwhile', () => {
  const w = world();
  w.cloud.addDbCluster({ id: 'bitbucket', statusDuringSnapshot: 'backing-up' });
  w.call('CreateDBClusterSnapshot', SNAPSHOT);
  expect(cluster(w)).toMatchObject({ Status: 'backing-up' });
  w.clock.pass(600);
  expect(cluster(w)).toMatchObject({ Status: 'available' });
});

test('a snapshot of a cluster may fail', () => {
  const w = aurora({ hooks: { snapshotEnds: (source) => (source === 'bitbucket' ? 'error' : 'completed') } });
  w.call('CreateDBClusterSnapshot', SNAPSHOT);
  w.clock.pass(600);
  expect(look(w)).toMatchObject({ Status: 'failed' });
});

test('cluster snapshots are filtered, tagged, listed and deleted, apart from DB snapshots of the same name', () => {
  const w = aurora();
  w.cloud.addDbInstance({ id: 'other' });
  w.cloud.addDbSnapshot({ id: 'backup-1', databaseId: 'other' });
  w.cloud.addDbClusterSnapshot({ id: 'foreign', clusterId: 'gone', tags: { a: 'b' } });
  w.call('CreateDBClusterSnapshot', SNAPSHOT);
  expect(refusal(() => w.call('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: 'backup-1' }))).toMatch(
    /^InvalidDBClusterSnapshotStateFault/u,
  );
  w.clock.pass(600);
  const names = (input: object) =>
    w.call<Looked>('DescribeDBClusterSnapshots', input).DBClusterSnapshots.map((one) => one['DBClusterSnapshotIdentifier']);
  expect(names({})).toEqual(['foreign', 'backup-1']);
  expect(names({ DBClusterIdentifier: 'bitbucket', SnapshotType: 'manual' })).toEqual(['backup-1']);
  expect(names({ Filters: [{ Name: 'db-cluster-id', Values: ['gone'] }] })).toEqual(['foreign']);
  expect(names({ MaxRecords: 1, Marker: '1' })).toEqual(['backup-1']);
  w.call('AddTagsToResource', { ResourceName: ARN, Tags: [{ Key: 'late', Value: 'yes' }] });
  expect(w.call('ListTagsForResource', { ResourceName: ARN })).toEqual({
    TagList: [
      { Key: 'backup', Value: 'b-1' },
      { Key: 'late', Value: 'yes' },
    ],
  });
  w.call('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: 'backup-1' });
  expect(names({})).toEqual(['foreign']);
  expect(w.cloud.dbSnapshots().map(({ id }) => id)).toEqual(['backup-1']);
  expect(w.journal.entries.at(-1)).toMatchObject({ id: 'backup-1', of: 'bitbucket', change: 'deleted' });
});

test.each([
  ['a member', 'CreateDBSnapshot', { DBInstanceIdentifier: 'bitbucket-a', DBSnapshotIdentifier: 'x' }, 'InvalidParameterValue'],
  ['an unknown cluster', 'CreateDBClusterSnapshot', { ...SNAPSHOT, DBClusterIdentifier: 'x' }, 'DBClusterNotFoundFault'],
  ['a name of 64', 'CreateDBClusterSnapshot', { ...SNAPSHOT, DBClusterSnapshotIdentifier: 'a'.repeat(64) }, 'InvalidParameterValue'],
  ['a tag with >', 'CreateDBClusterSnapshot', { ...SNAPSHOT, Tags: [{ Key: 'versions', Value: '1>2' }] }, 'InvalidParameterValue'],
  ['a tag of aws:', 'AddTagsToResource', { ResourceName: ARN, Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidParameterValue'],
  ['an unknown snapshot', 'ListTagsForResource', { ResourceName: ARN }, 'DBClusterSnapshotNotFoundFault'],
  ['an unknown filter', 'DescribeDBClusters', { Filters: [{ Name: 'x', Values: [] }] }, 'InvalidParameterValue'],
])('%s is refused by %s', (_, operation, input, code) => {
  const w = aurora();
  expect(refusal(() => w.call(operation, input)).split(':')[0]).toBe(code);
});

test('a database that is busy for a while shows it, and no snapshot can be begun', () => {
  let busy: string | undefined = 'modifying';
  const w = aurora({ hooks: { databaseStatus: (id) => (id === 'bitbucket' ? busy : undefined) } });
  expect(cluster(w)).toMatchObject({ Status: 'modifying' });
  expect(refusal(() => w.call('CreateDBClusterSnapshot', SNAPSHOT))).toMatch(/^InvalidDBClusterStateFault/u);
  busy = undefined;
  w.call('CreateDBClusterSnapshot', SNAPSHOT);
  expect(refusal(() => w.call('CreateDBClusterSnapshot', SNAPSHOT))).toMatch(/^DBClusterSnapshotAlreadyExistsFault/u);
});

test('what maintenance waits is told of clusters and instances, by their ARNs', () => {
  const w = world();
  w.cloud.addDbCluster({ id: 'bitbucket', pendingMaintenance: ['system-update'] });
  w.cloud.addDbInstance({ id: 'other', pendingMaintenance: ['db-upgrade'] });
  const ResourceIdentifier = 'arn:aws:rds:eu-west-1:123456789012:cluster:bitbucket';
  expect(w.call('DescribePendingMaintenanceActions', { ResourceIdentifier })).toEqual({
    PendingMaintenanceActions: [{ ResourceIdentifier, PendingMaintenanceActionDetails: [{ Action: 'system-update' }] }],
  });
});

test('the time of a DB snapshot is told only once it has been begun', () => {
  const w = world();
  w.cloud.addDbInstance({ id: 'other' });
  const { DBSnapshot } = w.call<{ DBSnapshot: object }>('CreateDBSnapshot', { DBInstanceIdentifier: 'other', DBSnapshotIdentifier: 's' });
  expect(DBSnapshot).not.toHaveProperty('SnapshotCreateTime');
  const begun = new Date(w.clock.now());
  w.clock.pass(30);
  expect(w.call('DescribeDBSnapshots', {})).toMatchObject({ DBSnapshots: [{ Status: 'creating', SnapshotCreateTime: begun }] });
});

test('a policy may ask for the tags of the snapshot and those of the request', () => {
  const w = aurora();
  w.call('CreateDBClusterSnapshot', SNAPSHOT);
  const [deletion] = w.authorize('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: 'backup-1' });
  expect(deletion).toEqual({
    action: 'rds:DeleteDBClusterSnapshot',
    resources: [ARN],
    context: { 'aws:ResourceTag/backup': 'b-1', 'rds:cluster-snapshot-tag/backup': 'b-1' },
  });
  const created = w.authorize('CreateDBClusterSnapshot', SNAPSHOT);
  expect(created.map(({ action, resources }) => `${action} ${resources[0]?.split(':')[5] ?? ''}`)).toEqual([
    'rds:CreateDBClusterSnapshot cluster',
    'rds:CreateDBClusterSnapshot cluster-snapshot',
    'rds:AddTagsToResource cluster-snapshot',
  ]);
  for (const { context } of created) expect(context).toMatchObject({ 'aws:RequestTag/backup': 'b-1', 'rds:req-tag/backup': 'b-1' });
});
