import type { Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { BitbucketRollingUpgradeProps } from '../../../lib';
import { Backup, Database, FileSystemFreeze, SharedHome } from '../../../lib';
import type { BackupTaskName } from '../../../lib/contract/tasks';
import { pascalCase } from '../../../lib/private/pascal-case';
import { expectDocumented } from '../../support/authorization-reference';
import { auroraCluster, fileSystem, vault } from '../../support/backups';
import { example } from '../../support/construct';
import type { Statement } from '../../support/policies';
import { statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const INSTANCE = 'i-0123456789abcdef0';
const MESH = 'i-0123456789abcdef1';
const HERE = '<AWS::Region>:<AWS::AccountId>';
const EC2 = `arn:<AWS::Partition>:ec2:${HERE}`;
const SNAPSHOTS = 'arn:<AWS::Partition>:ec2:<AWS::Region>::snapshot/*';
const IMAGES = 'arn:<AWS::Partition>:ec2:<AWS::Region>::image/*';
const RDS = `arn:<AWS::Partition>:rds:${HERE}`;
const RECOVERY_POINTS = `arn:<AWS::Partition>:backup:${HERE}:recovery-point:*`;
const TAG = 'bitbucket-rolling-upgrade:cluster';
const OURS = { StringEquals: { [`aws:ResourceTag/${TAG}`]: 'bitbucket-nodes' } };
const BECOMES_OURS = { StringEquals: { [`aws:RequestTag/${TAG}`]: 'bitbucket-nodes' } };
const MARK = { ...OURS, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['bitbucket-rolling-upgrade:finished'] } };
const THROUGH_AWS_BACKUP = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['backup.amazonaws.com'] } };

type Overrides = (stack: Stack) => Partial<BitbucketRollingUpgradeProps>;

const plain = example();
const freeze = FileSystemFreeze.ofMounts({ mountPoints: ['/srv/shared'] });
const aurora = example((scope) => ({
  database: Database.auroraCluster(auroraCluster(scope)),
  sharedHome: SharedHome.ebsVolumesByTag({ key: 'home', value: 'shared', fileServerInstanceId: INSTANCE, freeze }),
  otherHomes: [{ name: 'mesh-1', home: SharedHome.ebsOfInstance({ instanceId: MESH }) }],
}));
const managed = example((scope) => ({
  sharedHome: SharedHome.ebsOfInstance({ instanceId: INSTANCE }),
  otherHomes: [{ name: 'mirror-1', home: SharedHome.efs({ fileSystem: fileSystem(scope), vault: vault(scope) }) }],
  backup: Backup.awsBackup({ vault: vault(scope, 'all') }),
}));
const volumes = example((scope) => ({
  database: Database.auroraCluster(auroraCluster(scope)),
  backup: Backup.awsBackup({ vault: vault(scope, 'all') }),
}));

/** What a task may, besides its logs and traces. */
function ofTask({ stack }: { readonly stack: Stack }, task: BackupTaskName): Statement[] {
  const statements = statementsOf(stack, (role) => role.startsWith(`UpgradeBackup${pascalCase(task)}Role`));
  return statements.filter(({ actions: [action = ''] }) => !/^(logs|xray):/.test(action));
}

/** The statements of a task with this action. */
function statements(from: { readonly stack: Stack }, task: BackupTaskName, action: string): Statement[] {
  return ofTask(from, task).filter(({ actions }) => actions.includes(action));
}

function actionsOf(from: { readonly stack: Stack }, task: BackupTaskName): string[] {
  return [...new Set(ofTask(from, task).flatMap(({ actions }) => actions))].sort();
}

