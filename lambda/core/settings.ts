import type { Plan, Sizes } from '../../lib/contract/events';
import { INTERFERING_PROCESSES } from '../../lib/contract/tags';
import type { Group } from './observation';
import { isInService, isPending } from './observation';

/** What differs from how the group was before the run. */
export interface SettingsToRestore {
  /** Absent when the sizes are right. */
  readonly sizes?: Sizes;
  /** Processes that this run suspended, and nobody else before. */
  readonly processes: readonly string[];
  /** Why not everything can be put back now. */
  readonly obstacle?: string;
}

/**
 * What must be put back. The desired capacity is not lowered while more instances than that are in the group: Auto Scaling would
 * choose itself which one to terminate.
 */
export function settingsToRestore(plan: Plan, group: Group): SettingsToRestore {
  const processes = Object.keys(INTERFERING_PROCESSES).filter(
    (process) => group.suspendedProcesses.includes(process) && !plan.suspendedBefore.includes(process),
  );
  const { min, max, desired } = plan.sizes;
  const present = group.instances.filter((instance) => isInService(instance) || isPending(instance)).length;
  const tooMany = group.sizes.desired > desired && present > desired;
  const sizes = tooMany ? { min, max: Math.max(max, group.sizes.desired), desired: group.sizes.desired } : { min, max, desired };
  const same = sizes.min === group.sizes.min && sizes.max === group.sizes.max && sizes.desired === group.sizes.desired;
  return {
    ...(!same && { sizes }),
    processes,
    ...(tooMany && {
      obstacle:
        `${present} instances are in the group ${plan.groupName}, ${desired} were desired before. Its desired capacity stays ${group.sizes.desired}, so that no serving node is terminated: ` +
        `put the surplus node in Standby with decrement, terminate it when it is drained, then set min ${min}, max ${max}, desired ${desired}.`,
    }),
  };
}
