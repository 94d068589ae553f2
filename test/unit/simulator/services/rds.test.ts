import { refusal, world } from './world';

function database(options: Parameters<typeof world>[1] = {}) {
  const w = world({}, options);
  w.cloud.addDbInstance({ id: 'bitbucket', sizeGiB: 200 });
  return w;
}
const SNAPSHOT = { DBInstanceIdentifier: 'bitbucket', DBSnapshotIdentifier: 'backup-1', Tags: [{ Key: 'backup', Value: 'b-1' }] };
const status = (w: ReturnType<typeof world>) =>
  w.call<{ DBInstances: { DBInstanceStatus: string }[] }>('DescribeDBInstances', { DBInstanceIdentifier: 'bitbucket' }).DBInstances[0]
    ?.DBInstanceStatus;
const look = (w: ReturnType<typeof world>) =>
  w.call<{ DBSnapshots: { Status: string; PercentProgress: number }[] }>('DescribeDBSnapshots', { DBSnapshotIdentifier: 'backup-1' })
    .DBSnapshots[0];

test('a snapshot is creating while the instance is backing-up, then available', () => {
  const w = database();
  w.call('CreateDBSnapshot', SNAPSHOT);
  expect(status(w)).toBe('backing-up');
  expect(look(w)).toMatchObject({ Status: 'creating', PercentProgress: 0 });
  w.clock.pass(60);
  expect(look(w)?.PercentProgress).toBeGreaterThan(0);
  w.clock.pass(600);
  expect(status(w)).toBe('available');
  expect(look(w)).toMatchObject({ Status: 'available', PercentProgress: 100, TagList: [{ Key: 'backup', Value: 'b-1' }] });
});

test('a snapshot may fail', () => {
  const w = database({ hooks: { snapshotEnds: () => 'error' } });
  w.call('CreateDBSnapshot', SNAPSHOT);
  w.clock.pass(900);
  expect(look(w)).toMatchObject({ Status: 'failed' });
});

test('refusals have the codes of RDS', () => {
  const w = database();
  expect(refusal(() => look(w))).toBe('DBSnapshotNotFound: DBSnapshot backup-1 not found.');
  expect(refusal(() => w.call('DescribeDBInstances', { DBInstanceIdentifier: 'x' }))).toMatch(/^DBInstanceNotFound/u);
  expect(refusal(() => w.call('CreateDBSnapshot', { ...SNAPSHOT, DBSnapshotIdentifier: '1--x' }))).toMatch(/^InvalidParameterValue/u);
  w.call('CreateDBSnapshot', SNAPSHOT);
  expect(refusal(() => w.call('CreateDBSnapshot', SNAPSHOT))).toMatch(/^DBSnapshotAlreadyExists/u);
  expect(refusal(() => w.call('CreateDBSnapshot', { ...SNAPSHOT, DBSnapshotIdentifier: 'backup-2' }))).toMatch(/^InvalidDBInstanceState/u);
  expect(refusal(() => w.call('DeleteDBSnapshot', { DBSnapshotIdentifier: 'backup-1' }))).toMatch(/^InvalidDBSnapshotState/u);
});

test('snapshots are listed by instance, tagged and deleted', () => {
  const w = database();
  w.call('CreateDBSnapshot', SNAPSHOT);
  w.clock.pass(900);
  const ResourceName = 'arn:aws:rds:eu-west-1:123456789012:snapshot:backup-1';
  w.call('AddTagsToResource', { ResourceName, Tags: [{ Key: 'late', Value: 'yes' }] });
  expect(w.call('ListTagsForResource', { ResourceName })).toEqual({
    TagList: [
      { Key: 'backup', Value: 'b-1' },
      { Key: 'late', Value: 'yes' },
    ],
  });
  expect(w.call('DescribeDBSnapshots', { DBInstanceIdentifier: 'bitbucket', SnapshotType: 'manual' })).toMatchObject({ DBSnapshots: [{}] });
  w.call('DeleteDBSnapshot', { DBSnapshotIdentifier: 'backup-1' });
  expect(w.cloud.dbSnapshots()).toEqual([]);
});

test('pending maintenance is told', () => {
  const w = world();
  w.cloud.addDbInstance({ id: 'bitbucket', pendingMaintenance: ['system-update'] });
  expect(w.call('DescribePendingMaintenanceActions', {})).toMatchObject({
    PendingMaintenanceActions: [{ PendingMaintenanceActionDetails: [{ Action: 'system-update' }] }],
  });
});
