import type { BackupLook, BackupPart } from '../../lib/contract/events';
import type { SnapshotProgress } from '../ports/backups';
import { TaskError } from './errors';
import type { Waiting } from './look';
import { done, waitOn } from './look';
import { secondsBetween } from './time';

/** Seconds until a snapshot that was started must be seen: reads may be stale. */
const VISIBLE_WITHIN = 120;

/**
 * Looks at one half of the backup pair.
 *
 * @throws BackupFailed when a snapshot failed, vanished, or takes longer than the time limit
 */
export function lookAtBackup(backup: BackupPart, snapshots: readonly SnapshotProgress[], waiting: Omit<Waiting, 'since'>): BackupLook {
  const { now, limits } = waiting;
  const since = backup.startedAt;
  const elapsed = secondsBetween(since, now);
  const missing = backup.snapshotIds.filter((id) => !snapshots.some((snapshot) => snapshot.id === id));
  const failed = snapshots.find(({ state }) => state === 'failed');
  const percent = missing.length > 0 ? 0 : Math.min(...snapshots.map((snapshot) => snapshot.percent));
  const detail = `${backup.part}: ${[...snapshots.map(({ id, said, percent: part }) => `${id} ${said} ${part} %`), ...missing.map((id) => `${id} not seen yet`)].join(', ')}`;

  if (failed) throw failure(`${failed.id} of ${backup.resource} is ${failed.said}.`);
  if (missing.length > 0 && elapsed > VISIBLE_WITHIN)
    throw failure(`${missing.join(', ')} of ${backup.resource}: not there. Was it deleted?`);
  if (missing.length === 0 && snapshots.every(({ state }) => state === 'complete')) {
    return { ...done(since, detail), backup: { ...backup, percent: 100, completedAt: now.toISOString() } };
  }
  if (elapsed >= limits.backupTimeout) throw failure(`After ${elapsed} s (limit ${limits.backupTimeout} s) ${detail}.`);
  // At 5 % and more the progress says how long it will take.
  const expected = percent >= 5 ? Math.round((elapsed * 100) / percent) : 0;
  return { ...waitOn({ since, now, limits, expected }, detail), backup: { ...backup, percent } };
}

const failure = (what: string): TaskError =>
  new TaskError(
    'BackupFailed',
    `${what} The cluster is unchanged: nothing is upgraded without a complete backup pair. Find the cause, then start again.`,
  );
