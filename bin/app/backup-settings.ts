import { FORMS } from './forms';
import type { Reader } from './reader';

/** What is backed up, and how; the construct's defaults for what is left out. Times are in whole seconds, unless a name says days. */
export interface BackupSettings {
  readonly database: DatabaseSettings;
  readonly sharedHome: HomeSettings;
  /** Mesh nodes and mirrors. */
  readonly otherHomes: readonly OtherHomeSettings[];
  readonly method?: 'snapshots' | 'aws-backup' | 'none';
  /** For the method `aws-backup`, and for file systems whatever the method. */
  readonly vaultName?: string;
  /** The role that AWS Backup works as; a new one when it is not given. */
  readonly roleArn?: string;
  /** For the method `none`. */
  readonly noneBecause?: string;
  readonly skewLimit?: number;
  readonly startLimit?: number;
  readonly reuseWithin?: number;
  readonly retention?: { readonly keepLast: number } | { readonly keepDays: number };
  readonly keepFailedParts?: boolean;
  readonly deleteAfterDays?: number;
  readonly coldStorageAfterDays?: number;
  /** On the file server of the shared home, with EBS volumes only. */
  readonly freeze?: FreezeSettings;
}

/** The cluster's database. */
export interface DatabaseSettings {
  /** An RDS instance, or an Aurora cluster. */
  readonly kind: 'instance' | 'cluster';
  readonly id: string;
  /** The customer managed key that it is encrypted with. */
  readonly keyArn?: string;
}

/** Where a home is. */
export type HomeSettings =
  /** Without an instance it is found at each run: the one that all of them are attached to. */
  | { readonly kind: 'volumes'; readonly volumeIds: readonly string[]; readonly fileServerInstanceId?: string }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string; readonly fileServerInstanceId?: string }
  /** Every data volume of the instance. */
  | { readonly kind: 'instance'; readonly instanceId: string }
  | { readonly kind: 'file-system'; readonly fileSystemId: string };

/** A home besides the shared one. */
export interface OtherHomeSettings {
  readonly name: string;
  readonly home: HomeSettings;
}

/** How file systems are frozen while their snapshots are begun. */
export interface FreezeSettings {
  readonly mountPoints: readonly string[];
  readonly limit?: number;
}

const INSTANCE = 'i-0123456789abcdef0';
const VOLUME_LIST = 'vol-0123456789abcdef0,vol-0123456789abcdef1';
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Reads the settings of the backup. What is wrong goes to the reader. */
export function readBackupSettings(reader: Reader): BackupSettings {
  const settings: BackupSettings = {
    database: database(reader),
    sharedHome: sharedHome(reader),
    otherHomes: otherHomes(reader),
    method: reader.choice('backupMethod', ['snapshots', 'aws-backup', 'none']),
    vaultName: reader.optional('backupVaultName', FORMS.vault, 'bitbucket'),
    roleArn: reader.optional('backupRoleArn', FORMS.role, 'arn:aws:iam::111122223333:role/bitbucket-backup'),
    noneBecause: reader.optional('noBackupReason', FORMS.name, 'another tool makes one before each window'),
    skewLimit: reader.number('backupSkewSeconds', '60'),
    startLimit: seconds(reader.number('backupStartMinutes', '15'), MINUTE),
    reuseWithin: seconds(reader.number('backupReuseHours', '24', 0), HOUR),
    retention: retention(reader),
    keepFailedParts: reader.flag('keepFailedBackups'),
    deleteAfterDays: reader.number('backupDeleteAfterDays', '35'),
    coldStorageAfterDays: reader.number('backupColdStorageAfterDays', '30'),
    freeze: freeze(reader),
  };
  checkTogether(settings, reader);
  return settings;
}

function database(reader: Reader): DatabaseSettings {
  const instance = reader.optional('databaseInstanceId', FORMS.database, 'bitbucket-db');
  const cluster = reader.optional('databaseClusterId', FORMS.database, 'bitbucket-aurora');
  const keyArn = reader.optional(
    'databaseKeyArn',
    FORMS.key,
    'arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef',
  );
  if (reader.has('databaseInstanceId') && reader.has('databaseClusterId')) {
    reader.problem('databaseClusterId', 'is an Aurora cluster, databaseInstanceId an RDS instance: give one of them');
  }
  if (!reader.has('databaseInstanceId') && !reader.has('databaseClusterId')) reader.missing('databaseInstanceId', 'bitbucket-db');
  return cluster === undefined ? { kind: 'instance', id: instance ?? '', keyArn } : { kind: 'cluster', id: cluster, keyArn };
}

