/** Fixed names of what is backed up at the simulated site, beside those of `site.ts`. */
import { SITE } from './site';

const id = (prefix: string, kind: string, n: number): string => `${prefix}-0b17b0c4e7${kind}${String(n).padStart(4, '0')}`;

/** An Aurora cluster, a file system, and a vault: used when a scenario says so. */
export const BACKUP_SITE = {
  clusterId: 'bitbucket-aurora',
  clusterInstanceIds: ['bitbucket-aurora-1', 'bitbucket-aurora-2'],
  fileSystemId: 'fs-0b17b0c4e70000a30',
  fileSystemGiB: 800,
  vaultName: 'bitbucket-backups',
  /** The volumes of the shared home carry it. */
  volumeTag: { key: 'BitbucketHome', value: 'shared' },
  mountPoints: ['/media/atl/bitbucket/shared', '/media/atl/bitbucket/stores'],
  /** After so many seconds a frozen file system thaws by itself. */
  freezeSeconds: 30,
  kmsKeyArn: `arn:aws:kms:${SITE.region}:${SITE.account}:key/0b17b0c4-e700-4a30-9c00-0000000000a3`,
  homeSizeGiB: 200,
} as const;

/** The first volumes of the shared home. */
export const homeVolumes = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => SITE.volumeIds[index] ?? id('vol', 'e40', index + 1));

/** Mesh node n: an instance with one data volume. */
export const meshInstanceId = (n: number): string => id('i', 'e50', n);
export const meshVolumeId = (n: number): string => id('vol', 'e51', n);

/** Mirror n: the volume of its home, on an instance of its own. */
export const mirrorInstanceId = (n: number): string => id('i', 'e60', n);
export const mirrorVolumeId = (n: number): string => id('vol', 'e61', n);
