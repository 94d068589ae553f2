import type { EbsPart } from '../../lib/contract/environment';
import type { Found } from '../core/backup/volumes';
import { instanceOf } from '../core/backup/volumes';
import type { Volumes } from '../ports/snapshots';

/** Looks up what a part's specification means now: the instance, and the volumes. */
export async function findVolumes({ instanceId, volumes: chosen }: EbsPart, volumes: Volumes): Promise<Found> {
  if (chosen === 'data') {
    const server = await volumes.server(instanceId);
    return { instanceId, server, volumes: server && server.dataVolumeIds.length > 0 ? await volumes.byIds(server.dataVolumeIds) : [] };
  }
  const found = 'ids' in chosen ? await volumes.byIds(chosen.ids) : await volumes.byTag(chosen.tag.key, chosen.tag.value);
  const on = instanceId === '' ? instanceOf(found) : instanceId;
  return { instanceId: on, server: on === '' ? undefined : await volumes.server(on), volumes: found };
}
