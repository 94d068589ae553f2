import type { Backup } from './backups';
import { backupsOf, backupIdOf, isGood, isOurs, itemsOf, leftovers } from './backups';
import { at } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** What was begun so short a time before cannot have been seen by who begins another, in milliseconds. */
const UNSEEN_MS = 60_000;

/** Of backups nothing is left over, none is made twice, and nothing of others is ever deleted. */
export const backupsKept: Rule = {
  id: 14,
  title: 'No backup is left incomplete or made twice, and nothing of others is deleted',
  check: (evidence) => {
    const { cleanedUp, keepsFailedParts } = evidence.backup;
    const left = cleanedUp && !keepsFailedParts ? leftovers(evidence) : [];
    const deleted = itemsOf(evidence).filter((item) => item.deletedAt !== undefined);
    const foreign = deleted.filter((item) => !isOurs(item, evidence) || backupIdOf(item) === undefined);
    const others = itemsOf(evidence).filter((item) => !isOurs(item, evidence));
    const good = backupsOf(evidence).filter((each) => isGood(each, evidence) && each.deletedAt === undefined);
    return finding(
      [
        ...left.map(({ id, of }) => `${id} of ${of} is left of a backup that is not complete`),
        ...foreign.map(({ id, deletedAt = 0 }) => `${id} was deleted at ${at(deletedAt, evidence)}, and is not of this cluster`),
        ...twice(evidence).map(
          ([second, first]) => `${second.id} was begun at ${at(second.begunAt, evidence)} though ${first.id} could be used`,
        ),
      ],
      `${good.length} complete, ${deleted.length} snapshots deleted, ${others.length} of others untouched`,
    );
  },
};

/** Backups that were begun in this part though another one could be used: with that one. */
function twice(evidence: Evidence): [Backup, Backup][] {
  const all = backupsOf(evidence);
  const good = all.filter((each) => isGood(each, evidence));
  return all.flatMap((second): [Backup, Backup][] => {
    if (second.begunAt < evidence.startedAt) return [];
    const first = good.find(
      (each) =>
        each.id !== second.id &&
        each.versions === second.versions &&
        each.lastBegunAt < second.begunAt - UNSEEN_MS &&
        second.begunAt - each.begunAt < evidence.backup.reuseSeconds * 1000 &&
        (each.deletedAt ?? Infinity) > second.begunAt,
    );
    return first === undefined ? [] : [[second, first]];
  });
}