describe('each task may call what docs/architecture.md says, and nothing else', () => {
  const VOLUMES = ['ec2:DescribeInstances', 'ec2:DescribeSnapshots', 'ec2:DescribeVolumes'];
  test.each<[BackupTaskName, string[]]>([
    ['observe-rds-snapshots', ['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots', 'rds:DescribePendingMaintenanceActions']],
    ['start-rds-snapshot', ['rds:AddTagsToResource', 'rds:CreateDBSnapshot', 'rds:DescribeDBSnapshots']],
    ['await-rds-snapshot', ['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots']],
    ['tidy-rds-snapshots', ['rds:AddTagsToResource', 'rds:DeleteDBSnapshot', 'rds:DescribeDBSnapshots']],
    ['observe-ebs-snapshots', ['ec2:DescribeInstanceTypes', ...VOLUMES]],
    ['start-ebs-snapshots', ['ec2:CreateSnapshots', 'ec2:CreateTags', ...VOLUMES]],
    ['await-ebs-snapshots', VOLUMES],
    ['tidy-ebs-snapshots', ['ec2:CreateTags', 'ec2:DeleteSnapshot', 'ec2:DescribeSnapshots']],
  ])('%s', (task, actions) => {
    expect(actionsOf(plain, task)).toEqual([...actions].sort());
  });

  test.each<[BackupTaskName, string[]]>([
    [
      'observe-rds-snapshots',
      ['rds:DescribeDBClusterSnapshots', 'rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'rds:DescribePendingMaintenanceActions'],
    ],
    ['start-rds-snapshot', ['rds:AddTagsToResource', 'rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots']],
    ['await-rds-snapshot', ['rds:DescribeDBClusterSnapshots', 'rds:DescribeDBClusters', 'rds:DescribeDBInstances']],
    ['tidy-rds-snapshots', ['rds:AddTagsToResource', 'rds:DeleteDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots']],
  ])('%s of an Aurora cluster', (task, actions) => {
    expect(actionsOf(aurora, task)).toEqual(actions);
  });

  const FIND = ['backup:ListBackupJobs', 'backup:ListRecoveryPointsByBackupVault'];
  const TAGS = ['backup:ListTags', 'ec2:DescribeTags', 'rds:ListTagsForResource'];
  const SOURCES = ['ec2:DescribeInstances', 'ec2:DescribeVolumes', 'rds:DescribeDBInstances'];
  test.each<[BackupTaskName, string[]]>([
    [
      'observe-aws-backup',
      [...FIND, ...TAGS, ...SOURCES, 'backup:DescribeBackupVault', 'ec2:DescribeInstanceTypes', 'rds:DescribePendingMaintenanceActions'],
    ],
    ['start-aws-backup', [...FIND, ...TAGS, 'backup:DescribeBackupJob', 'backup:StartBackupJob', 'backup:TagResource', 'iam:PassRole']],
    [
      'await-aws-backup',
      [
        ...TAGS,
        ...SOURCES,
        'backup:DescribeBackupJob',
        'backup:DescribeRecoveryPoint',
        'backup:GetRecoveryPointRestoreMetadata',
        'ec2:DescribeImages',
      ],
    ],
    [
      'tidy-aws-backup',
      [
        ...FIND,
        ...TAGS,
        'backup:DeleteRecoveryPoint',
        'backup:StopBackupJob',
        'backup:TagResource',
        'ec2:CreateTags',
        'ec2:DeleteSnapshot',
        'ec2:DeregisterImage',
        'rds:AddTagsToResource',
        'rds:DeleteDBSnapshot',
      ],
    ],
  ])('%s', (task, actions) => {
    expect(actionsOf(managed, task)).toEqual([...actions].sort());
  });
});

describe('snapshots of the database', () => {
  test('are made of the one database, under our names, with this cluster tag', () => {
    expect(statements(plain, 'start-rds-snapshot', 'rds:CreateDBSnapshot')).toEqual([
      {
        actions: ['rds:CreateDBSnapshot'],
        resources: [`${RDS}:db:bitbucket-db`, `${RDS}:snapshot:bitbucket-rolling-upgrade-*`],
        conditions: BECOMES_OURS,
      },
    ]);
  });

  test.each([
    [plain, 'rds:DeleteDBSnapshot', 'snapshot'],
    [aurora, 'rds:DeleteDBClusterSnapshot', 'cluster-snapshot'],
  ])('are deleted and marked only when they carry this cluster tag', (from, action, type) => {
    const resources = [`${RDS}:${type}:bitbucket-rolling-upgrade-*`];
    expect(statements(from, 'tidy-rds-snapshots', action)).toEqual([{ actions: [action], resources, conditions: OURS }]);
    expect(statements(from, 'tidy-rds-snapshots', 'rds:AddTagsToResource')).toEqual([
      { actions: ['rds:AddTagsToResource'], resources, conditions: MARK },
    ]);
  });

  test('the tag is compared as RDS takes it, when the name of the group has other signs', () => {
    const { stack } = example((scope) => ({ autoScalingGroup: AutoScalingGroup.fromAutoScalingGroupName(scope, 'Own', 'nodes (a=b)') }));
    expect(statements({ stack }, 'tidy-rds-snapshots', 'rds:DeleteDBSnapshot')[0]?.conditions).toEqual({
      StringEquals: { [`aws:ResourceTag/${TAG}`]: 'nodes =28=a=3d=b=29=' },
    });
    expect(statements({ stack }, 'tidy-ebs-snapshots', 'ec2:DeleteSnapshot')[0]?.conditions).toEqual({
      StringEquals: { [`aws:ResourceTag/${TAG}`]: 'nodes (a=b)' },
    });
  });

  test('that are encrypted with a key of a customer need grants on it, through RDS only', () => {
    const overrides: Overrides = (scope) => ({
      database: Database.auroraCluster(auroraCluster(scope), { encryptionKey: new Key(scope, 'DatabaseKey') }),
    });
    const { stack } = example(overrides);
    expect(statements({ stack }, 'start-rds-snapshot', 'kms:CreateGrant')).toEqual([
      {
        actions: ['kms:CreateGrant', 'kms:DescribeKey'],
        resources: [expect.stringMatching(/^<DatabaseKey.*Arn>$/)],
        conditions: { StringEquals: { 'kms:ViaService': 'rds.<AWS::Region>.amazonaws.com' } },
      },
    ]);
    expect(statements({ stack }, 'tidy-rds-snapshots', 'kms:CreateGrant')).toEqual([]);
  });
});

describe('snapshots of volumes', () => {
  const sourcesOf = (from: { readonly stack: Stack }): Statement[] => {
    return statements(from, 'start-ebs-snapshots', 'ec2:CreateSnapshots').map(({ resources, conditions }) => ({
      actions: [],
      resources,
      ...(conditions && { conditions }),
    }));
  };

  test('are made of the volumes of the shared home only, with this cluster tag', () => {
    expect(sourcesOf(plain)).toEqual([
      { actions: [], resources: [`${EC2}:instance/${INSTANCE}`] },
      { actions: [], resources: [`${EC2}:volume/vol-0123456789abcdef0`, `${EC2}:volume/vol-0123456789abcdef1`] },
      { actions: [], resources: [SNAPSHOTS], conditions: BECOMES_OURS },
    ]);
    expect(statements(plain, 'start-ebs-snapshots', 'ec2:CreateTags')).toEqual([
      { actions: ['ec2:CreateTags'], resources: [SNAPSHOTS], conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } } },
    ]);
  });

  test('or by their tag, or of an instance: what all parts need, in one function', () => {
    expect(sourcesOf(aurora)).toEqual([
      { actions: [], resources: [`${EC2}:instance/${INSTANCE}`] },
      { actions: [], resources: [`${EC2}:volume/*`], conditions: { StringEquals: { 'aws:ResourceTag/home': 'shared' } } },
      { actions: [], resources: [SNAPSHOTS], conditions: BECOMES_OURS },
      { actions: [], resources: [`${EC2}:instance/${MESH}`] },
      { actions: [], resources: [`${EC2}:volume/*`] },
    ]);
  });

  test('are deleted and marked only when they carry this cluster tag', () => {
    expect(statements(plain, 'tidy-ebs-snapshots', 'ec2:DeleteSnapshot')).toEqual([
      { actions: ['ec2:DeleteSnapshot'], resources: [SNAPSHOTS], conditions: OURS },
    ]);
    expect(statements(plain, 'tidy-ebs-snapshots', 'ec2:CreateTags')).toEqual([
      { actions: ['ec2:CreateTags'], resources: [SNAPSHOTS], conditions: MARK },
    ]);
  });

  test('a freeze is sent by one document to one instance', () => {
    expect(statements(aurora, 'start-ebs-snapshots', 'ssm:SendCommand')).toEqual([
      {
        actions: ['ssm:SendCommand'],
        resources: [
          expect.stringMatching(/^arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:document\/<UpgradeBackupsharedhomeFreeze\w+>$/),
          `${EC2}:instance/${INSTANCE}`,
        ],
      },
    ]);
    expect(statements(plain, 'start-ebs-snapshots', 'ssm:SendCommand')).toEqual([]);
  });
});

