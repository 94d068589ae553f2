import { ENV } from '../../lib/contract/environment';
import type { Limits } from '../../lib/contract/environment';
import type { DrainLook, NodeRef, Plan, StandbyResult } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { targetHealth } from '../adapters/target-groups';
import { lookAtDrain } from '../core/drain';
import type { ScalingGroup } from '../ports/scaling-group';
import type { TargetHealth } from '../ports/target-health';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly node: NodeRef;
  readonly standby: StandbyResult;
}

/** Looks whether the node is drained. */
export async function awaitDrained(
  { node, standby }: Input,
  limits: Limits,
  now: Date,
  ports: { readonly group: ScalingGroup; readonly targets: TargetHealth },
): Promise<DrainLook> {
  const [{ instances }, targets] = await Promise.all([ports.group.observe(), ports.targets.describe()]);
  const isIt = ({ instanceId }: { readonly instanceId: string }): boolean => instanceId === node.instanceId;
  const lifecycleState = instances.find(isIt)?.lifecycleState;
  return lookAtDrain({ node, standby, lifecycleState, targets: targets.filter(isIt), now, limits });
}

export const handler = task('await-drained', (input: Input) => {
  const env = readEnvironment((read) => ({
    groupName: read.text(ENV.GROUP_NAME),
    targetGroupArns: read.list(ENV.TARGET_GROUP_ARNS),
    limits: read.limits(),
  }));
  return awaitDrained(input, env.limits, new Date(), { group: scalingGroup(env.groupName), targets: targetHealth(env.targetGroupArns) });
});
