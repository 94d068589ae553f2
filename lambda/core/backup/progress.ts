import type { BackupLook, BackupPart, RestoreStep } from '../../../lib/contract/events';
import { BACKUP_TAGS } from '../../../lib/contract/tags';
import { TaskError } from '../errors';
import type { Waiting } from '../look';
import { done } from '../look';
import { secondsBetween } from '../time';
import type { Snapshot, Source } from './snapshot';
import type { Tags } from './tags';
import { waitOnBackup } from './wait';

/** Seconds until a snapshot that was begun must be seen: reads may be stale. */
const VISIBLE_WITHIN = 120;

/** A part that is on its way. */
export interface OnItsWay {
  readonly title: string;
  readonly backup: BackupPart;
  /** Those of the part's snapshots that are there. */
  readonly snapshots: readonly Snapshot[];
  /** What they are made of, as it is now. */
  readonly sources: readonly Source[];
  /** What each snapshot must be tagged with, at least. */
  readonly tags: Tags;
  /** How the part is restored; asked for once it is complete. */
  readonly restore: () => readonly RestoreStep[];
  readonly waiting: Omit<Waiting, 'since'>;
}

/**
 * Looks at one part of the backup, and verifies it once it is complete.
 *
 * @throws BackupFailed when a snapshot failed, vanished, is not what it must be, or takes longer than the time limit
 */
export function lookAtPart(part: OnItsWay): BackupLook {
  const { title, backup, snapshots, waiting } = part;
  const { now, limits } = waiting;
  const since = backup.startedAt;
  const elapsed = secondsBetween(since, now);
  const missing = backup.snapshotIds.filter((id) => !snapshots.some((snapshot) => snapshot.id === id));
  const failed = snapshots.filter(({ state }) => state === 'failed' || state === 'leaving');
  const percent = missing.length > 0 ? 0 : Math.min(...snapshots.map((snapshot) => snapshot.percent));
  const seen = [...snapshots.map(({ id, said, percent: own }) => `${id} ${said} ${own} %`), ...missing.map((id) => `${id} not seen yet`)];
  const detail = `The backup of ${title} is at ${percent} %: ${seen.join(', ')}`;

  if (failed.length > 0) throw failure(title, `${failed.map(({ id, said }) => `${id} is ${said}`).join(', ')}.`);
  if (missing.length > 0 && elapsed > VISIBLE_WITHIN) throw failure(title, `${missing.join(', ')}: not there. Was it deleted?`);
  // The moment itself, which the vendor may tell only after a while.
  const startedAt =
    snapshots
      .map((snapshot) => snapshot.startedAt)
      .filter(Boolean)
      .sort()[0] ?? backup.startedAt;
  if (missing.length === 0 && snapshots.every(({ state }) => state === 'complete')) {
    const wrong = snapshots.flatMap((snapshot) => flaws(snapshot, part));
    if (wrong.length > 0) throw failure(title, `It is complete, but not as it must be: ${wrong.join('; ')}.`);
    return {
      ...done(since, detail),
      backup: { ...backup, startedAt, percent: 100, completedAt: now.toISOString(), restore: part.restore() },
    };
  }
  if (elapsed >= limits.backupTimeout) throw failure(title, `After ${elapsed} s (limit ${limits.backupTimeout} s): ${detail}.`);
  // At 5 % and more the progress says how long it will take.
  const expected = percent >= 5 ? Math.round((elapsed * 100) / percent) : 0;
  return { ...waitOnBackup({ since, now, limits, expected }, detail), backup: { ...backup, percent } };
}

/** Why a complete snapshot is no backup of its source. */
function flaws({ id, source: sourceId, encrypted, sizeGiB, tags: written }: Snapshot, { sources, tags }: OnItsWay): readonly string[] {
  const source = sources.find((candidate) => candidate.id === sourceId);
  if (!source) return [`${id} is of ${sourceId}, which is not there any more, or is none of what is backed up`];
  const untagged = Object.keys(tags).filter((key) => written[key] !== tags[key]);
  return [
    ...(source.encrypted && !encrypted ? [`${id} is not encrypted, but ${sourceId} is`] : []),
    ...(sizeGiB < source.sizeGiB ? [`${id} holds ${sizeGiB} GiB, but ${sourceId} has ${source.sizeGiB} GiB`] : []),
    ...(untagged.length > 0 ? [`${id} lacks the right value of the ${untagged.length === 1 ? 'tag' : 'tags'} ${untagged.join(', ')}`] : []),
  ];
}

/** Tags that an earlier run of the same backup wrote otherwise: who made it, when, and the order of the parts. They are not compared. */
const OF_THE_RUN: readonly string[] = [BACKUP_TAGS.run, BACKUP_TAGS.time, BACKUP_TAGS.parts];

/** What a snapshot of the backup must be tagged with, whichever run made it. */
export const lasting = (tags: Tags): Tags => Object.fromEntries(Object.entries(tags).filter(([key]) => !OF_THE_RUN.includes(key)));

const failure = (title: string, what: string): TaskError =>
  new TaskError(
    'BackupFailed',
    `The backup of ${title}: ${what} The cluster is unchanged: nothing is upgraded without a complete backup. Find the cause, then start again.`,
  );
