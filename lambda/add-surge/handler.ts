import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { surgeSizes } from '../core/surge';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';

interface Input {
  readonly plan: Plan;
}

/** Lets the group grow by one node of the new version, if this run surges and has not yet. */
export async function addSurge({ plan }: Input, group: ScalingGroup): Promise<{ added: boolean; detail: string }> {
  const change = surgeSizes(plan, (await group.observe()).sizes);
  if ('none' in change) return { added: false, detail: change.none };
  await group.resize(change);
  return { added: true, detail: `desired is ${change.desired}, one more than before; the maximum is ${change.max}` };
}

export const handler = actingTask('add-surge', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME) }));
  return addSurge(input, scalingGroup(env.groupName));
});
