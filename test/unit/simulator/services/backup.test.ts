import { refusal, SUBNETS, world } from './world';

const ACCOUNT = 'eu-west-1:123456789012';
const ROLE = 'arn:aws:iam::123456789012:role/backup';
const ARNS = {
  RDS: `arn:aws:rds:${ACCOUNT}:db:bitbucket`,
  Aurora: `arn:aws:rds:${ACCOUNT}:cluster:aurora`,
  EBS: `arn:aws:ec2:${ACCOUNT}:volume/vol-home`,
  EC2: `arn:aws:ec2:${ACCOUNT}:instance/i-nfs`,
  EFS: `arn:aws:elasticfilesystem:${ACCOUNT}:file-system/fs-1`,
} as const;
type Type = keyof typeof ARNS;

function account(options: Parameters<typeof world>[1] = {}) {
  const w = world({}, options);
  w.cloud.addDbInstance({ id: 'bitbucket', tags: { team: 'scm' } });
  w.cloud.addDbCluster({ id: 'aurora' });
  w.cloud.addInstance({ id: 'i-nfs', imageId: 'ami-old', subnet: SUBNETS[0]! });
  w.cloud.addVolume({ id: 'vol-home', attachedTo: 'i-nfs', kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k' });
  w.cloud.addFileSystem({ id: 'fs-1', encrypted: false });
  w.cloud.addBackupVault({ name: 'vault' });
  return w;
}
type Account = ReturnType<typeof account>;

const start = (w: Account, type: Type, more: object = {}) =>
  w.call<{ BackupJobId: string; RecoveryPointArn?: string }>('StartBackupJob', {
    ...{ BackupVaultName: 'vault', IamRoleArn: ROLE, ResourceArn: ARNS[type], RecoveryPointTags: { id: 'b-1' } },
    ...more,
  });
interface Job {
  State: string;
  PercentDone: string;
  RecoveryPointArn?: string;
  StatusMessage?: string;
}
const job = (w: Account, { BackupJobId }: { BackupJobId: string }) => w.call<Job>('DescribeBackupJob', { BackupJobId });
const point = (w: Account, RecoveryPointArn: string | undefined) =>
  w.call('DescribeRecoveryPoint', { BackupVaultName: 'vault', RecoveryPointArn });

describe.each([
  ['RDS', /^arn:aws:rds:.*:snapshot:awsbackup:job-/u, 'bitbucket'],
  ['Aurora', /^arn:aws:rds:.*:cluster-snapshot:awsbackup:job-/u, 'aurora'],
  ['EBS', /^arn:aws:ec2:eu-west-1::snapshot\/snap-/u, 'vol-home'],
  ['EC2', /^arn:aws:ec2:eu-west-1::image\/ami-/u, 'i-nfs'],
  ['EFS', /^arn:aws:backup:.*:recovery-point:/u, 'fs-1'],
] as const)('a job of %s', (type, arn, id) => {
  test('is created, runs with a percentage, and completes with a tagged recovery point', () => {
    const w = account();
    const started = start(w, type, { Lifecycle: { DeleteAfterDays: 30 } });
    expect(job(w, started)).toMatchObject({ State: 'CREATED', PercentDone: '0.0' });
    w.clock.pass(60);
    const running = job(w, started);
    expect(running).toMatchObject({ State: 'RUNNING', ResourceArn: ARNS[type], ResourceType: type });
    expect(Number(running.PercentDone)).toBeGreaterThan(0);
    expect(Number(running.PercentDone)).toBeLessThan(100);
    expect(running.RecoveryPointArn).toMatch(arn);
    expect(point(w, running.RecoveryPointArn)).toMatchObject({ Status: 'CREATING' });
    w.clock.pass(900);
    expect(job(w, started)).toMatchObject({ State: 'COMPLETED', PercentDone: '100.0' });
    expect(point(w, running.RecoveryPointArn)).toMatchObject({ Status: 'COMPLETED', IsEncrypted: true, ResourceArn: ARNS[type] });
    expect(w.cloud.recoveryPoints()).toMatchObject([{ tags: { id: 'b-1' }, lifecycle: { DeleteAfterDays: 30 } }]);
    expect(w.journal.entries.filter(({ kind }) => kind === 'snapshot')).toMatchObject([
      { service: 'backup', id: running.RecoveryPointArn, of: id, change: 'creating', tags: { id: 'b-1' } },
      { service: 'backup', id: running.RecoveryPointArn, of: id, change: 'completed', tags: { id: 'b-1' } },
    ]);
    expect(w.cloud.backupsDone()).toBe(true);
  });

  test('that fails leaves no recovery point, and a later one completes', () => {
    let fails = true;
    const w = account({ hooks: { snapshotEnds: (source) => (fails && source === id ? 'error' : 'completed') } });
    const started = start(w, type);
    w.clock.pass(900);
    expect(job(w, started)).toMatchObject({ State: 'FAILED' });
    expect(w.cloud.recoveryPoints()).toEqual([]);
    expect(w.cloud.snapshots()).toEqual([]);
    fails = false;
    const again = start(w, type);
    w.clock.pass(900);
    expect(job(w, again)).toMatchObject({ State: 'COMPLETED' });
  });

  test('that is not let start expires at the end of the start window', () => {
    const w = account({ hooks: { backupJob: () => 'never-starts' } });
    const started = start(w, type, { StartWindowMinutes: 60 });
    w.clock.pass(59 * 60);
    expect(job(w, started)).toMatchObject({ State: 'CREATED' });
    w.clock.pass(60);
    expect(job(w, started)).toMatchObject({ State: 'EXPIRED' });
    expect(w.cloud.recoveryPoints()).toEqual([]);
  });

  test('may end with a part only', () => {
    const w = account({ hooks: { backupJob: () => 'partial' } });
    const started = start(w, type);
    w.clock.pass(900);
    expect(job(w, started)).toMatchObject({ State: 'PARTIAL' });
    expect(w.cloud.recoveryPoints()).toMatchObject([{ status: 'PARTIAL' }]);
  });

  test('its recovery point is deleted after a while, with what there is of it elsewhere', () => {
    const w = account();
    const { arn: RecoveryPointArn } = w.cloud.addRecoveryPoint({ resourceArn: ARNS[type], vaultName: 'vault', tags: { id: 'b-0' } });
    const input = { BackupVaultName: 'vault', RecoveryPointArn };
    w.call('DeleteRecoveryPoint', input);
    expect(point(w, RecoveryPointArn)).toMatchObject({ Status: 'DELETING' });
    w.clock.pass(60);
    expect(refusal(() => point(w, RecoveryPointArn))).toMatch(/^ResourceNotFoundException/u);
    expect([...w.cloud.snapshots(), ...w.cloud.dbSnapshots(), ...w.cloud.dbClusterSnapshots()]).toEqual([]);
    expect(w.journal.entries.at(-1)).toMatchObject({ id: RecoveryPointArn, of: id, change: 'deleted', tags: { id: 'b-0' } });
  });
});

test('the same token gives the same job, another one another', () => {
  const w = account();
  const ids = ['a', 'a', 'b', undefined, undefined].map((IdempotencyToken) => start(w, 'EBS', { IdempotencyToken }).BackupJobId);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(4);
});

test('only a file system has its recovery point at once', () => {
  const w = account();
  expect(start(w, 'RDS').RecoveryPointArn).toBeUndefined();
  const efs = start(w, 'EFS');
  w.clock.pass(60);
  expect(job(w, efs).RecoveryPointArn).toBe(efs.RecoveryPointArn);
});

test('a job of a database that is not available is tried again every ten minutes', () => {
  let status: string | undefined = 'modifying';
  const w = account({ hooks: { databaseStatus: () => status } });
  const started = start(w, 'RDS');
  w.clock.pass(300);
  status = undefined;
  w.clock.pass(200);
  expect(job(w, started)).toMatchObject({ State: 'CREATED' });
  w.clock.pass(200);
  expect(job(w, started)).toMatchObject({ State: 'RUNNING' });
});

test('a DB instance is backing-up while its job runs', () => {
  const w = account();
  const status = () =>
    w.call<{ DBInstances: { DBInstanceStatus: string }[] }>('DescribeDBInstances', { DBInstanceIdentifier: 'bitbucket' });
  start(w, 'RDS');
  w.clock.pass(60);
  expect(status().DBInstances[0]?.DBInstanceStatus).toBe('backing-up');
  w.clock.pass(900);
  expect(status().DBInstances[0]?.DBInstanceStatus).toBe('available');
});

test('a job of volumes and file systems can be stopped, one of a database cannot', () => {
  const w = account();
  const [ebs, efs, rds] = [start(w, 'EBS'), start(w, 'EFS'), start(w, 'RDS')];
  w.call('StopBackupJob', ebs);
  w.clock.pass(60);
  w.call('StopBackupJob', efs);
  expect([job(w, ebs).State, job(w, efs).State]).toEqual(['ABORTED', 'ABORTED']);
  expect(refusal(() => w.call('StopBackupJob', rds))).toMatch(/^InvalidRequestException/u);
  expect(refusal(() => w.call('StopBackupJob', ebs))).toMatch(/^InvalidRequestException/u);
  w.clock.pass(900);
  expect(w.cloud.recoveryPoints().map(({ source }) => source.type)).toEqual(['RDS']);
});

test('a job that does not end within its completion window is cancelled', () => {
  const w = account({ timing: { backupJob: { low: 9_000_000, high: 9_000_000 } } });
  const started = start(w, 'EFS', { StartWindowMinutes: 60, CompleteWindowMinutes: 120 });
  w.clock.pass(7300);
  expect(job(w, started)).toMatchObject({ State: 'ABORTED' });
  expect(w.cloud.recoveryPoints()).toEqual([]);
});

test('jobs and recovery points are listed by resource, state and vault, in pages', () => {
  const w = account();
  start(w, 'RDS');
  w.clock.pass(900);
  start(w, 'EBS');
  w.clock.pass(60);
  const jobs = (input: object) => w.call<{ BackupJobs: { ResourceType: string }[] }>('ListBackupJobs', input);
  const types = (input: object) => jobs(input).BackupJobs.map(({ ResourceType }) => ResourceType);
  expect(types({})).toEqual(['EBS', 'RDS']);
  expect(types({ ByState: 'RUNNING' })).toEqual(['EBS']);
  expect(types({ ByResourceArn: ARNS.RDS, ByBackupVaultName: 'vault' })).toEqual(['RDS']);
  expect(jobs({ MaxResults: 1 })).toMatchObject({ NextToken: '1' });
  const points = (name: string, input: object) => w.call<{ RecoveryPoints: { Status: string }[] }>(name, input).RecoveryPoints;
  expect(points('ListRecoveryPointsByResource', { ResourceArn: ARNS.RDS })).toMatchObject([
    { Status: 'COMPLETED', BackupVaultName: 'vault' },
  ]);
  expect(points('ListRecoveryPointsByBackupVault', { BackupVaultName: 'vault' })).toHaveLength(2);
  expect(points('ListRecoveryPointsByBackupVault', { BackupVaultName: 'vault', ByResourceArn: ARNS.EBS })).toMatchObject([
    { Status: 'CREATING', ResourceType: 'EBS' },
  ]);
  w.clock.pass(31 * 24 * 3600);
  expect(types({})).toEqual([]);
});

test('tags are listed and written by AWS Backup for what it manages itself, and elsewhere for the rest', () => {
  const w = account();
  const [efs, rds, ebs] = (['EFS', 'RDS', 'EBS'] as const).map(
    (type) => w.cloud.addRecoveryPoint({ resourceArn: ARNS[type], vaultName: 'vault', tags: { id: 'b-0' } }).arn,
  );
  w.call('TagResource', { ResourceArn: efs, Tags: { finished: 'yes' } });
  expect(w.call('ListTags', { ResourceArn: efs })).toMatchObject({ Tags: { id: 'b-0', finished: 'yes' } });
  w.call('TagResource', { ResourceArn: rds, Tags: { finished: 'yes' } });
  expect(refusal(() => w.call('ListTags', { ResourceArn: rds }))).toMatch(/^InvalidParameterValueException/u);
  const { TagList } = w.call<{ TagList: { Key: string }[] }>('ListTagsForResource', { ResourceName: rds });
  expect(TagList.map(({ Key }) => Key)).toEqual(['team', 'id', 'finished']);
  expect(refusal(() => w.call('TagResource', { ResourceArn: ebs, Tags: { finished: 'yes' } }))).toMatch(/^InvalidParameterValueException/u);
  w.call('CreateTags', { Resources: [ebs?.split('/')[1]], Tags: [{ Key: 'finished', Value: 'yes' }] });
  expect(w.cloud.recoveryPoints()[2]?.tags).toMatchObject({ id: 'b-0', finished: 'yes' });
});

test('what AWS Backup made is deleted by AWS Backup only', () => {
  const w = account();
  w.cloud.addRecoveryPoint({ resourceArn: ARNS.RDS, vaultName: 'vault' });
  w.cloud.addRecoveryPoint({ resourceArn: ARNS.EBS, vaultName: 'vault' });
  expect(refusal(() => w.call('DeleteSnapshot', { SnapshotId: w.cloud.snapshots()[0]?.id }))).toMatch(/^InvalidParameterValue/u);
  expect(refusal(() => w.call('DeleteDBSnapshot', { DBSnapshotIdentifier: w.cloud.dbSnapshots()[0]?.id }))).toMatch(
    /^InvalidDBSnapshotState/u,
  );
});

test('a policy may ask for the tags of what is deleted, in its own service too', () => {
  const w = account();
  const { arn } = w.cloud.addRecoveryPoint({ resourceArn: ARNS.EC2, vaultName: 'vault', tags: { cluster: 'a' } });
  const asked = w.authorize('DeleteRecoveryPoint', { BackupVaultName: 'vault', RecoveryPointArn: arn });
  expect(asked.map(({ action }) => action)).toEqual(['backup:DeleteRecoveryPoint', 'ec2:DeregisterImage', 'ec2:DeleteSnapshot']);
  expect(asked[0]?.context).toMatchObject({ 'aws:ResourceTag/cluster': 'a' });
  expect(asked[1]?.context).toMatchObject({ 'aws:ResourceTag/cluster': 'a', 'aws:CalledVia': ['backup.amazonaws.com'] });
  expect(asked[2]?.context).toMatchObject({ 'aws:ResourceTag/aws:backup:source-resource': 'i-nfs' });
});

test('a job passes its role to AWS Backup', () => {
  const w = account();
  const asked = w.authorize('StartBackupJob', {
    BackupVaultName: 'vault',
    IamRoleArn: ROLE,
    ResourceArn: ARNS.RDS,
    RecoveryPointTags: { id: 'b' },
  });
  expect(asked).toMatchObject([
    { action: 'backup:StartBackupJob', resources: [`arn:aws:backup:${ACCOUNT}:backup-vault:vault`] },
    { action: 'iam:PassRole', resources: [ROLE], context: { 'iam:PassedToService': 'backup.amazonaws.com' } },
    { action: 'backup:TagResource', context: { 'aws:RequestTag/id': 'b' } },
  ]);
});

test('restore metadata tell what the resource was', () => {
  const w = account();
  const metadata = (type: Type): unknown => {
    const { arn } = w.cloud.addRecoveryPoint({ resourceArn: ARNS[type], vaultName: 'vault' });
    return w.call('GetRecoveryPointRestoreMetadata', { BackupVaultName: 'vault', RecoveryPointArn: arn })['RestoreMetadata'];
  };
  expect(metadata('RDS')).toMatchObject({ DBInstanceIdentifier: 'bitbucket', DBSubnetGroupName: 'bitbucket-databases', Port: '5432' });
  expect(metadata('Aurora')).toMatchObject({ DBClusterIdentifier: 'aurora', Engine: 'aurora-postgresql' });
  expect(metadata('EBS')).toMatchObject({ volumeId: 'vol-home', volumeType: 'gp3', encrypted: 'true' });
  expect(metadata('EC2')).toMatchObject({ InstanceType: 'm6i.large', SubnetId: 'subnet-a' });
  expect(metadata('EFS')).toMatchObject({ 'file-system-id': 'fs-1' });
});

test.each([
  ['a vault that does not exist', { BackupVaultName: 'x' }, 'ResourceNotFoundException'],
  ['a resource that does not exist', { ResourceArn: `${ARNS.EBS}x` }, 'ResourceNotFoundException'],
  ['a member of a cluster', { ResourceArn: `arn:aws:rds:${ACCOUNT}:db:aurora-1` }, 'ResourceNotFoundException'],
  ['a resource of another region', { ResourceArn: ARNS.EBS.replace('eu-west-1', 'us-east-1') }, 'ResourceNotFoundException'],
  ['a start window of less than an hour', { StartWindowMinutes: 30 }, 'InvalidParameterValueException'],
  ['a completion window within the start window', { StartWindowMinutes: 60, CompleteWindowMinutes: 60 }, 'InvalidParameterValueException'],
  [
    'cold storage for less than 90 days',
    { Lifecycle: { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 60 } },
    'InvalidParameterValueException',
  ],
  ['no role', { IamRoleArn: 'backup' }, 'InvalidParameterValueException'],
])('%s is refused', (_, more, code) => {
  const w = account();
  expect(refusal(() => start(w, 'EBS', more)).split(':')[0]).toBe(code);
  expect(w.cloud.backupJobs()).toEqual([]);
});

test('a vault whose access policy denies, a locked vault, and a recovery point that is being made refuse', () => {
  const w = account({ hooks: { vaultDenies: (vault, action) => vault === 'closed' && action === 'backup:StartBackupJob' } });
  w.cloud.addBackupVault({ name: 'closed' });
  w.cloud.addBackupVault({ name: 'locked', locked: true });
  expect(refusal(() => start(w, 'EBS', { BackupVaultName: 'closed' }))).toMatch(/^AccessDeniedException/u);
  expect(w.call('DescribeBackupVault', { BackupVaultName: 'closed' })).toMatchObject({ BackupVaultName: 'closed' });
  const kept = w.cloud.addRecoveryPoint({ resourceArn: ARNS.EFS, vaultName: 'locked' });
  expect(refusal(() => w.call('DeleteRecoveryPoint', { BackupVaultName: 'locked', RecoveryPointArn: kept.arn }))).toMatch(
    /^InvalidRequestException/u,
  );
  const { RecoveryPointArn } = start(w, 'EFS');
  w.clock.pass(60);
  expect(refusal(() => w.call('DeleteRecoveryPoint', { BackupVaultName: 'vault', RecoveryPointArn }))).toMatch(
    /^InvalidResourceStateException/u,
  );
});
