import type { AwsBackupPart } from '../../lib/contract/environment';
import type { PartRef, RestoreStep } from '../../lib/contract/events';
import { recoveryPointId } from '../core/backup/resource-arn';
import type { Resource } from '../core/backup/resource-arn';
import type { Restorable } from '../core/backup/restore-recovery-point';
import { alsoByAwsBackup, restoreFileSystem } from '../core/backup/restore-recovery-point';
import type { Replaced } from '../core/backup/restore-volumes';
import { restoreVolumes } from '../core/backup/restore-volumes';
import type { SourcePorts } from './backed-up';
import { databaseOf, volumesOf } from './backed-up';
import type { VaultPorts } from './vault';

/** Where the parts of an image are looked up. */
export interface RestorePorts {
  readonly imageSnapshots: (imageId: string) => Promise<readonly { readonly device: string; readonly snapshotId: string }[]>;
}

type Ports = Pick<VaultPorts, 'backup'> & SourcePorts & RestorePorts;

/**
 * How the resource is restored from its recovery point. A recovery point of a database or a volume is a snapshot of that service, and
 * that of an instance an image made of snapshots: they are restored as any, with every setting that the resource has now.
 */
export async function restoreSteps(resource: Resource, arn: string, part: PartRef, ports: Ports): Promise<readonly RestoreStep[]> {
  const { vaultName, roleArn } = part.specification as AwsBackupPart;
  const { kind, id, region } = resource;
  const restorable: Restorable = { arn, roleArn, metadata: await ports.backup.restoreMetadata(vaultName, arn) };
  if (kind === 'file-system') return restoreFileSystem(id, region, part.title, restorable);
  const found = await volumesOf(resource, ports);
  if (found) {
    const { instanceId, specification, volumes } = found;
    const deviceOf = (volume: Replaced['volume']): string | undefined =>
      volume.attachments.find((attachment) => attachment.instanceId === instanceId)?.device;
    const parts = kind === 'instance' ? await ports.imageSnapshots(recoveryPointId(arn)) : [];
    const replaced = volumes.flatMap((volume): Replaced[] => {
      const snapshotId = kind === 'volume' ? recoveryPointId(arn) : parts.find(({ device }) => device === deviceOf(volume))?.snapshotId;
      return snapshotId === undefined ? [] : [{ snapshot: { id: snapshotId }, volume }];
    });
    const steps = restoreVolumes({ title: part.title, instanceId, specification, replaced });
    const [volume] = volumes;
    // An instance would be restored as a new one, with another address: its volumes are enough.
    return kind === 'volume' && volume ? alsoByAwsBackup(steps, restorable, { availabilityZone: volume.availabilityZone }) : steps;
  }
  const database = await databaseOf(resource, ports);
  if (!database) return [];
  const key = kind === 'db-cluster' ? 'DBClusterIdentifier' : 'DBInstanceIdentifier';
  return alsoByAwsBackup(database.restore(recoveryPointId(arn), part.title), restorable, { [key]: id });
}
