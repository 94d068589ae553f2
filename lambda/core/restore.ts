import type { CapacityLook, Plan } from '../../lib/contract/events';
import { asMade, isTurned, isUpgraded, madeOf } from './direction';
import type { Group, Member } from './observation';
import {
  byLoad,
  inFullestZone,
  isAlive,
  isDead,
  isDrained,
  isHealthyIn,
  isInService,
  isLeaving,
  isListed,
  isNew,
  isPending,
  isStandby,
  nameOf,
} from './observation';
import { death } from './words';

/** What the next step is decided from. */
export interface RestoreGround {
  readonly plan: Plan;
  readonly group: Group;
  readonly members: readonly Member[];
  readonly targetGroupArns: readonly string[];
  readonly now: Date;
  /** When the restore began. */
  readonly begunAt: Date;
  /** Seconds that an instance may take from launch to good. */
  readonly bootTimeout: number;
  /** `keep`: good nodes stay, however many, since the roll goes on or back from here. `give-back`: the group ends at its original size. */
  readonly surplus: 'keep' | 'give-back';
}

/** One step towards a cluster that serves with its original number of nodes. */
export type RestoreStep =
  /** Room for a node that returns. The desired capacity is left alone: to name it could lower what has risen since the look. */
  | { readonly kind: 'raise-maximum'; readonly max: number; readonly detail: string }
  | { readonly kind: 'lower-desired'; readonly desired: number; readonly detail: string }
  | { readonly kind: 'exit-standby'; readonly member: Member; readonly detail: string }
  /** Out of service with decrement: nothing takes its place. */
  | { readonly kind: 'stand-by'; readonly member: Member; readonly detail: string }
  | { readonly kind: 'terminate'; readonly member: Member; readonly decrement: boolean; readonly detail: string }
  | { readonly kind: 'wait'; readonly detail: string }
  | ({ readonly kind: 'done'; readonly detail: string } & Pick<CapacityLook, 'made' | 'held'>);

/**
 * After a failure, one step a look, in the order that never takes capacity before it gave some. "Old" is what the plan replaces, "new"
 * what it replaces it with, so a roll back that failed is restored by the same steps:
 * 1. An old node in Standby returns; so does a new one that is active, as long as fewer serve than the cluster had. That raises the
 *    desired capacity by one and is refused above the maximum, so the maximum is raised first
 *    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html).
 * 2. An instance that died is terminated through the group, which launches a fresh one: ReplaceUnhealthy, which would do so, is suspended. So is one
 *    of the old version that the group launched since the plan was made, and that did not become good in its time.
 * 3. Wait until the old nodes serve again.
 * 4. Replacements that are beyond hope go; where the group has no node more, a fresh instance is tried. One that still boots has until its boot time-out: it may be
 *    migrating the database.
 * 5. To give back the surplus nodes, new ones first, are drained in Standby and terminated.
 * A group that is short of its original size is left to grow by itself; nothing is terminated then.
 */
export function nextRestoreStep(ground: RestoreGround): RestoreStep {
  return (
    returnOld(ground) ??
    returnNew(ground) ??
    replaceDead(ground) ??
    replaceLate(ground) ??
    awaitOld(ground) ??
    removeHopeless(ground) ??
    finishLeaving(ground) ??
    wantNoMore(ground) ??
    awaitLaunch(ground) ??
    giveBackSurplus(ground) ??
    settled(ground)
  );
}

const old = ({ plan, members }: RestoreGround): readonly Member[] => members.filter((member) => !isNew(member, plan) && !isLeaving(member));
const fresh = ({ plan, members }: RestoreGround): readonly Member[] =>
  members.filter((member) => isNew(member, plan) && !isLeaving(member));
const serves = (member: Member, { targetGroupArns }: RestoreGround): boolean =>
  isInService(member) && isAlive(member) && isHealthyIn(member, targetGroupArns) && !isIll(member);

function returnOld(ground: RestoreGround): RestoreStep | undefined {
  const { group } = ground;
  const away = old(ground).filter(isStandby);
  const entering = away.find(({ lifecycleState }) => lifecycleState === 'EnteringStandby');
  if (entering) return { kind: 'wait', detail: `${nameOf(entering)} is entering Standby; it can return when it is there` };
  const member = away[0];
  if (!member || isSurplus(ground)) return undefined;
  if (!isAlive(member))
    return { kind: 'terminate', member, decrement: false, detail: `${nameOf(member)} is ${member.ec2State}: it cannot return` };
  return returning(member, group);
}

/** Whether old nodes alone serve as many as the cluster had: one more in Standby is the surplus that is being given back. */
const isSurplus = (ground: RestoreGround): boolean =>
  ground.surplus === 'give-back' &&
  fresh(ground).length === 0 &&
  old(ground).filter((member) => serves(member, ground)).length >= ground.plan.sizes.desired;

