import { isBugFixOf } from '../bitbucket/version';
import { clusterChanges, entriesOf, faulty, launches, rootOf, wantedByOthers } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/**
 * How a cluster is left. `upgraded`: one newer version, upgrade mode off. `original`: the version it had, upgrade mode off. `held`: upgrade mode on, so
 * that what serves is legal, and a next run goes on.
 */
export type EndState = 'upgraded' | 'original' | 'held';

/** The state in which a run left the cluster; undefined when it is none that a run may leave. */
export function endStateOf({ versionsAtEnd, upgradeModeAtEnd, originalVersion }: Evidence): EndState | undefined {
  const [version, ...others] = new Set(versionsAtEnd);
  if (version === undefined) return undefined;
  if (upgradeModeAtEnd) return 'held';
  if (others.length > 0) return undefined;
  if (version === originalVersion) return 'original';
  return isBugFixOf(version, originalVersion) ? 'upgraded' : undefined;
}

/** Each run ends upgraded, back at the original version, or held; and serving, whichever it is. */
export const endState: Rule = {
  id: 11,
  title: 'The run ends upgraded, back at the original version, or held; and the cluster serves',
  check: (evidence) => {
    const { versionsAtEnd, upgradeModeAtEnd, servingAtEnd, before, after } = evidence;
    const state = endStateOf(evidence);
    const wanted = Math.min(before.desired, after.desired, ...wantedByOthers(evidence).map(({ desired }) => desired));
    const versions = [...new Set(versionsAtEnd)].sort().join(' and ') || 'nothing';
    return finding(
      [
        ...(state === undefined ? [`the nodes run ${versions} with upgrade mode ${upgradeModeAtEnd ? 'on' : 'off'}`] : []),
        ...(servingAtEnd < wanted - spoiltSince(evidence) ? [`only ${servingAtEnd} of ${wanted} nodes serve at the end`] : []),
      ],
      `${state ?? 'none'}: ${servingAtEnd} nodes serve, they run ${versions}`,
    );
  },
};

/**
 * Instances that the group launched by itself when every execution that changed anything of it had ended, and that a fault made fail: nobody is there to
 * see to them.
 */
function spoiltSince(evidence: Evidence): number {
  const { journal, inServiceAtEnd } = evidence;
  const spoilt = faulty(evidence);
  const late = launches(evidence).filter(({ instanceId }) => spoilt.has(instanceId) && inServiceAtEnd.includes(instanceId));
  if (late.length === 0) return 0;
  const changing = new Set<unknown>(clusterChanges(journal).map(({ execution }) => rootOf(journal, execution)));
  const ends = entriesOf(journal, 'execution').filter((entry) => entry['change'] === 'ended' && changing.has(entry['execution']));
  const over = Math.max(...ends.map(({ time }) => time));
  return late.filter(({ time }) => time >= over).length;
}
