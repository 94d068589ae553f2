import type { BakeSpec, Limits } from '../../lib/contract/environment';
import { ENV } from '../../lib/contract/environment';
import type { Look, Plan } from '../../lib/contract/events';
import { INTERFERING_PROCESSES } from '../../lib/contract/tags';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { done } from '../core/look';
import { recordTags } from '../core/record';
import { plannedBoots, tooLate, windowClosing, windowOf } from '../core/window';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';

interface Input {
  readonly plan: Plan;
}

interface Settings {
  readonly limits: Limits;
  readonly bake: BakeSpec;
  readonly now: Date;
}

/**
 * Records on the group what must be put back, and only then suspends the processes that would interfere.
 *
 * @throws WindowClosing when the backup took so long that not even the first node could be good before the maintenance window ends
 */
export async function holdGroup({ plan }: Input, { limits, bake, now }: Settings, group: ScalingGroup): Promise<Look> {
  const [first = 0] = plannedBoots({ plan, limits, bake });
  const late = first > 0 ? tooLate(windowOf(plan), first, now) : undefined;
  if (late !== undefined) throw windowClosing(late);
  await group.writeTags(recordTags(plan));
  const { suspendedProcesses } = await group.observe();
  const suspend = Object.keys(INTERFERING_PROCESSES).filter((process) => !suspendedProcesses.includes(process));
  if (suspend.length > 0) await group.suspend(suspend);
  return done(
    now.toISOString(),
    suspend.length > 0 ? `suspended ${suspend.join(', ')}` : 'every process that would interfere was suspended already',
  );
}

export const handler = actingTask('hold-group', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME), limits: read.limits(), bake: read.bake() }));
  return holdGroup(input, { ...env, now: new Date() }, scalingGroup(env.groupName));
});
