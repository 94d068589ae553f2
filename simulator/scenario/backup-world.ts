/** Puts what is backed up into the simulated account: the database, the homes, the vault, and backups of earlier days. */
import type { Cloud } from '../cloud';
import type { Clock } from '../kernel/ports';
import { plainId } from '../rules/backups';
import type { BackupItem } from '../rules/backups';
import type { Subnet } from '../services/ec2/addresses';
import type { BackupMistake, ScenarioBackup } from './backup';
import { numbers, sourcesOf } from './backup';
import { BACKUP_SITE, homeVolumes, meshInstanceId, meshVolumeId, mirrorInstanceId, mirrorVolumeId } from './backup-site';
import { SITE } from './site';

const FILE_SERVER_IMAGE = 'ami-0f11e5e77e7000001';
const DAY = 24 * 3600 * 1000;
/** How the tags and names of the upgrade's backups begin: `docs/architecture.md`. */
const PREFIX = 'bitbucket-rolling-upgrade';

/** Adds what the scenario backs up, with the mistakes that it makes. */
export function addBackupSources(cloud: Cloud, backup: ScenarioBackup, subnet: Subnet): void {
  cloud.addImage({ id: FILE_SERVER_IMAGE, name: 'file-server' });
  addDatabase(cloud, backup);
  addSharedHome(cloud, backup, subnet);
  addOtherHomes(cloud, backup, subnet);
  if (has(backup, 'unknown-vault')) return;
  cloud.addBackupVault({ name: BACKUP_SITE.vaultName, kmsKeyId: BACKUP_SITE.kmsKeyArn });
}

const has = ({ mistakes }: ScenarioBackup, mistake: BackupMistake): boolean => mistakes.includes(mistake);

const encryption = ({ encrypted }: ScenarioBackup): { readonly encrypted: boolean; readonly kmsKeyId?: string } =>
  encrypted ? { encrypted, kmsKeyId: BACKUP_SITE.kmsKeyArn } : { encrypted };

function addDatabase(cloud: Cloud, backup: ScenarioBackup): void {
  if (has(backup, 'database-elsewhere')) return;
  if (backup.database === 'rds-instance')
    cloud.addDbInstance({ id: SITE.databaseId, sizeGiB: SITE.databaseSizeGiB, ...encryption(backup) });
  else
    cloud.addDbCluster({
      id: BACKUP_SITE.clusterId,
      members: BACKUP_SITE.clusterInstanceIds.map((id, index) => ({ id, writer: index === 0 })),
      ...encryption(backup),
    });
}

function addSharedHome(cloud: Cloud, backup: ScenarioBackup, subnet: Subnet): void {
  const { sharedHome } = backup;
  if (sharedHome === 'efs') {
    const sizeBytes = BACKUP_SITE.fileSystemGiB * 2 ** 30;
    cloud.addFileSystem({ id: BACKUP_SITE.fileSystemId, sizeBytes, ...encryption(backup) });
    return;
  }
  const { key, value } = BACKUP_SITE.volumeTag;
  addServer(cloud, SITE.fileServerInstanceId, 'bitbucket-file-server', subnet);
  const volumes = homeVolumes(backup.volumes);
  volumes.forEach((id, index) => {
    if (index === 0 && has(backup, 'volume-elsewhere')) return;
    const detached = index === volumes.length - 1 && has(backup, 'volume-detached');
    cloud.addVolume({
      id,
      sizeGiB: SITE.volumeSizeGiB,
      attachedTo: detached ? undefined : SITE.fileServerInstanceId,
      availabilityZone: subnet.availabilityZone,
      tags: { Name: `bitbucket-home-${index + 1}`, [key]: value },
      ...encryption(backup),
    });
  });
}

function addOtherHomes(cloud: Cloud, backup: ScenarioBackup, subnet: Subnet): void {
  const add = (instanceId: string, volumeId: string, name: string): void => {
    addServer(cloud, instanceId, name, subnet);
    const home = { sizeGiB: BACKUP_SITE.homeSizeGiB, tags: { Name: `${name}-home` }, ...encryption(backup) };
    cloud.addVolume({ id: volumeId, attachedTo: instanceId, ...home });
  };
  for (const n of numbers(backup.mesh)) {
    if (n === backup.mesh && has(backup, 'unknown-instance')) continue;
    if (n === 1 && has(backup, 'instance-store')) addServer(cloud, meshInstanceId(n), `bitbucket-mesh-${n}`, subnet, 'm6id.2xlarge');
    else add(meshInstanceId(n), meshVolumeId(n), `bitbucket-mesh-${n}`);
  }
  for (const n of numbers(backup.mirrors)) add(mirrorInstanceId(n), mirrorVolumeId(n), `bitbucket-mirror-${n}`);
}

/** An instance with its root volume, which is no part of any home. */
function addServer(cloud: Cloud, id: string, name: string, subnet: Subnet, instanceType = 'm6i.2xlarge'): void {
  cloud.addInstance({ id, imageId: FILE_SERVER_IMAGE, subnet, instanceType, tags: { Name: name } });
  cloud.addVolume({ id: id.replace('i-0b', 'vol-0f'), attachedTo: id, boot: true, sizeGiB: 20 });
}

/** Backups of earlier upgrades of this cluster, and snapshots of others whose names look the same. */
export function addEarlierBackups(cloud: Cloud, backup: ScenarioBackup, clock: Clock): void {
  for (const n of numbers(backup.earlierBackups)) addEarlier(cloud, backup, n, clock.now() - 7 * n * DAY);
  for (const n of numbers(backup.foreignSnapshots)) addForeign(cloud, backup, n, clock.now() - n * DAY);
}

