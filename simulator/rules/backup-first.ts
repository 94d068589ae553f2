import { at, backupPair, clusterChanges, entriesOf } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/** No upgrade mode, and no change to the group, before a complete, available backup pair of this run. */
export const backupFirst: Rule = {
  id: 4,
  title: 'Nothing is changed before the backup pair of this run is complete',
  check: (evidence) => {
    const { journal, startedAt } = evidence;
    const pair = backupPair(evidence);
    const changes = [
      ...clusterChanges(journal).map(({ time, action }) => ({ time, what: action })),
      ...entriesOf(journal, 'bitbucket')
        .filter((entry) => entry['event'] === 'upgrade-mode' && entry['accepted'] === true && entry['by'] !== 'person')
        .map((entry) => ({ time: entry.time, what: `upgrade mode: ${String(entry['call'])}` })),
    ].filter(({ time }) => time >= startedAt);
    const early = changes.filter(({ time }) => pair === undefined || time < pair.completedAt);
    const why =
      pair === undefined ? 'with no complete backup pair' : `before the backup pair was complete at ${at(pair.completedAt, evidence)}`;
    return finding(
      early.map(({ time, what }) => `${what} at ${at(time, evidence)}, ${why}`),
      pair === undefined
        ? 'no backup pair, and nothing was changed'
        : `${pair.snapshotIds.length} snapshots (${pair.sharedTag}) complete at ${at(pair.completedAt, evidence)}, ${changes.length} changes after that`,
    );
  },
};
