import type { Plan } from '../../lib/contract/events';

/** A snapshot on its way. */
export interface SnapshotProgress {
  readonly id: string;
  /** `pending`: not complete yet. `failed`: it never will be. */
  readonly state: 'pending' | 'complete' | 'failed';
  /** The vendor's own word for the state. */
  readonly said: string;
  readonly percent: number;
}

/** Snapshots of the database. */
export interface DatabaseBackups {
  /** Status of the DB instance: `available`, `backing-up`, ...; undefined when there is none. */
  instanceStatus(databaseId: string): Promise<string | undefined>;
  /** Undefined when there is no such snapshot. */
  find(snapshotId: string): Promise<SnapshotProgress | undefined>;
  start(databaseId: string, snapshotId: string, plan: Plan): Promise<void>;
}

/** A volume of the shared home. */
export interface Volume {
  readonly id: string;
  readonly state: string;
  /** Instances that it is attached to. */
  readonly attachedTo: readonly string[];
}

/** Snapshots of the shared home's volumes. */
export interface VolumeBackups {
  /** Snapshots of this backup, wherever they have got to; the volume of each is told. */
  ofBackup(backupId: string): Promise<readonly (SnapshotProgress & { readonly volumeId: string })[]>;
  byIds(snapshotIds: readonly string[]): Promise<readonly SnapshotProgress[]>;
  /** Starts snapshots of exactly these volumes of the instance, all at one point in time. Returns their ids. */
  start(instanceId: string, volumeIds: readonly string[], plan: Plan): Promise<readonly string[]>;
}

/** The volumes themselves. */
export interface Volumes {
  /** Those of `volumeIds` that exist. */
  describe(volumeIds: readonly string[]): Promise<readonly Volume[]>;
}
