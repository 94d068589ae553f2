import type { EbsPart, Limits } from '../../lib/contract/environment';
import type { BackupLook, BackupPart, PartRef, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { volumeSnapshots } from '../adapters/volume-snapshots';
import { volumes } from '../adapters/volumes';
import { lasting, lookAtPart } from '../core/backup/progress';
import { restoreVolumes } from '../core/backup/restore-volumes';
import { tagsOf } from '../core/backup/tags';
import type { VolumeSnapshots, Volumes } from '../ports/snapshots';
import { task } from '../shared/task';

interface Input {
  readonly part: PartRef;
  readonly plan: Plan;
  readonly backup: BackupPart;
}

interface Ports {
  readonly volumes: Pick<Volumes, 'byIds'>;
  readonly snapshots: Pick<VolumeSnapshots, 'byIds'>;
}

/** Looks how far the snapshots of the volumes are; verifies them when they are complete. */
export async function awaitEbsSnapshots(
  { part, plan, backup }: Input,
  waiting: { readonly now: Date; readonly limits: Limits },
  ports: Ports,
): Promise<BackupLook> {
  const snapshots = await ports.snapshots.byIds(backup.snapshotIds);
  const found = snapshots.length > 0 ? await ports.volumes.byIds(snapshots.map(({ source }) => source)) : [];
  // A volume that is somewhere else by now is not what was backed up.
  const sources = found.filter(({ attachments }) => attachments.some(({ instanceId }) => instanceId === backup.resource));
  return lookAtPart({
    title: part.title,
    backup,
    snapshots,
    sources,
    tags: lasting(tagsOf(plan, part.name)),
    restore: () =>
      restoreVolumes({
        title: part.title,
        instanceId: backup.resource,
        specification: part.specification as EbsPart,
        replaced: snapshots.flatMap((snapshot) =>
          sources.filter(({ id }) => id === snapshot.source).map((volume) => ({ snapshot, volume })),
        ),
      }),
    waiting,
  });
}

export const handler = task('await-ebs-snapshots', (input: Input) => {
  const limits = readEnvironment((read) => read.limits());
  return awaitEbsSnapshots(input, { now: new Date(), limits }, { volumes: volumes(), snapshots: volumeSnapshots() });
});