/** A new node that a run which ended was giving back, or an upgraded one that a roll back had taken out, when the cluster is short of it. */
function returnNew(ground: RestoreGround): RestoreStep | undefined {
  const { plan, group, members } = ground;
  const short = members.filter((member) => serves(member, ground)).length < plan.sizes.desired;
  const [standing, others] = [fresh(ground).filter(isStandby), fresh(ground).filter((member) => !isStandby(member))];
  // One that is not good first has to become so, or to go: it may be what was drained just now.
  if (!short || others.some((member) => !good(member, ground))) return undefined;
  const member = standing.find(
    (candidate) =>
      candidate.lifecycleState === 'Standby' && isAlive(candidate) && candidate.node?.state === 'ACTIVE' && !isWrong(candidate, plan),
  );
  return member && returning(member, group);
}

function returning(member: Member, { sizes }: Group): RestoreStep {
  if (sizes.desired < sizes.max) return { kind: 'exit-standby', member, detail: `${nameOf(member)} returns to service` };
  const max = sizes.desired + 1;
  return { kind: 'raise-maximum', max, detail: `the maximum becomes ${max}, so that ${nameOf(member)} can return` };
}

function replaceDead({ plan, group, members }: RestoreGround): RestoreStep | undefined {
  const member = members.find(isDead);
  if (!member) return undefined;
  // A replacement that is one more than the cluster had is only given up; whoever goes on adds it again.
  const decrement = isNew(member, plan) && group.sizes.desired > plan.sizes.desired;
  return { kind: 'terminate', member, decrement, detail: death(member, plan) };
}

/** Until when an instance may become good, in milliseconds. */
const bootDeadline = ({ launchedAt }: Member, bootTimeout: number): number => new Date(launchedAt).getTime() + bootTimeout * 1000;

function replaceLate(ground: RestoreGround): RestoreStep | undefined {
  const { plan, now, bootTimeout } = ground;
  // On the way back every node that is left to replace came after the plan.
  if (isTurned(plan)) return undefined;
  const member = old(ground).find(
    (candidate) =>
      !isListed(candidate, plan.nodes) &&
      isInService(candidate) &&
      (isIll(candidate) || !candidate.targets.some(({ state }) => state === 'healthy' || state === 'draining')) &&
      now.getTime() >= bootDeadline(candidate, bootTimeout),
  );
  return (
    member && {
      kind: 'terminate',
      member,
      decrement: false,
      detail: `${nameOf(member)} of ${plan.fromVersion} was launched meanwhile and did not become good: a fresh instance takes its place`,
    }
  );
}

function awaitOld(ground: RestoreGround): RestoreStep | undefined {
  const late = old(ground).filter((member) => isAlive(member) && !isStandby(member) && !serves(member, ground));
  return late.length > 0
    ? { kind: 'wait', detail: `${late.map(nameOf).join(', ')} of ${ground.plan.fromVersion}: not yet serving again` }
    : undefined;
}

function removeHopeless(ground: RestoreGround): RestoreStep | undefined {
  const { plan, group, now, begunAt, bootTimeout } = ground;
  for (const member of fresh(ground).filter((candidate) => !isStandby(candidate) && !good(candidate, ground))) {
    const deadline = bootDeadline(member, bootTimeout);
    const beyondHope = member.node?.state === 'ERROR' || isWrong(member, plan) || now.getTime() >= deadline;
    if (!beyondHope) return { kind: 'wait', detail: `${nameOf(member)} may still become good: until its boot time-out it is left alone` };
    if (group.sizes.desired <= plan.sizes.desired) {
      // Without it less than the original size would be left, and one of another version of the line serves like any other.
      if (isWrong(member, plan) && isServing(member, ground)) continue;
      // A fresh instance is tried for the one that was found. The next ones have their time first: a launch that fails is not repeated at once.
      if (now.getTime() < deadline && new Date(member.launchedAt) >= begunAt)
        return { kind: 'wait', detail: `${nameOf(member)} did not become good either: until its boot time-out no other is launched` };
      return {
        kind: 'terminate',
        member,
        decrement: false,
        detail: `${nameOf(member)} did not become good: a fresh instance takes its place`,
      };
    }
    if (now.getTime() < deadline && isNeeded(member, ground))
      return { kind: 'wait', detail: `${nameOf(member)} is of another version, but it serves, and fewer others do than the cluster had` };
    // One that serves some requests, though it is not good, is drained first.
    if (isInService(member) && member.targets.some(({ state }) => state === 'healthy')) return drain(member, 'is not good');
    return { kind: 'terminate', member, decrement: true, detail: `${nameOf(member)} did not become good: it is terminated` };
  }
  return undefined;
}

/** A node of a wrong version serves like any other: while an original one is missing it goes only when that is made up for. */
const isNeeded = (member: Member, ground: RestoreGround): boolean =>
  isServing(member, ground) &&
  ground.members.filter((other) => other !== member && serves(other, ground)).length < ground.plan.sizes.desired;

