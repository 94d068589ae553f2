import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { BackupPartConfig } from '../backup-part';
import type { RdsPart } from '../contract/environment';
import { BACKUP_ID_PREFIX, BACKUP_TAGS } from '../contract/tags';
import type { BackupTargets } from '../functions/backup-functions';
import { BackupFunctions } from '../functions/backup-functions';
import type { Permission } from '../functions/permission';
import { lazyPart } from './lazy-part';
import { asRdsTag, marksOnly, tagged, tagging } from './tag-conditions';

/** The part of the backup that holds the database. */
export const DATABASE_PART = { name: 'database', title: 'the database' };

/** What the part is made of. */
export interface RdsPartProps extends RdsPart {
  readonly arn: string;
  readonly encryptionKey?: kms.IKey;
}

/**
 * A part that is a snapshot of a DB instance or of an Aurora cluster.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export function rdsPart(scope: Construct, props: RdsPartProps): BackupPartConfig {
  return lazyPart(DATABASE_PART, () => {
    const functions = BackupFunctions.of(scope);
    const may = props.kind === 'instance' ? ofInstance(functions.targets, props.arn) : ofCluster(functions.targets, props.arn);
    const tasks = functions.tasks({
      observe: { task: 'observe-rds-snapshots', permissions: [may.readSource, may.readMaintenance, may.readSnapshots, ...may.readMembers] },
      start: { task: 'start-rds-snapshot', permissions: [may.readSnapshots, ...may.create] },
      look: { task: 'await-rds-snapshot', permissions: [may.readSource, may.readSnapshots, ...may.readMembers] },
      tidy: { task: 'tidy-rds-snapshots', permissions: [may.readSnapshots, ...may.tidy] },
    });
    if (props.encryptionKey) functions.letUseKey('start-rds-snapshot', 'rds', props.encryptionKey, ['CreateGrant', 'DescribeKey']);
    return { tasks, specification: { kind: props.kind, id: props.id } satisfies RdsPart };
  });
}

/** The statements that the tasks are made of. */
interface RdsPermissions {
  readonly readSource: Permission;
  readonly readMembers: readonly Permission[];
  readonly readMaintenance: Permission;
  readonly readSnapshots: Permission;
  readonly create: readonly Permission[];
  readonly tidy: readonly Permission[];
}

const OURS = 'a snapshot is named after the run that makes it; the prefix is ours';

function ofInstance(targets: BackupTargets, arn: string): RdsPermissions {
  const { partition, region, account } = targets;
  const snapshots = `arn:${partition}:rds:${region}:${account}:snapshot:${BACKUP_ID_PREFIX}*`;
  return {
    readSource: { actions: ['rds:DescribeDBInstances'], resources: [arn] },
    readMembers: [],
    readMaintenance: { actions: ['rds:DescribePendingMaintenanceActions'], resources: [arn] },
    readSnapshots: { actions: ['rds:DescribeDBSnapshots'], resources: [arn, snapshots], reason: OURS },
    create: create(targets, 'rds:CreateDBSnapshot', arn, snapshots),
    tidy: tidy(targets, 'rds:DeleteDBSnapshot', snapshots),
  };
}

function ofCluster(targets: BackupTargets, arn: string): RdsPermissions {
  const { partition, region, account } = targets;
  const snapshots = `arn:${partition}:rds:${region}:${account}:cluster-snapshot:${BACKUP_ID_PREFIX}*`;
  return {
    readSource: { actions: ['rds:DescribeDBClusters'], resources: [arn] },
    readMembers: [readMembers(targets)],
    readMaintenance: { actions: ['rds:DescribePendingMaintenanceActions'], resources: [arn] },
    readSnapshots: { actions: ['rds:DescribeDBClusterSnapshots'], resources: [arn, snapshots], reason: OURS },
    create: create(targets, 'rds:CreateDBClusterSnapshot', arn, snapshots),
    tidy: tidy(targets, 'rds:DeleteDBClusterSnapshot', snapshots),
  };
}

/** The instances of an Aurora cluster. */
export function readMembers({ partition, region, account }: BackupTargets): Permission {
  return {
    actions: ['rds:DescribeDBInstances'],
    resources: [`arn:${partition}:rds:${region}:${account}:db:*`],
    reason: 'the instances of an Aurora cluster come and go: their names are known only at run time',
  };
}

/** Only snapshots that are tagged as this cluster's are made. */
function create({ clusterName }: BackupTargets, action: string, arn: string, snapshots: string): Permission[] {
  const conditions = tagging(asRdsTag(clusterName));
  return [
    { actions: [action], resources: [arn, snapshots], conditions, reason: OURS },
    { actions: ['rds:AddTagsToResource'], resources: [snapshots], conditions, reason: OURS },
  ];
}

/** Only snapshots that carry this cluster's tag are deleted, and marked. */
function tidy({ clusterName }: BackupTargets, action: string, snapshots: string): Permission[] {
  return [
    { actions: [action], resources: [snapshots], conditions: tagged(asRdsTag(clusterName)), reason: OURS },
    {
      actions: ['rds:AddTagsToResource'],
      resources: [snapshots],
      conditions: { ...tagged(asRdsTag(clusterName)), ...marksOnly(BACKUP_TAGS.finished) },
      reason: OURS,
    },
  ];
}
