import type { Limits } from '../../lib/contract/environment';
import { ENV } from '../../lib/contract/environment';
import type { Plan, Rolled } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { NOTHING_ROLLED } from '../core/rolled';
import { surgeSizes } from '../core/surge';
import { expectedBoot, tooLate, windowClosing, windowOf } from '../core/window';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';

interface Input {
  readonly plan: Plan;
  /** Absent from callers that have measured nothing. */
  readonly rolled?: Rolled;
}

interface Settings {
  readonly limits: Limits;
  readonly now: Date;
}

/**
 * Lets the group grow by one node of the new version, if this run surges and has not yet.
 *
 * @throws WindowClosing when that node could not be good before the maintenance window ends
 */
export async function addSurge(
  { plan, rolled = NOTHING_ROLLED }: Input,
  { limits, now }: Settings,
  group: ScalingGroup,
): Promise<{ added: boolean; detail: string }> {
  const change = surgeSizes(plan, (await group.observe()).sizes);
  if ('none' in change) return { added: false, detail: change.none };
  const late = tooLate(windowOf(plan), expectedBoot({ rolled, limits }), now);
  if (late !== undefined) throw windowClosing(late);
  await group.resize(change);
  return { added: true, detail: `desired is ${change.desired}, one more than before; the maximum is ${change.max}` };
}

export const handler = actingTask('add-surge', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME), limits: read.limits() }));
  return addSurge(input, { limits: env.limits, now: new Date() }, scalingGroup(env.groupName));
});
