import { ENV } from '../../lib/contract/environment';
import type { CapacityLook, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { TaskError } from '../core/errors';
import { recordTagsToRemove } from '../core/record';
import type { Group } from '../core/observation';
import { isStandby } from '../core/observation';
import { settingsToRestore } from '../core/settings';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';
import { pause, SECOND_LOOK } from '../shared/task';

interface Input {
  readonly plan: Plan;
  /** Absent when nobody could tell. */
  readonly made?: CapacityLook['made'];
  readonly finalized: boolean;
}

/** Puts sizes and processes back, and removes the record of them last, so that an interrupted restoration can be repeated. */
export async function restoreSettings({ plan, made, finalized }: Input, group: ScalingGroup): Promise<{ detail: string }> {
  const observed = await observeSurely(plan, group);
  const { sizes, processes, obstacle } = settingsToRestore(plan, observed);
  if (sizes) await group.resize(sizes);
  if (processes.length > 0) await group.resume(processes);
  if (obstacle !== undefined) throw new TaskError('RestoreFailed', obstacle);
  // A recovery's plan with nothing left to do: the upgrade was finalized before its run ended.
  const upgradeModeStaysOn = !finalized && made !== 'original' && plan.action !== 'nothing';
  // A node in Standby was left there: whoever returns it changes the sizes once more, and needs the record of them.
  const isWhole = !observed.instances.some(isStandby);
  const tags = isWhole ? recordTagsToRemove(observed.tags, upgradeModeStaysOn) : [];
  if (tags.length > 0) await group.removeTags(tags);
  const { min, max, desired } = plan.sizes;
  return { detail: `min ${min}, max ${max}, desired ${desired}; resumed ${processes.join(', ') || 'nothing'}` };
}

/**
 * The desired capacity is lowered only when a second look says so, too: what the group was asked to launch shows late, and it would terminate a node that
 * serves instead.
 */
async function observeSurely(plan: Plan, group: ScalingGroup): Promise<Group> {
  const observed = await group.observe();
  const { sizes } = settingsToRestore(plan, observed);
  if (sizes === undefined || sizes.desired >= observed.sizes.desired) return observed;
  await pause(SECOND_LOOK);
  return group.observe();
}

export const handler = actingTask('restore-settings', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME) }));
  return restoreSettings(input, scalingGroup(env.groupName));
});
