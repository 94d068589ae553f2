import type { JournalEntry } from '../kernel/ports';
import { entriesOf } from './events';

/** What the upgrades of a longer time are judged by. */
export interface LongEvidence {
  readonly journal: readonly JournalEntry[];
  /** When each run began and ended, in virtual milliseconds: what the group launches by itself between them (it rebalances its zones) is none of a run. */
  readonly runs: readonly { readonly from: number; readonly to: number }[];
  /** Version by image id. */
  readonly versionOfImage: Readonly<Record<string, string>>;
  /** Nodes of the cluster. */
  readonly nodes: number;
  /** Versions that the cluster was upgraded to in that time. */
  readonly targets: readonly string[];
  /** `from to to` of each backup that was begun in that time, as its tag says. */
  readonly backups: readonly string[];
}

/**
 * What was done twice, or not at all, in upgrades that took several runs: of each target version every node is launched once, upgrade mode
 * is turned on once and finalized once, and one backup is made. Empty when all was done just once.
 */
export function doneTwice({ journal, runs, versionOfImage, nodes, targets, backups }: LongEvidence): string[] {
  const inRun = ({ time }: JournalEntry): boolean => runs.some(({ from, to }) => from <= time && time <= to);
  const launched = entriesOf(journal, 'instance').filter((entry) => entry['change'] === 'pending' && inRun(entry));
  const good = new Set(entriesOf(journal, 'good').map(({ instanceId }) => instanceId));
  const calls = entriesOf(journal, 'bitbucket').filter((entry) => entry['event'] === 'upgrade-mode' && entry['accepted'] === true);
  const count = (call: string): number => calls.filter((entry) => entry['call'] === call).length;
  const upgrades = targets.length;
  return [
    ...targets.flatMap((version) => {
      const own = launched.filter((entry) => versionOfImage[String(entry['imageId'])] === version);
      const wasted = own.filter(({ id }) => !good.has(id)).length;
      return [
        ...times(`nodes of ${version} were launched`, own.length, nodes),
        ...times(`of them never became good`, wasted, 0),
        ...times(`backups were made for ${version}`, backups.filter((versions) => versions.endsWith(` to ${version}`)).length, 1),
      ];
    }),
    ...times('times upgrade mode was turned on', count('start'), upgrades),
    ...times('times the upgrade was finalized', count('approve'), upgrades),
    ...times('times upgrade mode was turned off again', count('cancel'), 0),
    ...times('backups were made in all', backups.length, upgrades),
  ];
}

const times = (what: string, count: number, wanted: number): string[] => (count === wanted ? [] : [`${count} ${what}, not ${wanted}`]);