const isServing = (member: Member, ground: RestoreGround): boolean =>
  serves(member, ground) && member.node?.state === 'ACTIVE' && !isApart(member, ground);

const isWrong = (member: Member, plan: Plan): boolean => member.node !== undefined && member.node.version !== plan.toVersion;
const good = (member: Member, ground: RestoreGround): boolean =>
  serves(member, ground) && member.node?.state !== 'ERROR' && !isWrong(member, ground.plan) && !isApart(member, ground);

/** What a node may say of itself though load balancers find it healthy: all of this may answer 200. No answer is no proof of illness. */
const ILL = ['STARTING', 'FIRST_RUN', 'MAINTENANCE', 'ERROR'];
const isIll = ({ view }: Member): boolean => view !== undefined && ILL.includes(view.status);

/** Whether it runs as a cluster of its own: of the nodes that serve, and came before it, it says that it sees none. */
function isApart({ launchedAt, view }: Member, ground: RestoreGround): boolean {
  const seen = view?.members;
  const before = ground.members.filter((other) => other.launchedAt < launchedAt && other.privateIp !== '' && serves(other, ground));
  return seen !== undefined && before.length > 0 && !before.some(({ privateIp }) => seen.includes(privateIp));
}

function finishLeaving(ground: RestoreGround): RestoreStep | undefined {
  const standby = [...fresh(ground), ...old(ground)].find(isStandby);
  if (standby?.lifecycleState === 'Standby' && isDrained(standby.targets)) {
    return { kind: 'terminate', member: standby, decrement: false, detail: `${nameOf(standby)} is drained: it is terminated` };
  }
  if (standby) return { kind: 'wait', detail: `${nameOf(standby)} is draining` };
  const leaving = ground.members.filter(isLeaving);
  return leaving.length > 0 ? { kind: 'wait', detail: `${leaving.map(nameOf).join(', ')}: terminating` } : undefined;
}

const present = ({ members }: RestoreGround): number => members.filter((member) => isInService(member) || isPending(member)).length;

/** A launch beyond the original size that never came is no longer wanted. */
function wantNoMore(ground: RestoreGround): RestoreStep | undefined {
  const { plan, group, members } = ground;
  const desired = Math.max(plan.sizes.desired, present(ground));
  // While an instance terminates, its successor may be on the way.
  if (group.sizes.desired <= desired || members.some(isLeaving)) return undefined;
  return { kind: 'lower-desired', desired, detail: `no further instance is wanted: desired becomes ${desired}` };
}

/** What the group launches now comes from the image that it points at: nobody may point it elsewhere, or turn upgrade mode off, before. */
function awaitLaunch(ground: RestoreGround): RestoreStep | undefined {
  const { sizes } = ground.group;
  return present(ground) < sizes.desired
    ? { kind: 'wait', detail: `${present(ground)} of ${sizes.desired} instances are in the group: it launches another` }
    : undefined;
}

function giveBackSurplus(ground: RestoreGround): RestoreStep | undefined {
  const { plan, group, members } = ground;
  const original = plan.sizes.desired;
  const inService = members.filter((member) => isInService(member) && isAlive(member));
  if (ground.surplus === 'keep' || group.sizes.desired <= original || inService.length <= original) return undefined;
  const isFull = inFullestZone(members);
  const surplus = [...inService].sort(
    (a, b) => Number(isNew(b, plan)) - Number(isNew(a, plan)) || Number(isFull(b)) - Number(isFull(a)) || byLoad(a, b),
  )[0];
  return surplus && drain(surplus, 'is one more than the cluster had');
}

const drain = (member: Member, why: string): RestoreStep => ({
  kind: 'stand-by',
  member,
  detail: `${nameOf(member)} ${why}: it is drained`,
});

function settled(ground: RestoreGround): RestoreStep {
  return { kind: 'done', held: true, ...standing(ground) };
}

/**
 * No run has recorded anything on the group, so none has changed it: how many instances it has, and which are in Standby, is the doing of others, and
 * stays as it is.
 */
export function unheld(ground: RestoreGround): RestoreStep {
  const { made, detail } = standing(ground);
  return { kind: 'done', held: false, made, detail: `nothing is recorded on the group, so nothing was changed: ${detail}` };
}

function standing({ plan, members }: RestoreGround): { readonly made: CapacityLook['made']; readonly detail: string } {
  const staying = members.filter((member) => !isLeaving(member));
  const upgraded = staying.filter((member) => isUpgraded(member, plan)).length;
  const { fromVersion, toVersion } = asMade(plan);
  return {
    made: madeOf(staying, plan),
    detail: `${staying.length - upgraded} nodes of ${fromVersion} and ${upgraded} of ${toVersion} are in the group`,
  };
}
