import { at, faulty, goodAt, launches, lifecycle } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

const OUT = /^(EnteringStandby|Standby|Detaching|Terminating)/;

/** No second node of the original version is taken out before the first replacement was good. */
export const canary: Rule = {
  id: 9,
  title: 'No second old node is taken out before the first new node was good',
  check: (evidence) => {
    const { journal, initialInstances } = evidence;
    const faults = faulty(journal);
    const good = launches(evidence).flatMap(({ instanceId }) => goodAt(evidence, instanceId) ?? []);
    const firstGood = Math.min(Infinity, ...good);
    const taken = new Map<string, number>();
    for (const { time, instanceId, state } of lifecycle(journal)) {
      if (initialInstances.includes(instanceId) && !faults.has(instanceId) && OUT.test(state) && !taken.has(instanceId))
        taken.set(instanceId, time);
    }
    const [, second] = [...taken].sort(([, a], [, b]) => a - b);
    const violations =
      second !== undefined && second[1] < firstGood
        ? [
            `${second[0]} was the second old node to be taken out, at ${at(second[1], evidence)}; ${
              firstGood === Infinity ? 'no new node was ever good' : `the first new node was good at ${at(firstGood, evidence)}`
            }`,
          ]
        : [];
    const seen = firstGood === Infinity ? 'no new node was good' : `the first new node was good at ${at(firstGood, evidence)}`;
    return finding(
      violations,
      `${seen}, the second old node was ${second === undefined ? 'never taken out' : `taken out at ${at(second[1], evidence)}`}`,
    );
  },
};
