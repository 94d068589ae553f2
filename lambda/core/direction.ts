/** A roll back is the same engine with a plan that is turned round. */
import type { CapacityLook, Plan } from '../../lib/contract/events';
import type { Member } from './observation';
import { isNew } from './observation';

export const isTurned = ({ direction }: Plan): boolean => direction === 'back';

/** The plan with its versions and images exchanged, and nothing else: what was the target is left, what was left is the target. */
export function turn(plan: Plan): Plan {
  return {
    ...plan,
    fromVersion: plan.toVersion,
    toVersion: plan.fromVersion,
    originalImageId: plan.targetImageId,
    targetImageId: plan.originalImageId,
    direction: isTurned(plan) ? 'forward' : 'back',
  };
}

/** The plan as it was made: its `fromVersion` is the version that the upgrade started from. */
export const asMade = (plan: Plan): Plan => (isTurned(plan) ? turn(plan) : plan);

/** Whether the instance is of the version that the upgrade goes to, whichever way the plan goes now. Bitbucket knows better than its image. */
export const isUpgraded = (member: Member, plan: Plan): boolean =>
  member.node?.version !== asMade(plan).fromVersion && isNew(member, asMade(plan));

/** What these nodes make, whichever way the plan goes now. */
export function madeOf(members: readonly Member[], plan: Plan): CapacityLook['made'] {
  const upgraded = members.filter((member) => isUpgraded(member, plan)).length;
  return upgraded === 0 ? 'original' : upgraded === members.length ? 'upgraded' : 'mixed';
}
