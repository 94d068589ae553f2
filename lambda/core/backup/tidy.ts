import type { Limits } from '../../../lib/contract/environment';
import type { Look, TidyInput } from '../../../lib/contract/events';
import { TaskError } from '../errors';
import { done } from '../look';
import { secondsBetween } from '../time';
import type { Snapshot } from './snapshot';
import { belongsTo, idOf, isFinished } from './tags';
import { waitOnBackup } from './wait';

/** What happened to a snapshot that was to go: gone, not possible yet, or something else still uses it. */
export type Discarded = 'gone' | 'later' | 'in-use';

/**
 * Seconds after which nothing appears any more: a task that makes snapshots may still run when the run has turned to something else
 * (a failed branch of a Parallel state does not stop the functions of the others), but no longer than its time-out of 60 s.
 */
const SETTLED = 75;

/** Whom a tidy task works for. */
const ownerOf = ({ part, clusterName }: TidyInput) => ({ clusterName, part: part.name });

const named = (input: TidyInput, ids: readonly string[], snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  snapshots.filter(({ tags }) => belongsTo(tags, ownerOf(input)) && ids.includes(idOf(tags)));

/** Snapshots that are to be marked as those of a finished upgrade, and are not yet. */
export const toMark = (input: TidyInput, snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  named(input, input.mark, snapshots).filter(({ tags, state }) => state !== 'leaving' && !isFinished(tags));

/** Snapshots that are to go: exactly what carries this cluster's tag, this part's, and one of the ids. A backup to keep is never one. */
export const toDiscard = (input: TidyInput, snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  named(
    input,
    input.discard.filter((id) => !input.mark.includes(id)),
    snapshots,
  ).filter(({ state }) => state !== 'leaving');

/** What a look of a tidy task came to. */
export interface Tidied {
  readonly marked: readonly Snapshot[];
  readonly discarded: readonly { readonly snapshot: Snapshot; readonly outcome: Discarded }[];
}

/**
 * Whether all is tidy.
 *
 * @throws BackupFailed when something cannot be deleted, or not in time
 */
export function lookAtTidy(
  input: TidyInput,
  { marked, discarded }: Tidied,
  { now, limits }: { readonly now: Date; readonly limits: Limits },
): Look {
  const { part, since = now.toISOString() } = input;
  const elapsed = secondsBetween(since, now);
  const at = (outcome: Discarded): readonly string[] =>
    discarded.filter((one) => one.outcome === outcome).map(({ snapshot }) => `${snapshot.id} (${snapshot.said})`);
  const [gone, later, inUse] = [at('gone'), at('later'), at('in-use')];
  const detail = [
    `${part.title}: ${marked.length} snapshots marked as of a finished upgrade`,
    `${gone.length} deleted${gone.length > 0 ? `: ${gone.join(', ')}` : ''}`,
    ...(later.length > 0 ? [`not deleted yet: ${later.join(', ')}`] : []),
  ].join('; ');

  if (later.length > 0) {
    if (elapsed < limits.backupTimeout) return waitOnBackup({ since, now, limits }, detail);
    throw failure(`After ${elapsed} s (limit ${limits.backupTimeout} s) ${detail}. Delete what is left by hand.`);
  }
  if (inUse.length > 0)
    throw failure(`${inUse.join(', ')} of ${part.title}: in use by an image (AMI). Deregister the image, then delete the snapshot.`);
  if (
    elapsed < SETTLED &&
    mayStillGrow(
      input,
      discarded.map(({ snapshot }) => snapshot),
      now,
    )
  ) {
    return {
      ...waitOnBackup({ since, now, limits }, `${detail}; one more look, for what a task that still runs may make`),
      waitSeconds: SETTLED - elapsed,
    };
  }
  return done(since, detail);
}

/** Whether a backup that is to go is so fresh, or so little of it was seen, that more of it may appear. Later looks see nothing of it. */
const mayStillGrow = (input: TidyInput, seen: readonly Snapshot[], now: Date): boolean =>
  input.discard.some((id) => !seen.some(({ tags }) => idOf(tags) === id)) ||
  seen.some(({ startedAt }) => startedAt === '' || secondsBetween(startedAt, now) < SETTLED);

const failure = (what: string): TaskError => new TaskError('BackupFailed', `Backups could not be tidied. ${what}`);
