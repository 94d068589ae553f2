import { BACKUP_TAGS } from '../contract/tags';
import type { BackupTargets } from '../functions/backup-functions';
import type { Permission } from '../functions/permission';
import { describe } from '../functions/permission';
import { readMembers } from './rds-part';
import { asRdsTag, marksOnly, tagged } from './tag-conditions';

/**
 * What AWS Backup makes of a kind of source, and who may read, mark and delete it there.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
 */
export interface RecoveryPoints {
  /** ARN of every recovery point of the kind. */
  readonly arn: string;
  readonly readSource: readonly Permission[];
  /** What else is read of the source before the backup. */
  readonly inspect: readonly Permission[];
  readonly readTags: readonly Permission[];
  readonly mark: readonly Permission[];
  /**
   * AWS Backup deletes on behalf of whoever asks it to: it must be allowed to delete the snapshot itself, too, through AWS Backup only.
   * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupFullAccess.html
   */
  readonly delete: readonly Permission[];
}

const NO_ID_YET = 'a recovery point has no ARN before it is made';
const OURS = `${NO_ID_YET}; the condition allows this cluster's only`;

/** `ForAnyValue`, since a call may come through several services. */
const THROUGH_AWS_BACKUP = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['backup.amazonaws.com'] } };

const READ_VOLUMES = [describe('ec2:DescribeInstances', 'ec2:DescribeVolumes')];
const INSPECT_VOLUMES = [describe('ec2:DescribeInstanceTypes')];

/** The recovery points of a source, by the form of its ARN. */
export function recoveryPointsOf(targets: BackupTargets, arn: string): RecoveryPoints {
  if (/:rds:.*:db:/.test(arn)) return ofRds(targets, arn, 'DescribeDBInstances', 'snapshot', 'DeleteDBSnapshot');
  if (/:rds:.*:cluster:/.test(arn)) return ofRds(targets, arn, 'DescribeDBClusters', 'cluster-snapshot', 'DeleteDBClusterSnapshot');
  if (/:ec2:.*:volume\//.test(arn)) return ofVolume(targets);
  if (/:ec2:.*:instance\//.test(arn)) return ofInstance(targets);
  return ofFileSystem(targets);
}

function ofRds(targets: BackupTargets, source: string, look: string, type: string, remove: string): RecoveryPoints {
  const { partition, region, account, clusterName } = targets;
  const arn = `arn:${partition}:rds:${region}:${account}:${type}:awsbackup:*`;
  return {
    arn,
    readSource: [{ actions: [`rds:${look}`], resources: [source] }, ...(type === 'cluster-snapshot' ? [readMembers(targets)] : [])],
    inspect: [{ actions: ['rds:DescribePendingMaintenanceActions'], resources: [source] }],
    readTags: [{ actions: ['rds:ListTagsForResource'], resources: [arn], reason: NO_ID_YET }],
    mark: [marking(targets, 'rds:AddTagsToResource', arn)],
    delete: [
      {
        actions: [`rds:${remove}`],
        resources: [arn],
        conditions: { ...tagged(asRdsTag(clusterName)), ...THROUGH_AWS_BACKUP },
        reason: OURS,
      },
    ],
  };
}

function ofVolume(targets: BackupTargets): RecoveryPoints {
  const arn = `arn:${targets.partition}:ec2:${targets.region}::snapshot/*`;
  return {
    arn,
    readSource: READ_VOLUMES,
    inspect: INSPECT_VOLUMES,
    readTags: [describe('ec2:DescribeTags')],
    mark: [marking(targets, 'ec2:CreateTags', arn)],
    delete: [
      {
        actions: ['ec2:DeleteSnapshot'],
        resources: [arn],
        conditions: { ...tagged(asRdsTag(targets.clusterName)), ...THROUGH_AWS_BACKUP },
        reason: OURS,
      },
    ],
  };
}

/** An image and the snapshots of its volumes, which carry AWS Backup's own tag. */
function ofInstance(targets: BackupTargets): RecoveryPoints {
  const of = (type: string): string => `arn:${targets.partition}:ec2:${targets.region}::${type}/*`;
  const madeByAwsBackup = { Null: { 'aws:ResourceTag/aws:backup:source-resource': 'false' } };
  return {
    arn: of('image'),
    readSource: READ_VOLUMES,
    inspect: INSPECT_VOLUMES,
    readTags: [describe('ec2:DescribeTags')],
    mark: [marking(targets, 'ec2:CreateTags', of('image'))],
    delete: [
      {
        actions: ['ec2:DeregisterImage'],
        resources: [of('image')],
        conditions: { ...tagged(asRdsTag(targets.clusterName)), ...THROUGH_AWS_BACKUP },
        reason: OURS,
      },
      {
        actions: ['ec2:DeleteSnapshot'],
        resources: [of('snapshot')],
        conditions: { ...madeByAwsBackup, ...THROUGH_AWS_BACKUP },
        reason: 'AWS Backup deletes the snapshots of an image with it; the condition allows only what it made itself',
      },
    ],
  };
}

/** A file system, or whatever else has recovery points that AWS Backup holds itself. */
function ofFileSystem(targets: BackupTargets): RecoveryPoints {
  const arn = `arn:${targets.partition}:backup:${targets.region}:${targets.account}:recovery-point:*`;
  return {
    arn,
    readSource: [],
    inspect: [],
    readTags: [{ actions: ['backup:ListTags'], resources: [arn], reason: NO_ID_YET }],
    mark: [marking(targets, 'backup:TagResource', arn)],
    delete: [],
  };
}

/** Only recovery points that carry this cluster's tag are marked. */
function marking({ clusterName }: BackupTargets, action: string, arn: string): Permission {
  return {
    actions: [action],
    resources: [arn],
    conditions: { ...tagged(asRdsTag(clusterName)), ...marksOnly(BACKUP_TAGS.finished) },
    reason: OURS,
  };
}
