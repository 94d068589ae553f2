/** What became of the backups: from what was there when a part began, and from what the journal says of snapshots and recovery points. */
import { entriesOf } from './events';
import type { Evidence } from './rule';

/** A part of the backup, and what must be backed up for it: ids of a DB instance or cluster, volumes, an instance, a file system. */
export interface BackupSource {
  readonly part: string;
  readonly of: readonly string[];
}

/** A snapshot or recovery point. Moments are virtual milliseconds. */
export interface BackupItem {
  readonly id: string;
  /** Id of what it is of. */
  readonly of: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly completedAt?: number;
  readonly failedAt?: number;
  readonly deletedAt?: number;
}

/** What the rules about backups judge by, beside the journal. */
export interface BackupFacts {
  /** Every part that a backup must have; empty when the scenario chose none. */
  readonly sources: readonly BackupSource[];
  /** As the tag of the cluster says it. */
  readonly cluster: string;
  readonly skewLimitSeconds: number;
  /** How old the backup of an earlier run may be to be used again. */
  readonly reuseSeconds: number;
  /** Whether the parts of a failed backup are kept on purpose. */
  readonly keepsFailedParts: boolean;
  /** Within which a frozen file system must be thawed. */
  readonly thawSeconds: number;
  /** Every snapshot and recovery point that existed when the part began. */
  readonly atStart: readonly BackupItem[];
  /** `from to to` of the upgrades that the run may carry out or continue, as the tag says it. */
  readonly toVersions: readonly string[];
  /** Whether nothing may be left of backups that failed: once a run has succeeded, unless it says that it could not tidy them. */
  readonly cleanedUp: boolean;
}

/** The tags of a backup: `docs/architecture.md`, by how their keys end. */
const tag =
  (name: string) =>
  ({ tags }: Pick<BackupItem, 'tags'>): string | undefined =>
    Object.entries(tags).find(([key]) => key === name || key.endsWith(`:${name}`))?.[1];
export const backupIdOf = tag('backup-id');
export const clusterOf = tag('cluster');
export const versionsOf = tag('versions');

/** `bitbucket-db` of an ARN, and of itself. */
export const plainId = (id: string): string => id.split(/[:/]/).at(-1) ?? id;

const COMPLETE: ReadonlySet<unknown> = new Set(['completed', 'available', 'COMPLETED']);
const FAILED: ReadonlySet<unknown> = new Set(['error', 'failed', 'FAILED', 'PARTIAL', 'EXPIRED', 'ABORTED']);

/** Every snapshot and recovery point that was there at some time of the part. */
export function itemsOf({ journal, backup }: Pick<Evidence, 'journal' | 'backup'>): BackupItem[] {
  const items = new Map(backup.atStart.map((item) => [item.id, item]));
  for (const entry of entriesOf(journal, 'snapshot')) {
    const id = String(entry['id']);
    const tags = (entry['tags'] ?? {}) as BackupItem['tags'];
    const before = items.get(id) ?? { id, of: plainId(String(entry['of'])), startedAt: entry.time };
    const { change, time } = entry;
    items.set(id, {
      ...before,
      tags,
      ...(COMPLETE.has(change) && { completedAt: time }),
      ...(FAILED.has(change) && { failedAt: time }),
      ...(change === 'deleted' && { deletedAt: time }),
    });
  }
  return [...items.values()];
}

/** What is made under one backup id. */
export interface Backup {
  readonly id: string;
  readonly versions: string;
  readonly items: readonly BackupItem[];
  /** When its first, and its last item was begun. */
  readonly begunAt: number;
  readonly lastBegunAt: number;
  /** Seconds between these. */
  readonly skewSeconds: number;
  /** When every source had its item complete; absent while one has none. */
  readonly completedAt?: number;
  /** When the first of its items was deleted. */
  readonly deletedAt?: number;
}

/** The backups of this cluster, the oldest first. */
export function backupsOf(evidence: Pick<Evidence, 'journal' | 'backup'>): Backup[] {
  const byId = new Map<string, BackupItem[]>();
  for (const item of itemsOf(evidence)) {
    const id = backupIdOf(item);
    if (id !== undefined && isOurs(item, evidence)) byId.set(id, [...(byId.get(id) ?? []), item]);
  }
  return [...byId].map(([id, items]) => describe(id, items, evidence.backup)).sort((a, b) => a.begunAt - b.begunAt);
}

/** Whether an item carries this cluster's tag. One of an older tool that has no such tag is nobody's. */
export const isOurs = (item: BackupItem, { backup }: Pick<Evidence, 'backup'>): boolean => clusterOf(item) === backup.cluster;

function describe(id: string, items: readonly BackupItem[], { sources }: BackupFacts): Backup {
  const begun = items.map(({ startedAt }) => startedAt);
  const [begunAt, lastBegunAt] = [Math.min(...begun), Math.max(...begun)];
  const needed = sources.flatMap(({ of }) => of);
  // A part that was begun twice counts by the one that became complete.
  const completions = needed.map((source) =>
    Math.min(Infinity, ...items.filter((item) => item.of === source).map((item) => item.completedAt ?? Infinity)),
  );
  const completedAt = Math.max(-Infinity, ...completions);
  const deletedAt = Math.min(...items.map((item) => item.deletedAt ?? Infinity));
  return {
    id,
    versions: versionsOf(items[0] ?? { tags: {} }) ?? '',
    items,
    begunAt,
    lastBegunAt,
    skewSeconds: Math.round((lastBegunAt - begunAt) / 1000),
    ...(Number.isFinite(completedAt) && { completedAt }),
    ...(deletedAt < Infinity && { deletedAt }),
  };
}

/** Whether a backup can be a way back: complete, with its parts begun together. */
export const isGood = ({ completedAt, skewSeconds }: Backup, { backup }: Pick<Evidence, 'backup'>): boolean =>
  completedAt !== undefined && skewSeconds <= backup.skewLimitSeconds;

/** The good backups that this run may rest on: its own, and those of an earlier run between the same versions that are young enough. */
export function allowedBackups(evidence: Pick<Evidence, 'journal' | 'backup' | 'startedAt'>): Backup[] {
  const { startedAt, backup } = evidence;
  return backupsOf(evidence).filter(
    (each) =>
      isGood(each, evidence) &&
      (each.begunAt >= startedAt || (backup.toVersions.includes(each.versions) && startedAt - each.begunAt <= backup.reuseSeconds * 1000)),
  );
}

/** The backup that the run rests on: the first good one of its own, or else the youngest that it used again. */
export function pairOf(
  evidence: Pick<Evidence, 'journal' | 'backup' | 'startedAt'>,
): (Backup & { readonly completedAt: number }) | undefined {
  const allowed = allowedBackups(evidence);
  const found = allowed.find(({ begunAt }) => begunAt >= evidence.startedAt) ?? allowed.at(-1);
  return found?.completedAt === undefined ? undefined : { ...found, completedAt: found.completedAt };
}

/** What of this cluster is there at the end and belongs to no complete backup. */
export function leftovers(evidence: Pick<Evidence, 'journal' | 'backup'>): BackupItem[] {
  return backupsOf(evidence)
    .filter(({ completedAt, deletedAt }) => completedAt === undefined || deletedAt !== undefined)
    .flatMap(({ items }) => items.filter((item) => item.deletedAt === undefined));
}
