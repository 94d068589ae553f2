import type { Plan } from '../../../../lib/contract/events';
import type { Member } from '../../observation';
import { isAlive, isInService, isNew, isStandby } from '../../observation';

/**
 * The nodes that must be in order before anything begins: all in service, and one that an interrupted run left in Standby. When a run is
 * continued its new nodes may still boot, and an instance may have died: whether they become good, or are replaced, is decided later,
 * as in any run.
 */
export const settled = (members: readonly Member[], plan: Plan): readonly Member[] =>
  members.filter((member) => (isInService(member) || isStandby(member)) && !(plan.continues && (isNew(member, plan) || !isAlive(member))));
