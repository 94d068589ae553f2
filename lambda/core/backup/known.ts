import type { KnownBackup } from '../../../lib/contract/events';
import { BACKUP_TAGS } from '../../../lib/contract/tags';
import type { Snapshot } from './snapshot';
import { covers } from './snapshot';
import type { Owner } from './tags';
import { belongsTo, idOf, isFinished, partsOf } from './tags';

/**
 * The backups of this part that the tool made for this cluster, by exact tags.
 *
 * @param sources what a backup of today would be made of. An unfinished backup without one of them will never be complete; a finished
 *   one was complete when it was made, whatever volumes there were.
 */
export function knownBackups(snapshots: readonly Snapshot[], owner: Owner, sources: readonly string[]): readonly KnownBackup[] {
  const backups = new Map<string, Snapshot[]>();
  for (const snapshot of snapshots) {
    if (snapshot.state === 'leaving' || !belongsTo(snapshot.tags, owner)) continue;
    const id = idOf(snapshot.tags);
    backups.set(id, [...(backups.get(id) ?? []), snapshot]);
  }
  return [...backups].map(([backupId, made]) => {
    const parts = partsOf(made[0]?.tags ?? {});
    const finished = made.every(({ tags }) => isFinished(tags));
    return {
      backupId,
      versions: tagOf(made, BACKUP_TAGS.versions),
      run: tagOf(made, BACKUP_TAGS.run),
      startedAt:
        made
          .map(({ startedAt }) => startedAt)
          .filter(Boolean)
          .sort()[0] ?? tagOf(made, BACKUP_TAGS.time),
      state: stateOf(made, finished ? [] : sources),
      finished,
      ...(parts && { parts }),
      ...(parts && { parts }),
    };
  });
}

const tagOf = ([first]: readonly Snapshot[], key: string): string => first?.tags[key] ?? '';

/** A snapshot that failed does not count when there is another of the same source: a call may have been made twice. */
function stateOf(made: readonly Snapshot[], sources: readonly string[]): KnownBackup['state'] {
  const good = made.filter(({ state }) => state !== 'failed');
  if (!covers(good, [...sources, ...made.map(({ source }) => source)])) return 'failed';
  const complete = good.filter(({ state }) => state === 'complete');
  return covers(
    complete,
    good.map(({ source }) => source),
  )
    ? 'complete'
    : 'pending';
}