describe('jobs of AWS Backup', () => {
  test('go to the one vault, by the one role', () => {
    expect(statements(managed, 'start-aws-backup', 'backup:StartBackupJob')[0]?.resources).toEqual([
      `arn:<AWS::Partition>:backup:${HERE}:backup-vault:all`,
    ]);
    expect(statements(managed, 'start-aws-backup', 'iam:PassRole')).toEqual([
      {
        actions: ['iam:PassRole'],
        resources: [expect.stringMatching(/^<UpgradeBackupBackupRole\w+\.Arn>$/)],
        conditions: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
      },
    ]);
  });

  test('recovery points are deleted only when they carry this cluster tag', () => {
    const removed = statements(managed, 'tidy-aws-backup', 'backup:DeleteRecoveryPoint');
    expect(removed.flatMap(({ resources }) => resources)).toEqual([`${RDS}:snapshot:awsbackup:*`, IMAGES, RECOVERY_POINTS]);
    for (const { conditions } of removed) expect(conditions).toEqual(OURS);
    const marked = ['rds:AddTagsToResource', 'ec2:CreateTags', 'backup:TagResource'].flatMap((action) =>
      statements(managed, 'tidy-aws-backup', action),
    );
    expect(marked.map(({ resources: [resource] }) => resource)).toEqual([`${RDS}:snapshot:awsbackup:*`, IMAGES, RECOVERY_POINTS]);
    for (const { conditions } of marked) expect(conditions).toEqual(MARK);
  });

  test('and the snapshots that they are, through AWS Backup only', () => {
    const conditions = { ...OURS, ...THROUGH_AWS_BACKUP };
    expect(statements(managed, 'tidy-aws-backup', 'rds:DeleteDBSnapshot')[0]).toMatchObject({ conditions });
    expect(statements(managed, 'tidy-aws-backup', 'ec2:DeregisterImage')[0]).toMatchObject({ resources: [IMAGES], conditions });
    expect(statements(managed, 'tidy-aws-backup', 'ec2:DeleteSnapshot')[0]?.conditions).toEqual({
      Null: { 'aws:ResourceTag/aws:backup:source-resource': 'false' },
      ...THROUGH_AWS_BACKUP,
    });
    expect(statements(volumes, 'tidy-aws-backup', 'ec2:DeleteSnapshot')[0]).toMatchObject({ resources: [SNAPSHOTS], conditions });
    expect(statements(volumes, 'tidy-aws-backup', 'rds:DeleteDBClusterSnapshot')[0]).toMatchObject({ conditions });
  });
});

test('no task of the backup is in the VPC', () => {
  for (const { stack } of [plain, aurora, managed]) {
    const all = statementsOf(stack, (role) => role.startsWith('UpgradeBackup')).flatMap(({ actions }) => actions);
    expect(all.filter((action) => action.includes('NetworkInterface'))).toEqual([]);
  }
});

describe('according to the service authorization reference', () => {
  const all = [plain, aurora, managed, volumes].flatMap(({ stack }) => statementsOf(stack, (role) => role.startsWith('UpgradeBackup')));
  const distinct = [...new Map(all.map((found) => [JSON.stringify(found), found])).values()];

  test.each(distinct.map((found) => [found.actions.join(' '), found] as const))('%s', async (_name, found) => {
    await expectDocumented(found);
  });
});
