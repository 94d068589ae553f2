import type { Database } from '../core/backup/database';
import type { Refusal, Snapshot } from '../core/backup/snapshot';
import type { Owner, Tags } from '../core/backup/tags';
import type { Discarded } from '../core/backup/tidy';
import type { FileServer, Volume } from '../core/backup/volumes';
import type { RestoreStep } from '../../lib/contract/events';

/** Snapshots that were made, as tidying needs them. */
export interface MadeSnapshots {
  /** At least those that the tool made for this part of this cluster. */
  made(owner: Owner): Promise<readonly Snapshot[]>;
  /** Writes the mark of a finished upgrade. */
  mark(snapshot: Snapshot): Promise<void>;
  /** Deletes one. That it is gone already is fine. */
  discard(snapshot: Snapshot): Promise<Discarded>;
}

/** Snapshots of one database: of a DB instance or of a DB cluster, the caller need not know. */
export interface DatabaseSnapshots extends MadeSnapshots {
  /** The identifier of the database. */
  readonly id: string;
  /** The database as it is now; undefined when there is none. */
  database(): Promise<FoundDatabase | undefined>;
  /** Every snapshot of it, whoever made it. */
  all(): Promise<readonly Snapshot[]>;
  /** Begins a snapshot. `taken`: there is one of this name already. */
  begin(snapshotId: string, tags: Tags): Promise<Snapshot | Refusal | 'taken'>;
}

/** What else can be asked of a database that was found. */
export interface FoundDatabase extends Database {
  /** Maintenance that AWS has announced for it. */
  maintenance(): Promise<readonly string[]>;
  /** The commands, filled in with its settings of now. */
  restore(snapshotId: string, title: string): readonly RestoreStep[];
}

/** Snapshots of EBS volumes. */
export interface VolumeSnapshots extends MadeSnapshots {
  byIds(snapshotIds: readonly string[]): Promise<readonly Snapshot[]>;
  /** Those of these volumes that are in progress, whoever makes them. */
  inProgress(volumeIds: readonly string[]): Promise<readonly Snapshot[]>;
  /** Begins snapshots of exactly these data volumes of the instance, all at one point in time. */
  begin(server: FileServer, volumeIds: readonly string[], description: string, tags: Tags): Promise<readonly Snapshot[] | Refusal>;
}

/** EBS volumes, and the instances that they are attached to. */
export interface Volumes {
  /** Those of `volumeIds` that exist. */
  byIds(volumeIds: readonly string[]): Promise<readonly Volume[]>;
  byTag(key: string, value: string): Promise<readonly Volume[]>;
  /** Undefined when there is no such instance. */
  server(instanceId: string): Promise<FileServer | undefined>;
  /** Whether instances of this type come with instance store volumes. */
  hasInstanceStore(instanceType: string): Promise<boolean>;
}
