import { isBugFixOf } from '../bitbucket/version';
import { wantedByOthers } from './events';
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
        ...(servingAtEnd < wanted ? [`only ${servingAtEnd} of ${wanted} nodes serve at the end`] : []),
      ],
      `${state ?? 'none'}: ${servingAtEnd} nodes serve, they run ${versions}`,
    );
  },
};
