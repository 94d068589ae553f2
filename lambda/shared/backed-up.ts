/** The resources that AWS Backup backs up, as they are now. */
import type { EbsPart } from '../../lib/contract/environment';
import type { PartRef } from '../../lib/contract/events';
import { observeDatabase } from '../core/backup/database';
import type { ObservedSource } from '../core/backup/observe-vault';
import type { Resource } from '../core/backup/resource-arn';
import type { Source } from '../core/backup/snapshot';
import type { Found } from '../core/backup/volumes';
import { instanceOf, problemsOf, warningsOf } from '../core/backup/volumes';
import type { DatabaseSnapshots, FoundDatabase, Volumes } from '../ports/snapshots';
import { findVolumes } from './volume-source';

/** Where resources are looked up. */
export interface SourcePorts {
  readonly database: (kind: 'instance' | 'cluster', id: string) => Pick<DatabaseSnapshots, 'database'>;
  readonly volumes: Volumes;
}

/** The database that a resource is; undefined when there is none, or it is no database. */
export async function databaseOf({ kind, id }: Resource, ports: SourcePorts): Promise<FoundDatabase | undefined> {
  if (kind !== 'db-instance' && kind !== 'db-cluster') return undefined;
  return ports.database(kind === 'db-instance' ? 'instance' : 'cluster', id).database();
}

/** Volumes that a resource is, or has: those of an instance, or the volume itself with the instance that it is attached to. */
export async function volumesOf(
  { kind, id }: Resource,
  { volumes }: SourcePorts,
): Promise<(Found & { specification: EbsPart }) | undefined> {
  if (kind === 'instance') {
    const specification: EbsPart = { instanceId: id, volumes: 'data' };
    return { specification, ...(await findVolumes(specification, volumes)) };
  }
  if (kind !== 'volume') return undefined;
  const found = await volumes.byIds([id]);
  const instanceId = instanceOf(found);
  const server = instanceId === '' ? undefined : await volumes.server(instanceId);
  return { specification: { instanceId, volumes: { ids: [id] } }, instanceId, server, volumes: found };
}

/** What is against a backup of the resource. A file system is not looked up: AWS Backup refuses one that is not there. */
export async function observeSource(resource: Resource, part: PartRef, ports: SourcePorts): Promise<ObservedSource> {
  const { arn, kind, id } = resource;
  if (kind === 'file-system' || kind === 'unknown') return { arn, problems: [], warnings: [], busyWith: '' };
  const found = await volumesOf(resource, ports);
  if (found) {
    const instanceStore = found.server ? await ports.volumes.hasInstanceStore(found.server.instanceType) : false;
    return { arn, problems: problemsOf(found.specification, found), warnings: warningsOf(found, instanceStore), busyWith: '' };
  }
  const database = await databaseOf(resource, ports);
  const maintenance = (await database?.maintenance()) ?? [];
  const { problems, warnings, ready, detail } = observeDatabase({ part, clusterName: '', id, database, maintenance, snapshots: [] });
  const messages = (list: readonly { readonly message: string }[]): readonly string[] => list.map(({ message }) => message);
  return { arn, problems: messages(problems), warnings: messages(warnings), busyWith: ready ? '' : detail };
}

/** GiB that a recovery point of an instance holds at least: AWS Backup says something else than nothing. */
const SOMETHING = 1 / 1024 ** 3;

/**
 * What a recovery point must be like. RDS and Aurora tell no size, EFS tells what was transferred; and AWS Backup encrypts every recovery
 * point of a file system (https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html).
 */
export async function sourceOf(resource: Resource, ports: SourcePorts): Promise<readonly Source[]> {
  const { arn: id } = resource;
  if (resource.kind === 'file-system') return [{ id, encrypted: true, sizeGiB: 0 }];
  const found = await volumesOf(resource, ports);
  if (found) return volumeSource(resource, found, ports);
  const database = await databaseOf(resource, ports);
  return database ? [{ id, encrypted: database.encrypted, sizeGiB: 0 }] : [];
}

/** The recovery point of an instance holds its root volume, too, and is encrypted for certain when all of them are. */
async function volumeSource({ arn: id, kind }: Resource, { volumes, server }: Found, ports: SourcePorts): Promise<readonly Source[]> {
  if (volumes.length === 0) return [];
  if (kind === 'volume') return volumes.map(({ encrypted, sizeGiB }) => ({ id, encrypted, sizeGiB }));
  const root = server && server.rootVolumeId !== '' ? await ports.volumes.byIds([server.rootVolumeId]) : [];
  return [{ id, encrypted: [...root, ...volumes].every(({ encrypted }) => encrypted), sizeGiB: SOMETHING }];
}
