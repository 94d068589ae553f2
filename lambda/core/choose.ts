import type { NextNode, Plan } from '../../lib/contract/events';
import type { Group, Member } from './observation';
import { byLoad, isHealthyIn, isInService, isLeaving, isNew, isPending, isStandby, nameOf, refOf } from './observation';

/** What the choice is made from. */
export interface ChoiceGround {
  readonly plan: Plan;
  readonly group: Group;
  readonly members: readonly Member[];
  readonly targetGroupArns: readonly string[];
}

/** Whom to take out next; `wait` says what the cluster is not yet. */
export type Choice =
  | { readonly kind: 'wait'; readonly detail: string }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'take'; readonly action: Exclude<NextNode['action'], 'none'>; readonly member: Member; readonly detail: string };

/**
 * Chooses the next node to take out: one that an interrupted run left in Standby, then one that does not serve, then the
 * least busy one. Nobody is taken before the group has as many instances in service as it desires and every new node
 * serves: so the first replacement is proven before a second node of the original version leaves.
 *
 * With a surge the group desires one more than it did. While more old nodes are left than that surplus each is replaced;
 * the last ones are retired, which gives the surplus back: N nodes take exactly N boots.
 */
export function chooseNext(ground: ChoiceGround): Choice {
  const { plan, group, members, targetGroupArns } = ground;
  const old = members.filter((member) => !isNew(member, plan) && !isLeaving(member));
  const left = old.find(isStandby);
  if (left) return take('replace', left, 'an interrupted run left it in Standby');

  const inService = members.filter(isInService);
  const pending = members.filter(isPending);
  if (inService.length !== group.sizes.desired || pending.length > 0) {
    return {
      kind: 'wait',
      detail: `${inService.length} of ${group.sizes.desired} instances are in service, ${pending.length} are on their way`,
    };
  }
  const serves = (member: Member): boolean => member.node?.state === 'ACTIVE' && isHealthyIn(member, targetGroupArns);
  const notYet = inService.filter((member) => isNew(member, plan) && !serves(member));
  if (notYet.length > 0) return { kind: 'wait', detail: `${notYet.map(nameOf).join(', ')}: new, and not serving` };

  const surplus = Math.max(0, group.sizes.desired - plan.sizes.desired);
  const candidates = inService
    .filter((member) => !isNew(member, plan))
    .sort((a, b) => Number(serves(a)) - Number(serves(b)) || byLoad(a, b));
  const next = candidates[0];
  if (next) {
    const why = serves(next) ? `it is the least busy of ${candidates.length} old nodes` : 'it does not serve';
    return take(candidates.length > surplus ? 'replace' : 'retire', next, why);
  }
  // Only if an old node vanished by itself: the surplus is then among the new ones, and has to be drained like any other.
  const extra = surplus > 0 ? [...inService].sort(byLoad)[0] : undefined;
  if (extra) return take('retire', extra, 'no old node is left, and the group has one node too many');
  return { kind: 'none', detail: `all ${inService.length} nodes are of the new version` };
}

const take = (action: 'replace' | 'retire', member: Member, why: string): Choice => ({
  kind: 'take',
  action,
  member,
  detail: `${action} ${nameOf(member)}: ${why}`,
});

/** The chosen node's reference. */
export const chosen = (choice: Extract<Choice, { kind: 'take' }>): Pick<NextNode, 'action' | 'node'> => ({
  action: choice.action,
  node: refOf(choice.member),
});
