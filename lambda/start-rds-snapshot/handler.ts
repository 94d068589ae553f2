import { ENV } from '../../lib/contract/environment';
import type { BackupPart, Plan } from '../../lib/contract/events';
import { databaseBackups } from '../adapters/database';
import { readEnvironment } from '../adapters/environment';
import { TaskError } from '../core/errors';
import type { DatabaseBackups } from '../ports/backups';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
}

/** Starts the database's half of the backup pair, once: the snapshot is named after the run. */
export async function startDatabaseBackup({ plan }: Input, databaseId: string, now: Date, backups: DatabaseBackups): Promise<BackupPart> {
  const snapshotId = plan.backupId;
  if (!(await backups.find(snapshotId))) {
    const status = await backups.instanceStatus(databaseId);
    // Tried again until it is over: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
    if (status === 'backing-up')
      throw new TaskError('AwsUnavailable', `The DB instance ${databaseId} is backing-up: no snapshot can begin yet.`);
    if (status !== 'available') {
      throw new TaskError(
        'BackupFailed',
        `The DB instance ${databaseId} is ${status ?? 'not there'}; a snapshot needs it to be available. Nothing else was begun: start the upgrade again when it is.`,
      );
    }
    await backups.start(databaseId, snapshotId, plan);
  }
  return { part: 'database', resource: databaseId, snapshotIds: [snapshotId], startedAt: now.toISOString() };
}

export const handler = task('start-rds-snapshot', (input: Input) => {
  const env = readEnvironment((read) => ({ database: read.text(ENV.DATABASE_INSTANCE_ID) }));
  return startDatabaseBackup(input, env.database, new Date(), databaseBackups());
});
