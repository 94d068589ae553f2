import type { BackupLook, BackupPart, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { volumeBackups } from '../adapters/volumes';
import { lookAtBackup } from '../core/backup';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly backup: BackupPart;
}

/** Looks how far the shared home's half of the backup pair is. */
export const handler = task('await-ebs-snapshots', async ({ backup }: Input): Promise<BackupLook> => {
  const limits = readEnvironment((read) => read.limits());
  return lookAtBackup(backup, await volumeBackups().byIds(backup.snapshotIds), { now: new Date(), limits });
});
