import type { NextNode, Plan, Rolled } from '../../lib/contract/events';
import { counted } from './checks/check';
import { isTurned } from './direction';
import type { Group, Member } from './observation';
import { byLoad, inFullestZone, isDead, isHealthyIn, isInService, isLeaving, isNew, isPending, isStandby, nameOf } from './observation';

/** What the choice is made from. */
export interface ChoiceGround {
  readonly plan: Plan;
  readonly group: Group;
  readonly members: readonly Member[];
  readonly targetGroupArns: readonly string[];
  /** Instance ids that an operator put last. */
  readonly postponed: readonly string[];
  /** Why no replacement may be begun any more: the maintenance window ends. Undefined while one may. */
  readonly tooLate?: string | undefined;
}

/** Whom to take out next; `wait` says what the cluster is not yet. */
export type Choice =
  | { readonly kind: 'wait'; readonly detail: string }
  /** An instance that should serve is gone: capacity comes first. */
  | { readonly kind: 'dead'; readonly member: Member }
  /** The surge node is gone: somebody scaled the group, or terminated it. */
  | { readonly kind: 'no-surge'; readonly detail: string }
  /** Old nodes are left, and there is no time for another: the run stops until the next window. */
  | { readonly kind: 'closing'; readonly detail: string }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'take'; readonly action: Exclude<NextNode['action'], 'none'>; readonly member: Member; readonly detail: string };

/**
 * Chooses the next node to take out: one that an interrupted run left in Standby, then one that does not serve, then the
 * least busy one; those that an operator put last come last. A new node in Standby, which an interrupted run was giving back, is retired. Nobody is taken before the group has as many instances in service as it desires and every new node
 * serves: so the first replacement is proven before a second node of the original version leaves.
 *
 * With a surge the group desires one more than it did. While more old nodes are left than that surplus each is replaced;
 * the last ones are retired, which gives the surplus back: N nodes take exactly N boots.
 *
 * When it is too late for another replacement, the surplus is given back by retiring old nodes: the new ones take their places, so that
 * no boot was for nothing. Whom a run left in Standby, its replacement is on its way: that one is finished all the same.
 */
export function chooseNext(ground: ChoiceGround): Choice {
  const { plan, group, members, targetGroupArns } = ground;
  const old = members.filter((member) => !isNew(member, plan) && !isLeaving(member));
  const left = old.find(isStandby);
  if (left) return take('replace', left, 'an interrupted run left it in Standby');

  const leftover = members.find((member) => isStandby(member) && isNew(member, plan));
  if (leftover) return take('retire', leftover, 'an interrupted run was giving it back');
  const dead = members.find(isDead);
  if (dead) return { kind: 'dead', member: dead };

  const inService = members.filter(isInService);
  const pending = members.filter(isPending);
  if (inService.length !== group.sizes.desired || pending.length > 0) {
    return {
      kind: 'wait',
      detail: `${inService.length} of ${group.sizes.desired} instances are in service, ${pending.length} are on their way`,
    };
  }
  const serves = (member: Member): boolean =>
    member.node?.state === 'ACTIVE' &&
    isHealthyIn(member, targetGroupArns) &&
    (member.view === undefined || member.view.status === 'RUNNING');
  const notYet = inService.filter((member) => isNew(member, plan) && !serves(member));
  if (notYet.length > 0) return { kind: 'wait', detail: `${notYet.map(nameOf).join(', ')}: new, and not serving` };

  const surplus = Math.max(0, group.sizes.desired - plan.sizes.desired);
  const isLast = ({ instanceId }: Member): boolean => ground.postponed.includes(instanceId);
  const candidates = inService
    .filter((member) => !isNew(member, plan))
    .sort((a, b) => Number(isLast(a)) - Number(isLast(b)) || Number(serves(a)) - Number(serves(b)) || byLoad(a, b));
  const first = candidates[0];
  const isEqual = (member: Member): boolean => first !== undefined && isLast(member) === isLast(first) && serves(first);
  const closing = ground.tooLate !== undefined;
  const next = (closing ? reserve(candidates, members) : withoutReserve(candidates, members, surplus)).find(isEqual) ?? first;
  if (next && ground.tooLate !== undefined && surplus === 0) {
    return { kind: 'closing', detail: `${ground.tooLate}. ${counted(candidates.length, 'node')} of ${plan.fromVersion} must wait` };
  }
  if (next && surplus === 0 && plan.capacity === 'surge' && !isTurned(plan)) {
    return { kind: 'no-surge', detail: `desired is ${group.sizes.desired}: without its surge node the cluster would be one node short` };
  }
  if (next) {
    const which = isTurned(plan) ? 'upgraded' : 'old';
    const why = serves(next) ? `it is the least busy of ${candidates.length} ${which} nodes` : 'it does not serve';
    const late = closing && candidates.length > surplus ? `, and a new node takes its place, as ${ground.tooLate}` : '';
    return take(candidates.length > surplus && !closing ? 'replace' : 'retire', next, `${why}${late}`);
  }
  // Only if an old node vanished by itself: the surplus is then among the new ones, and has to be drained like any other.
  const extra = surplus > 0 ? [...inService].sort(byLoad)[0] : undefined;
  if (extra) return take('retire', extra, 'no other node is left to replace, and the group has one node too many');
  return { kind: 'none', detail: `all ${inService.length} nodes are of ${plan.toVersion}` };
}

/** Those of the fullest zone: whoever goes without a successor is one of them. */
const reserve = (candidates: readonly Member[], members: readonly Member[]): readonly Member[] => candidates.filter(inFullestZone(members));

/** The candidates but for the last ones in the fullest zone, which are kept to be retired with the surplus, as long as there are others. */
function withoutReserve(candidates: readonly Member[], members: readonly Member[], surplus: number): readonly Member[] {
  const isFull = inFullestZone(members);
  const others = candidates.filter((member) => !isFull(member));
  return others.length > 0 && candidates.length > surplus && candidates.length - others.length <= surplus ? others : candidates;
}

const take = (action: 'replace' | 'retire', member: Member, why: string): Choice => ({
  kind: 'take',
  action,
  member,
  detail: `${action} ${nameOf(member)}: ${why}`,
});

/**
 * How many nodes of the cluster are replaced already: by this run, as far as it was told, by one that it continues, or by a call of which nobody heard the
 * end. So many old nodes are missing; the surge is one more, and takes no old one's place.
 */
export const countReplaced = (plan: Plan, { completed }: Rolled, members: readonly Member[]): number =>
  Math.max(completed.length, plan.sizes.desired - members.filter((member) => !isNew(member, plan) && !isLeaving(member)).length);
