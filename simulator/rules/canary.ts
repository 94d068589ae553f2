import { at, goodAt, launches, moves } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** No second node of the original version is taken out before the first replacement was good. One that came back was not taken. */
export const canary: Rule = {
  id: 9,
  title: 'No second old node is taken out before the first new node was good',
  check: (evidence) => {
    const { initialVersions, originalVersion } = evidence;
    const firstGood = firstGoodAt(evidence);
    const out = new Map<string, number>();
    let second: { readonly instanceId: string; readonly time: number } | undefined;
    for (const { time, instanceId, state, out: leaves } of moves(evidence)) {
      if ((initialVersions[instanceId] ?? originalVersion) !== originalVersion) continue;
      if (state === 'InService') out.delete(instanceId);
      if (!leaves || out.has(instanceId)) continue;
      out.set(instanceId, time);
      if (out.size > 1) second ??= { instanceId, time };
    }
    const violations =
      second !== undefined && second.time < firstGood
        ? [
            `${second.instanceId} was the second old node to be taken out, at ${at(second.time, evidence)}; ${
              firstGood === Infinity ? 'no new node was ever good' : `the first new node was good at ${at(firstGood, evidence)}`
            }`,
          ]
        : [];
    const seen =
      firstGood === Infinity
        ? 'no new node was good'
        : firstGood === -Infinity
          ? 'a new node was good from the beginning'
          : `the first new node was good at ${at(firstGood, evidence)}`;
    return finding(
      violations,
      `${seen}, the second old node was ${second === undefined ? 'never taken out' : `taken out at ${at(second.time, evidence)}`}`,
    );
  },
};

/** Nodes of another version that were there already were judged when they came. */
function firstGoodAt(evidence: Evidence): number {
  const { initialInstances, initialVersions, originalVersion } = evidence;
  if (initialInstances.some((id) => (initialVersions[id] ?? originalVersion) !== originalVersion)) return -Infinity;
  return Math.min(Infinity, ...launches(evidence).flatMap(({ instanceId }) => goodAt(evidence, instanceId) ?? []));
}
