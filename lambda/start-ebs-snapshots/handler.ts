import { ENV } from '../../lib/contract/environment';
import type { BackupPart, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { volumeBackups, volumes } from '../adapters/volumes';
import { TaskError } from '../core/errors';
import type { VolumeBackups, Volumes } from '../ports/backups';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
}

interface Target {
  readonly fileServer: string;
  readonly volumeIds: readonly string[];
}

/** Starts the shared home's half of the backup pair, once: snapshots of a backup are found again by its tag. */
export async function startSharedHomeBackup(
  { plan }: Input,
  { fileServer, volumeIds }: Target,
  now: Date,
  ports: { readonly backups: VolumeBackups; readonly volumes: Volumes },
): Promise<BackupPart> {
  const part = (snapshotIds: readonly string[]): BackupPart => ({
    part: 'shared-home',
    resource: fileServer,
    snapshotIds,
    startedAt: now.toISOString(),
  });
  const existing = await ports.backups.ofBackup(plan.backupId);
  if (volumeIds.every((id) => existing.some(({ volumeId }) => volumeId === id))) return part(existing.map(({ id }) => id));

  const found = await ports.volumes.describe(volumeIds);
  const astray = volumeIds.filter((id) => !found.some((volume) => volume.id === id && volume.attachedTo.includes(fileServer)));
  if (astray.length > 0) {
    throw new TaskError(
      'BackupFailed',
      `${astray.join(', ')}: not attached to the file server ${fileServer}, so the shared home cannot be backed up at one point in time. Nothing was changed.`,
    );
  }
  return part(await ports.backups.start(fileServer, volumeIds, plan));
}

export const handler = task('start-ebs-snapshots', (input: Input) => {
  const target = readEnvironment((read) => ({
    fileServer: read.text(ENV.FILE_SERVER_INSTANCE_ID),
    volumeIds: read.list(ENV.SHARED_HOME_VOLUME_IDS),
  }));
  return startSharedHomeBackup(input, target, new Date(), { backups: volumeBackups(), volumes: volumes() });
});
