import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BackupPartConfig, BackupPartName } from '../backup-part';
import type { AwsBackupPart } from '../contract/environment';
import { BackupFunctions } from '../functions/backup-functions';
import type { Permission } from '../functions/permission';
import { describe } from '../functions/permission';
import { lazyPart } from './lazy-part';
import { recoveryPointsOf } from './recovery-points';
import { asRdsTag, tagged, tagging } from './tag-conditions';

/** What the part is made of. */
export interface AwsBackupPartProps {
  readonly vault: backup.IBackupVault;
  /** Without one a role is made, one for all parts. */
  readonly role?: iam.IRole;
  readonly resourceArns: readonly string[];
  /** In days; 0 for never. */
  readonly deleteAfterDays: number;
  /** In days; 0 for never. */
  readonly coldStorageAfterDays: number;
}

const NO_ARN_YET = 'a recovery point has no ARN before it is made';
const BY_KIND_ONLY =
  'AWS Backup offers no resource-level permissions for jobs; only jobs whose recovery point carries our tags are touched';

/**
 * A part that is made by on-demand jobs of AWS Backup, one for each source.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
 */
export function awsBackupPart(scope: Construct, name: BackupPartName, props: AwsBackupPartProps): BackupPartConfig {
  return lazyPart(name, () => {
    const functions = BackupFunctions.of(scope);
    const clusterName = asRdsTag(functions.targets.clusterName);
    const { vault, resourceArns, deleteAfterDays, coldStorageAfterDays } = props;
    const role = props.role ?? functions.backupRole();
    const points = resourceArns.map((arn) => recoveryPointsOf(functions.targets, arn));
    const arns = [...new Set(points.map(({ arn }) => arn))];
    const readSources = points.flatMap(({ readSource }) => readSource);
    const readTags = points.flatMap((kind) => kind.readTags);
    const onVault = (...actions: string[]): Permission => ({ actions, resources: [vault.backupVaultArn] });
    const find: Permission[] = [
      onVault('backup:ListRecoveryPointsByBackupVault'),
      { actions: ['backup:ListBackupJobs'], resources: ['*'], reason: BY_KIND_ONLY },
      ...readTags,
    ];
    const readJob: Permission = { actions: ['backup:DescribeBackupJob'], resources: ['*'], reason: BY_KIND_ONLY };
    const tasks = functions.tasks({
      observe: {
        task: 'observe-aws-backup',
        permissions: [onVault('backup:DescribeBackupVault'), ...find, ...readSources, ...points.flatMap(({ inspect }) => inspect)],
      },
      start: {
        task: 'start-aws-backup',
        permissions: [
          onVault('backup:StartBackupJob'),
          { actions: ['backup:TagResource'], resources: arns, conditions: tagging(clusterName), reason: NO_ARN_YET },
          passing(role),
          readJob,
          ...find,
        ],
      },
      look: {
        task: 'await-aws-backup',
        permissions: [
          readJob,
          { actions: ['backup:DescribeRecoveryPoint', 'backup:GetRecoveryPointRestoreMetadata'], resources: arns, reason: NO_ARN_YET },
          ...readTags,
          ...readSources,
          ...(points.some(({ arn }) => arn.endsWith(':image/*')) ? [describe('ec2:DescribeImages')] : []),
        ],
      },
      tidy: {
        task: 'tidy-aws-backup',
        permissions: [
          ...find,
          { actions: ['backup:StopBackupJob'], resources: ['*'], reason: BY_KIND_ONLY },
          { actions: ['backup:DeleteRecoveryPoint'], resources: arns, conditions: tagged(clusterName), reason: NO_ARN_YET },
          ...points.flatMap((kind) => [...kind.mark, ...kind.delete]),
        ],
      },
    });
    const specification: AwsBackupPart = {
      vaultName: vault.backupVaultName,
      roleArn: role.roleArn,
      resourceArns,
      deleteAfterDays,
      coldStorageAfterDays,
    };
    return { tasks, specification };
  });
}

/** AWS Backup works as the role, and whoever starts a job must be allowed to hand it over. */
function passing(role: iam.IRole): Permission {
  return {
    actions: ['iam:PassRole'],
    resources: [role.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
  };
}
