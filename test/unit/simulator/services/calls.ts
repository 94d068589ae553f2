import { SUBNETS, WEB, world } from './world';

const ACCOUNT = 'eu-west-1:123456789012';
const FILE_SYSTEM = `arn:aws:elasticfilesystem:${ACCOUNT}:file-system/fs-1`;
const VOLUME = `arn:aws:ec2:${ACCOUNT}:volume/vol-home`;
const START = { BackupVaultName: 'vault', IamRoleArn: 'arn:aws:iam::123456789012:role/backup', RecoveryPointTags: { backup: 'b-1' } };
const SEND = {
  DocumentName: 'freeze',
  InstanceIds: ['i-nfs'],
  Parameters: { Action: ['freeze'], MountPoints: ['/data'], LimitSeconds: ['30'] },
};

/** A document as the construct writes it, as far as the simulator reads it. */
export const FREEZE = {
  schemaVersion: '2.2',
  parameters: {
    Action: { type: 'String', allowedValues: ['freeze', 'thaw'] },
    MountPoints: { type: 'String', allowedPattern: '^(/[\\w./-]+ ?)+$' },
    LimitSeconds: { type: 'String', default: '60' },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      inputs: {
        timeoutSeconds: '30',
        runCommand: [
          'if [ {{ Action }} = freeze ]; then systemd-run --on-active={{LimitSeconds}} thaw; fi',
          'for m in {{ MountPoints }}; do fsfreeze $m; done',
        ],
      },
    },
  ],
};

const TAGS = [{ ResourceType: 'snapshot', Tags: [{ Key: 'backup', Value: 'b-1' }] }];

/** A cluster with its file server and database, a node in Standby, and a snapshot of each kind. */
export function cluster() {
  const w = world({ tags: { team: { value: 'scm', propagate: true } } });
  w.cloud.addInstance({ id: 'i-nfs', imageId: 'ami-old', subnet: SUBNETS[0]!, tags: { Name: 'nfs' } });
  w.cloud.addVolume({ id: 'vol-home', attachedTo: 'i-nfs', tags: { Name: 'home' } });
  w.cloud.addDbInstance({ id: 'bitbucket', tags: { team: 'scm' } });
  w.cloud.addDbCluster({ id: 'aurora', tags: { team: 'scm' } });
  w.cloud.addDbClusterSnapshot({ id: 'cluster-backup-1', clusterId: 'aurora', tags: { backup: 'b-1' } });
  w.cloud.addBackupVault({ name: 'vault', tags: { team: 'scm' } });
  w.cloud.addFileSystem({ id: 'fs-1' });
  w.cloud.addDocument({ name: 'freeze', content: FREEZE });
  const point = w.cloud.addRecoveryPoint({ resourceArn: FILE_SYSTEM, vaultName: 'vault', tags: { backup: 'b-1' } });
  const job = w.call<{ BackupJobId: string }>('StartBackupJob', { ...START, ResourceArn: VOLUME });
  const { Command } = w.call<{ Command: { CommandId: string } }>('SendCommand', SEND);
  w.call('CreateSnapshot', { VolumeId: 'vol-home', TagSpecifications: TAGS });
  w.call('CreateDBSnapshot', { DBInstanceIdentifier: 'bitbucket', DBSnapshotIdentifier: 'backup-1' });
  const [node = '', standby = ''] = w.ids('InService');
  w.call('EnterStandby', { AutoScalingGroupName: 'nodes', InstanceIds: [standby], ShouldDecrementDesiredCapacity: true });
  w.clock.pass(900);
  const stoppable = w.call<{ BackupJobId: string }>('StartBackupJob', { ...START, ResourceArn: FILE_SYSTEM });
  const ids = { point: point.arn, job: job.BackupJobId, stoppable: stoppable.BackupJobId, command: Command.CommandId };
  return { w, ids, snapshot: w.cloud.snapshots()[0]?.id ?? '', node, standby };
}

