import type { CapacityLook, Plan } from '../../lib/contract/events';
import type { Group, Member } from './observation';
import { byLoad, isAlive, isDrained, isHealthyIn, isInService, isLeaving, isNew, isPending, isStandby, nameOf } from './observation';

/** What the next step is decided from. */
export interface RestoreGround {
  readonly plan: Plan;
  readonly group: Group;
  readonly members: readonly Member[];
  readonly targetGroupArns: readonly string[];
  readonly now: Date;
  /** Seconds that an instance may take from launch to good. */
  readonly bootTimeout: number;
}

/** One step towards a cluster that serves with its original number of nodes. */
export type RestoreStep =
  | { readonly kind: 'resize'; readonly max: number; readonly desired: number; readonly detail: string }
  | { readonly kind: 'exit-standby'; readonly member: Member; readonly detail: string }
  /** Out of service with decrement: nothing takes its place. */
  | { readonly kind: 'stand-by'; readonly member: Member; readonly detail: string }
  | { readonly kind: 'terminate'; readonly member: Member; readonly decrement: boolean; readonly detail: string }
  | { readonly kind: 'wait'; readonly detail: string }
  | { readonly kind: 'done'; readonly made: CapacityLook['made']; readonly detail: string };

/**
 * After a failure, one step a look, in the order that never takes capacity before it gave some:
 * 1. An old node in Standby returns. That raises the desired capacity by one and is refused above the maximum, so the maximum
 *    is raised first (https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html).
 * 2. Wait until the old nodes serve again.
 * 3. Replacements that are beyond hope go. One that still boots has until its boot time-out: it may be migrating the database.
 * 4. Surplus nodes, new ones first, are drained in Standby and terminated: all new ones when every original node is back.
 * A group that is short of its original size is left to grow by itself; nothing is terminated then.
 */
export function nextRestoreStep(ground: RestoreGround): RestoreStep {
  return (
    returnOld(ground) ?? awaitOld(ground) ?? removeHopeless(ground) ?? finishLeaving(ground) ?? giveBackSurplus(ground) ?? settled(ground)
  );
}

const old = ({ plan, members }: RestoreGround): readonly Member[] => members.filter((member) => !isNew(member, plan) && !isLeaving(member));
const fresh = ({ plan, members }: RestoreGround): readonly Member[] =>
  members.filter((member) => isNew(member, plan) && !isLeaving(member));
const serves = (member: Member, { targetGroupArns }: RestoreGround): boolean =>
  isInService(member) && isAlive(member) && isHealthyIn(member, targetGroupArns);

function returnOld(ground: RestoreGround): RestoreStep | undefined {
  const { group } = ground;
  const away = old(ground).filter(isStandby);
  const entering = away.find(({ lifecycleState }) => lifecycleState === 'EnteringStandby');
  if (entering) return { kind: 'wait', detail: `${nameOf(entering)} is entering Standby; it can return when it is there` };
  const member = away[0];
  if (!member) return undefined;
  if (!isAlive(member))
    return { kind: 'terminate', member, decrement: false, detail: `${nameOf(member)} is ${member.ec2State}: it cannot return` };
  if (group.sizes.desired >= group.sizes.max) {
    const max = group.sizes.desired + 1;
    return {
      kind: 'resize',
      max,
      desired: group.sizes.desired,
      detail: `the maximum becomes ${max}, so that ${nameOf(member)} can return`,
    };
  }
  return { kind: 'exit-standby', member, detail: `${nameOf(member)} returns to service` };
}

function awaitOld(ground: RestoreGround): RestoreStep | undefined {
  // A dead instance does not come back; the group replaces it once ReplaceUnhealthy is resumed.
  const late = old(ground).filter((member) => isAlive(member) && !serves(member, ground));
  return late.length > 0
    ? { kind: 'wait', detail: `${late.map(nameOf).join(', ')} of the original version: not yet serving again` }
    : undefined;
}

function removeHopeless(ground: RestoreGround): RestoreStep | undefined {
  const { plan, group, now, bootTimeout } = ground;
  for (const member of fresh(ground).filter((candidate) => !isStandby(candidate) && !good(candidate, ground))) {
    const deadline = new Date(member.launchedAt).getTime() + bootTimeout * 1000;
    const beyondHope = !isAlive(member) || member.node?.state === 'ERROR' || isWrong(member, plan) || now.getTime() >= deadline;
    if (!beyondHope) return { kind: 'wait', detail: `${nameOf(member)} may still become good: until its boot time-out it is left alone` };
    if (group.sizes.desired <= plan.sizes.desired) continue; // to take it away would leave less than the original size
    // One that serves some requests, though it is not good, is drained first.
    if (isInService(member) && member.targets.some(({ state }) => state === 'healthy')) return drain(member, 'is not good');
    return { kind: 'terminate', member, decrement: true, detail: `${nameOf(member)} did not become good: it is terminated` };
  }
  return undefined;
}

const isWrong = (member: Member, plan: Plan): boolean => member.node !== undefined && member.node.version !== plan.toVersion;
const good = (member: Member, ground: RestoreGround): boolean =>
  serves(member, ground) && member.node?.state !== 'ERROR' && !isWrong(member, ground.plan);

function finishLeaving(ground: RestoreGround): RestoreStep | undefined {
  const standby = fresh(ground).find(isStandby);
  if (standby?.lifecycleState === 'Standby' && isDrained(standby.targets)) {
    return { kind: 'terminate', member: standby, decrement: false, detail: `${nameOf(standby)} is drained: it is terminated` };
  }
  if (standby) return { kind: 'wait', detail: `${nameOf(standby)} is draining` };
  const leaving = ground.members.filter((member) => isLeaving(member) && isNew(member, ground.plan));
  return leaving.length > 0 ? { kind: 'wait', detail: `${leaving.map(nameOf).join(', ')}: terminating` } : undefined;
}

function giveBackSurplus(ground: RestoreGround): RestoreStep | undefined {
  const { plan, group, members } = ground;
  const original = plan.sizes.desired;
  const present = members.filter((member) => isInService(member) || isPending(member)).length;
  if (group.sizes.desired > Math.max(original, present)) {
    const desired = Math.max(original, present);
    return { kind: 'resize', max: group.sizes.max, desired, detail: `no further instance is wanted: desired becomes ${desired}` };
  }
  const inService = members.filter((member) => isInService(member) && isAlive(member));
  if (group.sizes.desired <= original || inService.length <= original) return undefined;
  const surplus = fresh(ground).filter(isInService).sort(byLoad)[0] ?? old(ground).filter(isInService).sort(byLoad)[0];
  return surplus && drain(surplus, 'is one more than the cluster had');
}

const drain = (member: Member, why: string): RestoreStep => ({
  kind: 'stand-by',
  member,
  detail: `${nameOf(member)} ${why}: it is drained`,
});

function settled(ground: RestoreGround): RestoreStep {
  const before = old(ground).length;
  const after = fresh(ground).length;
  const made = after === 0 ? 'original' : before === 0 ? 'upgraded' : 'mixed';
  return {
    kind: 'done',
    made,
    detail: `${before} nodes of ${ground.plan.fromVersion} and ${after} of ${ground.plan.toVersion} are in the group`,
  };
}
