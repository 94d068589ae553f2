import { ENV } from '../../lib/contract/environment';
import type { Look, Plan } from '../../lib/contract/events';
import { INTERFERING_PROCESSES } from '../../lib/contract/tags';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { done } from '../core/look';
import { recordTags } from '../core/record';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';

interface Input {
  readonly plan: Plan;
}

/** Records on the group what must be put back, and only then suspends the processes that would interfere. */
export async function holdGroup({ plan }: Input, now: Date, group: ScalingGroup): Promise<Look> {
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
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME) }));
  return holdGroup(input, new Date(), scalingGroup(env.groupName));
});