/** A call of each operation that succeeds, by its name; operations that are not here need no input. */
export const inputs = ({ snapshot, node, standby, ids }: ReturnType<typeof cluster>): Record<string, object> => {
  const group = { AutoScalingGroupName: 'nodes' };
  const template = { LaunchTemplateId: 'lt-1', Version: '1' };
  const tag = { ResourceId: 'nodes', ResourceType: 'auto-scaling-group', Key: 'run', Value: 'x' };
  const Tags = [{ Key: 'late', Value: 'yes' }];
  const ResourceName = 'arn:aws:rds:eu-west-1:123456789012:snapshot:backup-1';
  return {
    UpdateAutoScalingGroup: { ...group, MinSize: 1, MaxSize: 6, LaunchTemplate: template },
    SetDesiredCapacity: { ...group, DesiredCapacity: 4 },
    EnterStandby: { ...group, InstanceIds: [node] },
    ExitStandby: { ...group, InstanceIds: [standby] },
    TerminateInstanceInAutoScalingGroup: { InstanceId: node },
    SuspendProcesses: group,
    ResumeProcesses: group,
    CreateOrUpdateTags: { Tags: [tag] },
    DeleteTags: { Tags: [tag] },
    SetInstanceProtection: { ...group, InstanceIds: [node] },
    DescribeInstanceRefreshes: group,
    DescribeLifecycleHooks: group,
    DescribeWarmPool: group,
    GetMetricData: { MetricDataQueries: [], StartTime: new Date(0), EndTime: new Date(1) },
    GetMetricStatistics: { Namespace: 'AWS/EC2', StartTime: new Date(0), EndTime: new Date(1), Period: 60 },
    DescribeLaunchTemplateVersions: { LaunchTemplateId: 'lt-1' },
    RunInstances: { LaunchTemplate: template, ImageId: 'ami-new', SubnetId: 'subnet-a', MinCount: 1, MaxCount: 1 },
    CreateLaunchTemplateVersion: { LaunchTemplateId: 'lt-1', SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } },
    ModifyLaunchTemplate: { LaunchTemplateId: 'lt-1', DefaultVersion: '1' },
    CreateSnapshot: { VolumeId: 'vol-home', TagSpecifications: TAGS },
    CreateSnapshots: { InstanceSpecification: { InstanceId: 'i-nfs' }, TagSpecifications: TAGS },
    DeleteSnapshot: { SnapshotId: snapshot },
    CreateTags: { Resources: [snapshot, node], Tags },
    TerminateInstances: { InstanceIds: [node] },
    DescribeTargetGroupAttributes: { TargetGroupArn: WEB },
    DescribeTargetHealth: { TargetGroupArn: WEB },
    RegisterTargets: { TargetGroupArn: WEB, Targets: [{ Id: node }] },
    DeregisterTargets: { TargetGroupArn: WEB, Targets: [{ Id: node }] },
    DescribeDBInstances: { DBInstanceIdentifier: 'bitbucket' },
    DescribeDBSnapshots: { DBSnapshotIdentifier: 'backup-1' },
    CreateDBSnapshot: { DBInstanceIdentifier: 'bitbucket', DBSnapshotIdentifier: 'backup-2', Tags },
    DeleteDBSnapshot: { DBSnapshotIdentifier: 'backup-1' },
    AddTagsToResource: { ResourceName, Tags },
    ListTagsForResource: { ResourceName },
    DescribeDBClusters: { DBClusterIdentifier: 'aurora' },
    DescribeDBClusterSnapshots: { DBClusterSnapshotIdentifier: 'cluster-backup-1' },
    CreateDBClusterSnapshot: { DBClusterIdentifier: 'aurora', DBClusterSnapshotIdentifier: 'cluster-backup-2', Tags },
    DeleteDBClusterSnapshot: { DBClusterSnapshotIdentifier: 'cluster-backup-1' },
    DescribeInstanceTypes: { InstanceTypes: ['m6id.large', 'm6i.large'] },
    StartBackupJob: { ...START, ResourceArn: FILE_SYSTEM },
    DescribeBackupJob: { BackupJobId: ids.job },
    StopBackupJob: { BackupJobId: ids.stoppable },
    DescribeBackupVault: { BackupVaultName: 'vault' },
    DescribeRecoveryPoint: { BackupVaultName: 'vault', RecoveryPointArn: ids.point },
    GetRecoveryPointRestoreMetadata: { BackupVaultName: 'vault', RecoveryPointArn: ids.point },
    ListRecoveryPointsByResource: { ResourceArn: FILE_SYSTEM },
    ListRecoveryPointsByBackupVault: { BackupVaultName: 'vault' },
    ListTags: { ResourceArn: ids.point },
    TagResource: { ResourceArn: ids.point, Tags: { late: 'yes' } },
    DeleteRecoveryPoint: { BackupVaultName: 'vault', RecoveryPointArn: ids.point },
    SendCommand: SEND,
    GetCommandInvocation: { CommandId: ids.command, InstanceId: 'i-nfs' },
  };
};
