/** What snapshots of DB instances and of DB clusters have in common. */
import type { DBInstance } from '@aws-sdk/client-rds';
import { AddTagsToResourceCommand, DescribePendingMaintenanceActionsCommand } from '@aws-sdk/client-rds';
import { BACKUP_TAGS } from '../../lib/contract/tags';
import type { Insight } from '../core/backup/restore-database';
import type { Snapshot } from '../core/backup/snapshot';
import type { Discarded } from '../core/backup/tidy';
import { aws, awsUnless, codeOf, translate, withoutFault } from './aws-errors';
import { rds } from './rds-client';

/** Statuses of a snapshot that ends well: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshot.html */
const WAITING = ['creating', 'copying', 'pending'];

/** State and progress of a snapshot by the status that RDS tells. */
export function progressOf(said = '', percent = 0): Pick<Snapshot, 'state' | 'said' | 'percent'> {
  if (said === 'available') return { state: 'complete', said, percent: 100 };
  if (said === 'deleting') return { state: 'leaving', said, percent };
  // A snapshot that was made this moment may have no status yet.
  return { state: said === '' || WAITING.includes(said) ? 'pending' : 'failed', said: said || 'pending', percent };
}

/** Writes the mark of a finished upgrade: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html */
export async function markSnapshot({ id, tagTarget }: Snapshot): Promise<void> {
  await aws(`AddTagsToResource of ${id}`, () =>
    rds().send(new AddTagsToResourceCommand({ ResourceName: tagTarget, Tags: [{ Key: BACKUP_TAGS.finished, Value: 'yes' }] })),
  );
}

/**
 * Deletes a snapshot by `call`. One that is not complete cannot be deleted yet:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSnapshot.html
 */
export async function discardSnapshot({ id, state }: Snapshot, what: string, call: () => Promise<unknown>): Promise<Discarded> {
  if (state === 'pending') return 'later';
  try {
    await call();
    return 'gone';
  } catch (error) {
    const code = withoutFault(codeOf(error));
    if (/^DB(Cluster)?SnapshotNotFound$/.test(code)) return 'gone';
    if (/^InvalidDB(Cluster)?SnapshotState$/.test(code)) return 'later';
    throw translate(error, `${what} ${id}`);
  }
}

/** Maintenance that AWS has announced, as people read it: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PendingMaintenanceAction.html */
export async function maintenanceOf(arn: string): Promise<readonly string[]> {
  const answer = await awsUnless(`DescribePendingMaintenanceActions of ${arn}`, ['ResourceNotFoundFault'], () =>
    rds().send(new DescribePendingMaintenanceActionsCommand({ ResourceIdentifier: arn })),
  );
  return (answer?.PendingMaintenanceActions ?? [])
    .flatMap(({ PendingMaintenanceActionDetails = [] }) => PendingMaintenanceActionDetails)
    .map(({ Action = 'maintenance', CurrentApplyDate }) => (CurrentApplyDate ? `${Action} at ${CurrentApplyDate.toISOString()}` : Action));
}

/** How an instance is observed. */
export const insightOf = (instance: DBInstance): Insight => ({
  monitoringInterval: instance.MonitoringInterval ?? 0,
  monitoringRoleArn: instance.MonitoringRoleArn ?? '',
  performanceInsights: instance.PerformanceInsightsEnabled ?? false,
  performanceInsightsKmsKeyId: instance.PerformanceInsightsKMSKeyId ?? '',
  performanceInsightsRetention: instance.PerformanceInsightsRetentionPeriod ?? 0,
});

/** Ids of the security groups. */
export const groupIds = (groups: readonly { readonly VpcSecurityGroupId?: string | undefined }[] = []): readonly string[] =>
  groups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
