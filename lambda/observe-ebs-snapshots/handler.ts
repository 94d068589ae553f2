import type { EbsPart } from '../../lib/contract/environment';
import type { PartObservation, PartRef } from '../../lib/contract/events';
import { volumeSnapshots } from '../adapters/volume-snapshots';
import { volumes } from '../adapters/volumes';
import { observeVolumes } from '../core/backup/observe-volumes';
import { idsOf } from '../core/backup/volumes';
import type { VolumeSnapshots, Volumes } from '../ports/snapshots';
import { task } from '../shared/task';
import { findVolumes } from '../shared/volume-source';

interface Input {
  readonly part: PartRef;
  readonly clusterName: string;
}

interface Ports {
  readonly volumes: Volumes;
  readonly snapshots: VolumeSnapshots;
}

/** Looks at the volumes, the instance that they are attached to, and their snapshots. Changes nothing. */
export async function observeEbsSnapshots({ part, clusterName }: Input, ports: Ports): Promise<PartObservation> {
  const specification = part.specification as EbsPart;
  const found = await findVolumes(specification, ports.volumes);
  const [instanceStore, inProgress, snapshots] = await Promise.all([
    found.server ? ports.volumes.hasInstanceStore(found.server.instanceType) : false,
    ports.snapshots.inProgress(idsOf(found.volumes)),
    ports.snapshots.made({ clusterName, part: part.name }),
  ]);
  return observeVolumes({ part, clusterName, specification, found, instanceStore, inProgress, snapshots });
}

export const handler = task('observe-ebs-snapshots', (input: Input) =>
  observeEbsSnapshots(input, { volumes: volumes(), snapshots: volumeSnapshots() }),
);