/** One of four ways. */
function sharedHome(reader: Reader): HomeSettings {
  const volumeIds = reader.optionalList('sharedHomeVolumeIds', FORMS.volume, VOLUME_LIST);
  const tag = reader.optional('sharedHomeVolumeTag', FORMS.tag, 'bitbucket=shared-home');
  const fileServerInstanceId = reader.optional('fileServerInstanceId', FORMS.instance, INSTANCE);
  const fileSystemId = reader.optional('fileSystemId', FORMS.fileSystem, 'fs-0123456789abcdef0');
  const ways = ['sharedHomeVolumeIds', 'sharedHomeVolumeTag', 'fileSystemId'].filter((key) => reader.has(key));
  if (ways.length > 1) reader.problem(ways[1] ?? '', `is one way to name the shared home, ${ways[0] ?? ''} another: give one of them`);
  if (reader.has('fileSystemId') && reader.has('fileServerInstanceId')) {
    reader.problem('fileServerInstanceId', 'is the file server of EBS volumes; with fileSystemId there is none');
  }
  if (ways.length === 0 && !reader.has('fileServerInstanceId')) {
    reader.missing('fileServerInstanceId', INSTANCE);
  }
  if (reader.has('fileSystemId')) return { kind: 'file-system', fileSystemId: fileSystemId ?? '' };
  if (tag !== undefined) {
    const [key = '', ...value] = tag.split('=');
    return { kind: 'tag', key, value: value.join('='), fileServerInstanceId };
  }
  if (volumeIds.length > 0) return { kind: 'volumes', volumeIds, fileServerInstanceId };
  return { kind: 'instance', instanceId: fileServerInstanceId ?? '' };
}

function otherHomes(reader: Reader): OtherHomeSettings[] {
  const example = `{"mesh-1":"${INSTANCE}","mirror-1":"${VOLUME_LIST}"}`;
  const map = reader.map('otherHomes', FORMS.homeName, FORMS.home, example) ?? {};
  return Object.entries(map).map(([name, where]) => ({ name, home: homeOf(where.replace(/\s/g, '')) }));
}

function homeOf(where: string): HomeSettings {
  if (where.startsWith('i-')) return { kind: 'instance', instanceId: where };
  if (where.startsWith('fs-')) return { kind: 'file-system', fileSystemId: where };
  return { kind: 'volumes', volumeIds: where.split(',') };
}

function retention(reader: Reader): BackupSettings['retention'] {
  const keepLast = reader.number('keepBackups', '5');
  const keepDays = reader.number('keepBackupDays', '35');
  if (reader.has('keepBackups') && reader.has('keepBackupDays')) {
    reader.problem('keepBackupDays', 'keeps backups by age, keepBackups by number: give one of them');
  }
  if (keepLast !== undefined) return { keepLast };
  return keepDays === undefined ? undefined : { keepDays };
}

function freeze(reader: Reader): FreezeSettings | undefined {
  const mountPoints = reader.optionalList('freezeMountPoints', FORMS.mountPoint, '/media/atl/bitbucket/shared');
  const limit = reader.number('freezeLimitSeconds', '30');
  if (limit !== undefined && mountPoints.length === 0) reader.missing('freezeMountPoints', '/media/atl/bitbucket/shared');
  return mountPoints.length === 0 ? undefined : { mountPoints, limit };
}

function checkTogether(settings: BackupSettings, reader: Reader): void {
  const { method, sharedHome: home, otherHomes: others, vaultName } = settings;
  const byAwsBackup = method === 'aws-backup' || [home, ...others.map((other) => other.home)].some(({ kind }) => kind === 'file-system');
  if (byAwsBackup && !reader.has('backupVaultName')) reader.missing('backupVaultName', 'bitbucket');
  if (!byAwsBackup && vaultName !== undefined) {
    reader.problem('backupVaultName', 'is for backupMethod=aws-backup or a file system, and there is neither');
  }
  if (!byAwsBackup && settings.roleArn !== undefined) {
    reader.problem('backupRoleArn', 'is for backupMethod=aws-backup or a file system, and there is neither');
  }
  if (method === 'none' && !reader.has('noBackupReason')) reader.missing('noBackupReason', 'another tool makes one before each window');
  if (method !== 'none' && settings.noneBecause !== undefined) reader.problem('noBackupReason', 'is for backupMethod=none');
  for (const [key, days] of [
    ['backupDeleteAfterDays', settings.deleteAfterDays],
    ['backupColdStorageAfterDays', settings.coldStorageAfterDays],
  ] as const) {
    if (days !== undefined && method !== 'aws-backup') reader.problem(key, 'is for backupMethod=aws-backup');
  }
  if (settings.freeze && home.kind === 'file-system') reader.problem('freezeMountPoints', 'is for EBS volumes, not for a file system');
}

/** A time in whole units, as seconds. */
function seconds(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value * unit;
}
