import { at, entriesOf, serving } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/** Serving nodes never fewer than planned, in every target group. What a fault takes away is counted apart. */
export const servingCapacity: Rule = {
  id: 1,
  title: 'Serving nodes are never fewer than planned, in every target group',
  check: (evidence) => {
    const { journal, capacity, before, targetGroupArns, initialInstances } = evidence;
    const planned = capacity === 'surge' ? before.desired : before.desired - 1;
    const counts = new Map(targetGroupArns.map((arn) => [arn, initialInstances.length]));
    const deaths = entriesOf(journal, 'fault').filter(({ name }) => name === 'instance-dies');
    const violations: string[] = [];
    let least = initialInstances.length;
    /** Nodes that a fault has taken and that were not yet made up for. */
    let missing = 0;
    let deathsSeen = 0;
    for (const { time, targetGroupArn, instanceIds } of serving(journal)) {
      while (deathsSeen < deaths.length && (deaths[deathsSeen]?.time ?? Infinity) <= time) {
        deathsSeen += 1;
        missing += 1;
      }
      counts.set(targetGroupArn, instanceIds.length);
      const count = instanceIds.length;
      least = Math.min(least, count);
      if (count < planned - missing) {
        violations.push(`only ${count} of ${planned} planned nodes served in ${nameOf(targetGroupArn)} at ${at(time, evidence)}`);
      }
      if (Math.min(...counts.values()) >= planned) missing = 0;
    }
    return finding(
      violations,
      `at least ${least} nodes served in each of ${targetGroupArns.length} target groups, ${planned} were planned`,
    );
  },
};

/** `bitbucket-http` of a target group's ARN. */
const nameOf = (arn: string): string => arn.split('/')[1] ?? arn;