function addEarlier(cloud: Cloud, backup: ScenarioBackup, n: number, startedAt: number): void {
  const versions = `9.3.${20 - n} to 9.3.${21 - n}`;
  const backupId = `${PREFIX}-${versions.replace(/[. ]/g, '-')}-earlier-${n}`;
  for (const { part, of } of sourcesOf(backup)) {
    const tags = tagsOf({
      'backup-id': backupId,
      run: `arn:aws:states:${SITE.region}:${SITE.account}:execution:RollingUpgrade:earlier-${n}`,
      cluster: SITE.groupName,
      versions,
      time: new Date(startedAt).toISOString(),
      part,
      finished: 'yes',
    });
    for (const source of of) addItem(cloud, backup, { source, id: backupId, tags, startedAt });
  }
}

const tagsOf = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${PREFIX}:${key}`, value]));

/** Names that begin alike; tags of another cluster, of an older tool, or none at all. */
function addForeign(cloud: Cloud, backup: ScenarioBackup, n: number, startedAt: number): void {
  const id = `${PREFIX}-9-4-19-to-9-4-20-20251201t010000z-${n}`;
  const staging = tagsOf({
    'backup-id': id,
    cluster: `${SITE.groupName}-staging`,
    versions: '9.4.19 to 9.4.20',
    part: 'database',
    finished: 'yes',
  });
  const tags = [{}, staging, { Name: id }, tagsOf({ 'backup-id': id, finished: 'yes' })][n % 4] ?? {};
  const sources = sourcesOf({ ...backup, method: 'snapshots' }).flatMap(({ of }) => of);
  const source = sources[n % sources.length] ?? '';
  addItem(cloud, { ...backup, method: 'snapshots' }, { source, id, tags: { Name: id, ...tags }, startedAt });
}

interface EarlierItem {
  readonly source: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly startedAt: number;
}

function addItem(cloud: Cloud, { method }: ScenarioBackup, { source, id, tags, startedAt }: EarlierItem): void {
  if (method === 'aws-backup' || source.startsWith('fs-'))
    cloud.addRecoveryPoint({ resourceArn: arnOf(source), vaultName: BACKUP_SITE.vaultName, tags: { ...tags }, startedAt });
  else if (source === SITE.databaseId) cloud.addDbSnapshot({ id, databaseId: source, tags: { ...tags }, startedAt });
  else if (source === BACKUP_SITE.clusterId)
    cloud.addDbClusterSnapshot({ id: id.slice(0, 63), clusterId: source, tags: { ...tags }, startedAt });
  else cloud.addSnapshot({ volumeId: source, tags: { ...tags }, startedAt });
}

function arnOf(source: string): string {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${SITE.region}:${SITE.account}:${resource}`;
  if (source.startsWith('fs-')) return arn('elasticfilesystem', `file-system/${source}`);
  if (source.startsWith('vol-')) return arn('ec2', `volume/${source}`);
  if (source.startsWith('i-')) return arn('ec2', `instance/${source}`);
  return arn('rds', `${source === BACKUP_SITE.clusterId ? 'cluster' : 'db'}:${source}`);
}

/** A snapshot or recovery point that there is now, and when it ends. */
export interface StoredItem extends BackupItem {
  readonly endsAt: number;
}

/** Every snapshot and recovery point that there is now. What AWS Backup keeps as a snapshot counts once: as a recovery point. */
export function inventory(cloud: Cloud): StoredItem[] {
  const awsBackup = (text: string): boolean => /aws-?backup/i.test(text);
  return [
    ...cloud
      .snapshots()
      .filter(({ description, tags }) => !awsBackup(description) && !('aws:backup:source-resource' in tags))
      .map(({ id, volumeId, tags, startedAt, endsAt, state }) => item(id, volumeId, tags, startedAt, endsAt, state)),
    ...cloud
      .dbSnapshots()
      .filter(({ id }) => !awsBackup(id))
      .map(({ id, databaseId, tags, startedAt, endsAt, status }) => item(id, databaseId, tags, startedAt, endsAt, status)),
    ...cloud
      .dbClusterSnapshots()
      .filter(({ id }) => !awsBackup(id))
      .map(({ id, clusterId, tags, startedAt, endsAt, status }) => item(id, clusterId, tags, startedAt, endsAt, status)),
    ...cloud
      .recoveryPoints()
      .map(({ arn, resourceArn, tags, startedAt, endsAt, status }) => item(arn, resourceArn, tags, startedAt, endsAt, status)),
  ];
}

function item(id: string, of: string, tags: BackupItem['tags'], startedAt: number, endsAt: number, state: string): StoredItem {
  const ended = /^(completed|available)$/i.test(state)
    ? { completedAt: endsAt }
    : /^(error|failed|partial|expired)$/i.test(state)
      ? { failedAt: endsAt }
      : {};
  return { id, of: plainId(of), tags: { ...tags }, startedAt, endsAt, ...ended };
}

/** How far the parts of the youngest backup are. */
export function progressOf(
  cloud: Cloud,
  backup: ScenarioBackup,
  since: number,
  now: number,
): { readonly part: string; readonly percent: number }[] {
  const items = inventory(cloud).filter(({ startedAt }) => startedAt >= since);
  const percent = ({ startedAt, endsAt, completedAt }: StoredItem): number =>
    completedAt !== undefined ? 100 : Math.min(99, Math.floor((100 * (now - startedAt)) / Math.max(1, endsAt - startedAt)));
  return sourcesOf(backup).map(({ part, of }) => ({
    part,
    percent: Math.min(...of.map((source) => Math.max(0, ...items.filter((each) => each.of === source).map(percent)))),
  }));
}
