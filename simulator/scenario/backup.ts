/** What is backed up at the simulated site, and how: the scenario's key `backup`. The format: `scenario.schema.json`. */
import type { BackupFacts, BackupSource } from '../rules/backups';
import { BACKUP_SITE, homeVolumes, meshInstanceId, meshVolumeId, mirrorVolumeId } from './backup-site';
import { SITE } from './site';

/** What the site has otherwise than the settings say: each of them is to be refused before anything is changed. */
export const BACKUP_MISTAKES = [
  'database-elsewhere', // the database is in another region: here nobody knows it
  'volume-elsewhere', // so is the first volume of the shared home
  'instance-store', // the first Mesh node has its home on an instance store volume: no snapshot can have it
  'unknown-instance', // the last Mesh node's instance does not exist
  'volume-detached', // the last volume of the shared home is attached to nothing
  'vault-denied', // the vault's access policy does not let anybody begin a job
  'unknown-vault', // there is no vault of that name
] as const;

/** One of {@link BACKUP_MISTAKES}. */
export type BackupMistake = (typeof BACKUP_MISTAKES)[number];

/** The backup of a scenario, with every default filled in. What is absent has the construct's default. */
export interface ScenarioBackup {
  readonly database: 'rds-instance' | 'aurora';
  readonly sharedHome: 'ebs-volumes' | 'ebs-tag' | 'ebs-instance' | 'efs';
  /** EBS volumes of the shared home. */
  readonly volumes: number;
  readonly method: 'snapshots' | 'aws-backup' | 'none';
  /** Mesh nodes: each an instance whose data volumes are backed up. */
  readonly mesh: number;
  /** Mirrors: each a volume. */
  readonly mirrors: number;
  readonly freeze: boolean;
  /** Whether the database, the volumes and the file system are encrypted. */
  readonly encrypted: boolean;
  /** Complete backups of earlier upgrades of this cluster, each marked as finished, a week apart. */
  readonly earlierBackups: number;
  /** Snapshots of others whose names begin as those of this cluster do. */
  readonly foreignSnapshots: number;
  readonly mistakes: readonly BackupMistake[];
  readonly retention?: { readonly keepLast: number } | { readonly keepDays: number };
  /** In seconds. */
  readonly skewLimit?: number;
  /** In seconds. */
  readonly startLimit?: number;
  readonly reuseHours?: number;
  readonly keepFailedParts?: boolean;
}

/** The construct's defaults, for what a scenario leaves. */
const DEFAULTS = { skewLimit: 60, reuseHours: 24 } as const;

/** The things that one part is a backup of: snapshots, or recovery points, are of each of them. */
function homeSources({ sharedHome, volumes, method }: ScenarioBackup): readonly string[] {
  if (sharedHome === 'efs') return [BACKUP_SITE.fileSystemId];
  return sharedHome === 'ebs-instance' && method === 'aws-backup' ? [SITE.fileServerInstanceId] : homeVolumes(volumes);
}

/** Every part of the backup, in the order of the workflow; none when the scenario chose none. */
export function sourcesOf(backup: ScenarioBackup): BackupSource[] {
  if (backup.method === 'none') return [];
  const { database, method, mesh, mirrors } = backup;
  return [
    { part: 'database', of: [database === 'aurora' ? BACKUP_SITE.clusterId : SITE.databaseId] },
    { part: 'shared-home', of: homeSources(backup) },
    ...numbers(mesh).map((n) => ({ part: `mesh-${n}`, of: [method === 'aws-backup' ? meshInstanceId(n) : meshVolumeId(n)] })),
    ...numbers(mirrors).map((n) => ({ part: `mirror-${n}`, of: [mirrorVolumeId(n)] })),
  ];
}

/** What the rules need to know of a scenario's backup, but for what is there when a part begins. */
export function backupFacts(backup: ScenarioBackup): Omit<BackupFacts, 'atStart' | 'toVersions' | 'cleanedUp'> {
  return {
    sources: sourcesOf(backup),
    cluster: SITE.groupName,
    skewLimitSeconds: backup.skewLimit ?? DEFAULTS.skewLimit,
    reuseSeconds: (backup.reuseHours ?? DEFAULTS.reuseHours) * 3600,
    keepsFailedParts: backup.keepFailedParts ?? false,
    thawSeconds: BACKUP_SITE.freezeSeconds,
  };
}

/** 1 to n. */
export const numbers = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
