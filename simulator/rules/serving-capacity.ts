import { at, calls, lastOf, serving, splitOff, taken, wantedByOthers } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** What happened so short a time before a call cannot have been seen by who decided it, in milliseconds. */
const UNSEEN_MS = 180_000;

/** Serving nodes never fewer than planned, in every target group. What a fault takes away is counted apart, until it is made up for. */
export const servingCapacity: Rule = {
  id: 1,
  title: 'Serving nodes are never fewer than planned, in every target group',
  check: (evidence) => {
    const { journal, targetGroupArns, initialInstances } = evidence;
    const counts = new Map(targetGroupArns.map((arn) => [arn, initialInstances.length]));
    const losses = new Losses(evidence);
    const violations: string[] = [];
    let least = initialInstances.length;
    for (const { time, targetGroupArn, instanceIds } of serving(journal)) {
      const planned = plannedAt(evidence, time);
      counts.set(targetGroupArn, instanceIds.length);
      const count = instanceIds.length;
      least = Math.min(least, count);
      if (count < planned - losses.missing(time, instanceIds)) {
        violations.push(`only ${count} of ${planned} planned nodes served in ${nameOf(targetGroupArn)} at ${at(time, evidence)}`);
      }
      // Within capacity one more than planned shows that what was lost was replaced, and is not just the slack.
      const whole = planned + (evidence.capacity === 'surge' ? 0 : 1);
      if (Math.min(...counts.values()) >= whole) losses.madeUp(instanceIds);
    }
    return finding(
      [...violations, ...takenWhileShort(evidence)],
      `at least ${least} nodes served in each of ${targetGroupArns.length} target groups, ${plannedAt(evidence, 0)} were planned`,
    );
  },
};

/** Nodes that faults have taken and that were not yet made up for. */
class Losses {
  /** Each with the nodes that served when it was lost. */
  readonly #lost = new Map<string, readonly string[]>();
  readonly #coming: ReturnType<typeof taken>;
  #serving: readonly string[];

  constructor(evidence: Evidence) {
    this.#coming = taken(evidence);
    this.#serving = evidence.initialInstances;
  }

  /** How many serve no more at a moment because of faults. */
  missing(time: number, serving: readonly string[]): number {
    while ((this.#coming[0]?.time ?? Infinity) <= time) this.#lost.set(this.#coming.shift()?.instanceId ?? '', this.#serving);
    this.#serving = serving;
    return [...this.#lost.keys()].filter((id) => !serving.includes(id)).length;
  }

  /** As many serve as planned: those that are gone are made up for, once one serves that did not when they went. */
  madeUp(serving: readonly string[]): void {
    for (const [id, then] of this.#lost) {
      if (!serving.includes(id) && serving.some((other) => !then.includes(other))) this.#lost.delete(id);
    }
  }
}

/** As many as the group had, or as somebody else wanted since; one fewer within capacity. */
function plannedAt(evidence: Evidence, time: number): number {
  const { capacity, before } = evidence;
  const wanted = wantedByOthers(evidence).flatMap((entry) => (entry.time <= time ? [entry.desired] : []));
  return Math.min(before.desired, ...wanted) - (capacity === 'surge' ? 0 : 1);
}

/** What a fault took away is no excuse to take more: a node that serves is not put in Standby while too few would be left. */
function takenWhileShort(evidence: Evidence): string[] {
  const { journal, initialInstances } = evidence;
  const steps = serving(journal);
  const apart = splitOff(journal);
  return calls(journal)
    .filter(
      ({ action, error, input }) => action === 'autoscaling:EnterStandby' && error === undefined && Array.isArray(input['InstanceIds']),
    )
    .flatMap(({ time, input }) => {
      const [instanceId = ''] = input['InstanceIds'] as string[];
      if (apart.has(instanceId)) return [];
      const planned = plannedAt(evidence, time);
      return evidence.targetGroupArns.flatMap((arn) => {
        const ofGroup = steps.filter((step) => step.targetGroupArn === arn && step.time <= time);
        const before = lastOf(ofGroup, (step) => step.time <= time - UNSEEN_MS)?.instanceIds ?? initialInstances;
        if (!before.includes(instanceId)) return [];
        // The most that were seen to serve lately.
        const seen = Math.max(
          before.length,
          ...ofGroup.filter((step) => step.time > time - UNSEEN_MS).map((step) => step.instanceIds.length),
        );
        return seen - 1 < planned
          ? [
              `${instanceId} was put in Standby at ${at(time, evidence)} though only ${seen} of ${planned} planned nodes served in ${nameOf(arn)}`,
            ]
          : [];
      });
    });
}

/** `bitbucket-http` of a target group's ARN. */
const nameOf = (arn: string): string => arn.split('/')[1] ?? arn;
