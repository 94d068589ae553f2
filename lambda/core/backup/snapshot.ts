import type { Owner, Tags } from './tags';
import { belongsTo, idOf } from './tags';

/** A snapshot of a database or a volume. */
export interface Snapshot {
  readonly id: string;
  /** What tags are written to: the ARN at RDS, the id at EBS. */
  readonly tagTarget: string;
  /** The DB instance, the DB cluster or the volume. */
  readonly source: string;
  /** `pending`: not complete yet. `failed`: it never will be. `leaving`: it is being deleted. */
  readonly state: 'pending' | 'complete' | 'failed' | 'leaving';
  /** The vendor's own word for the state. */
  readonly said: string;
  readonly percent: number;
  /** The vendor's own moment of it, ISO 8601; empty while it tells none. */
  readonly startedAt: string;
  readonly encrypted: boolean;
  /** Size of the source at that moment; 0 where the vendor tells none. */
  readonly sizeGiB: number;
  readonly tags: Tags;
}

/** What a snapshot is made of. */
export interface Source {
  readonly id: string;
  readonly encrypted: boolean;
  /** 0 where the vendor tells none: Aurora grows by itself. */
  readonly sizeGiB: number;
}

/** The call was understood, and refused for the moment or for good: an error of the vendor that is an answer. */
export interface Refusal {
  readonly refused: string;
  readonly message: string;
}

/** Whether a call was refused. */
export const isRefusal = (answer: object): answer is Refusal => 'refused' in answer;

/** Snapshots of this backup, this part of it, that are not being deleted. */
export const ofBackup = (snapshots: readonly Snapshot[], owner: Owner, backupId: string): readonly Snapshot[] =>
  snapshots.filter(({ tags, state }) => state !== 'leaving' && belongsTo(tags, owner) && idOf(tags) === backupId);

/** Whether there is a snapshot of each of these sources. */
export const covers = (snapshots: readonly Snapshot[], sources: readonly string[]): boolean =>
  sources.every((id) => snapshots.some(({ source }) => source === id));
