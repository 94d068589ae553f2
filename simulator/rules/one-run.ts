import { at, clusterChanges, rootOf } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/** Two runs never act at once on one cluster. */
export const oneRun: Rule = {
  id: 8,
  title: 'Two runs never act at once on one cluster',
  check: (evidence) => {
    const spans = new Map<string, { first: number; last: number }>();
    for (const { execution: each, time } of clusterChanges(evidence.journal)) {
      const execution = rootOf(evidence.journal, each);
      const span = spans.get(execution);
      spans.set(execution, { first: span?.first ?? time, last: time });
    }
    const inOrder = [...spans].sort(([, a], [, b]) => a.first - b.first);
    const violations = inOrder.flatMap(([execution, { first }], index) => {
      const earlier = inOrder[index - 1];
      return earlier !== undefined && first < earlier[1].last
        ? [
            `${execution} changed the cluster at ${at(first, evidence)}, while ${earlier[0]} still did until ${at(earlier[1].last, evidence)}`,
          ]
        : [];
    });
    return finding(violations, spans.size === 0 ? 'no run changed the cluster' : `${spans.size} run changed the cluster`);
  },
};
