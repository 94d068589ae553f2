import type { Limits } from '../../lib/contract/environment';
import type { DrainLook, NodeRef, StandbyResult } from '../../lib/contract/events';
import { TaskError } from './errors';
import { done, waitOn } from './look';
import type { Target } from './observation';
import { isDrained, nameOf } from './observation';
import { secondsBetween } from './time';

/** What a draining node's look is made from. */
export interface DrainGround {
  readonly node: NodeRef;
  readonly standby: StandbyResult;
  /** Undefined when the instance has left the group. */
  readonly lifecycleState: string | undefined;
  /** Where the node is still registered. */
  readonly targets: readonly Target[];
  readonly now: Date;
  readonly limits: Limits;
}

/**
 * Whether a node is drained: in Standby, and registered in no target group, which a load balancer achieves when the last request in
 * flight has ended or the deregistration delay is over
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay).
 * Once the drain limit has passed it counts as drained, with what is left said aloud.
 *
 * @throws NodeNotDrained when it is still in service at the drain limit
 */
export function lookAtDrain({ node, standby, lifecycleState, targets, now, limits }: DrainGround): DrainLook {
  const since = standby.standbyAt;
  const drainedAt = now.toISOString();
  const elapsed = secondsBetween(since, now);
  const left = targets
    .filter(({ state }) => state !== 'unused')
    .map(({ targetGroupArn, state }) => `${state} in ${targetGroupArn.split('/')[1] ?? targetGroupArn}`);
  if (lifecycleState === undefined || (lifecycleState === 'Standby' && isDrained(targets))) {
    return { ...done(since, `${nameOf(node)} is drained after ${elapsed} s`), drainedAt, limitPassed: false };
  }
  const detail = `${nameOf(node)} is ${[lifecycleState, ...left].join(', ')}`;
  if (elapsed < limits.drainLimit) return { ...waitOn({ since, now, limits }, detail), drainedAt, limitPassed: false };
  if (lifecycleState !== 'Standby') {
    throw new TaskError('NodeNotDrained', `After ${elapsed} s (limit ${limits.drainLimit} s) ${detail}: it did not reach Standby.`);
  }
  return { ...done(since, `${detail} when the drain limit of ${limits.drainLimit} s passed`), drainedAt, limitPassed: true };
}
