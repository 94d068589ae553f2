import type { BackupLook, BackupPart, Plan } from '../../lib/contract/events';
import { databaseBackups } from '../adapters/database';
import { readEnvironment } from '../adapters/environment';
import { lookAtBackup } from '../core/backup';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly backup: BackupPart;
}

/** Looks how far the database's half of the backup pair is. */
export const handler = task('await-rds-snapshot', async ({ backup }: Input): Promise<BackupLook> => {
  const limits = readEnvironment((read) => read.limits());
  const backups = databaseBackups();
  const found = await Promise.all(backup.snapshotIds.map((id) => backups.find(id)));
  return lookAtBackup(
    backup,
    found.filter((snapshot) => snapshot !== undefined),
    { now: new Date(), limits },
  );
});
