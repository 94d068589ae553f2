import { allowedBackups, pairOf } from './backups';
import { at, clusterChanges, entriesOf } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/**
 * No upgrade mode, and no change to the group, before every part of a backup is complete: one of this run, or of an earlier one that may be
 * used again (between the same versions, and young enough). A scenario that chose no backup has none to wait for.
 */
export const backupFirst: Rule = {
  id: 4,
  title: 'Nothing is changed before the backup is complete: each part of it, begun together',
  check: (evidence) => {
    const changes = changesOf(evidence);
    const { sources } = evidence.backup;
    if (sources.length === 0) return { kept: true, evidence: `the scenario chose no backup; ${changes.length} changes` };
    const good = allowedBackups(evidence);
    const early = changes.filter(
      ({ time }) => !good.some(({ completedAt = Infinity, deletedAt = Infinity }) => completedAt <= time && time < deletedAt),
    );
    return finding(
      early.map(({ time, what }) => `${what} at ${at(time, evidence)}, ${why(evidence)}`),
      `${seen(evidence)}, ${changes.length} changes after that`,
    );
  },
};

function changesOf({ journal, startedAt }: Evidence): { readonly time: number; readonly what: string }[] {
  return [
    ...clusterChanges(journal).map(({ time, action }) => ({ time, what: action })),
    ...entriesOf(journal, 'bitbucket')
      .filter((entry) => entry['event'] === 'upgrade-mode' && entry['accepted'] === true && entry['by'] !== 'person')
      .map((entry) => ({ time: entry.time, what: `upgrade mode: ${String(entry['call'])}` })),
  ].filter(({ time }) => time >= startedAt);
}

function why(evidence: Evidence): string {
  const pair = pairOf(evidence);
  if (pair !== undefined) return `before the backup ${pair.id} was complete at ${at(pair.completedAt, evidence)}`;
  return `with no complete backup of ${evidence.backup.sources.map(({ part }) => part).join(', ')}`;
}

function seen(evidence: Evidence): string {
  const pair = pairOf(evidence);
  if (pair === undefined) return 'no backup, and nothing was changed';
  const { id, items, skewSeconds, completedAt, begunAt } = pair;
  const { skewLimitSeconds, sources } = evidence.backup;
  const whose = begunAt < evidence.startedAt ? 'of an earlier run, ' : '';
  return `${id}: ${whose}${sources.length} parts in ${items.length} snapshots, skew ${skewSeconds} s of at most ${skewLimitSeconds} s, complete at ${at(completedAt, evidence)}`;
}
