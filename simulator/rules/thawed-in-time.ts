import { at, entriesOf } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** A frozen file system stops every write of every node: each one is thawed within the limit, even when the run dies meanwhile. */
export const thawedInTime: Rule = {
  id: 15,
  title: 'Each file system that is frozen is thawed within the limit',
  check: (evidence) => {
    const spells = frozen(evidence);
    const limit = evidence.backup.thawSeconds;
    const late = spells.filter(({ seconds }) => seconds > limit);
    const longest = Math.max(0, ...spells.map(({ seconds }) => seconds));
    return finding(
      late.map(({ what, since, seconds }) =>
        seconds === Infinity
          ? `${what} was frozen at ${at(since, evidence)} and never thawed`
          : `${what} was frozen at ${at(since, evidence)} for ${seconds} s, allowed are ${limit} s`,
      ),
      spells.length === 0 ? 'nothing was frozen' : `${spells.length} frozen, for ${longest} s at most`,
    );
  },
};

/** Each time that a file system was frozen, and for how long. */
function frozen({ journal }: Evidence): { readonly what: string; readonly since: number; readonly seconds: number }[] {
  const open = new Map<string, number>();
  const spells: { what: string; since: number; seconds: number }[] = [];
  for (const entry of entriesOf(journal, 'freeze')) {
    for (const mountPoint of entry['mountPoints'] as string[]) {
      const what = `${mountPoint} of ${String(entry['instanceId'])}`;
      const since = open.get(what);
      if (entry['change'] === 'frozen') open.set(what, since ?? entry.time);
      else if (since !== undefined) {
        open.delete(what);
        spells.push({ what, since, seconds: Math.round((entry.time - since) / 1000) });
      }
    }
  }
  return [...spells, ...[...open].map(([what, since]) => ({ what, since, seconds: Infinity }))];
}
