import { ENV } from '../../lib/contract/environment';
import type { DrainLook, NodeRef, Plan, ReplacementLook, Rolled, StandbyResult } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { TaskError } from '../core/errors';
import { isLeaving, nameOf } from '../core/observation';
import { withNode } from '../core/rolled';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';
import { unlessReached } from '../shared/unless-reached';

interface Input {
  readonly plan: Plan;
  readonly node: NodeRef;
  readonly rolled: Rolled;
  readonly standby: StandbyResult;
  readonly drain: DrainLook;
  /** Absent when nothing took the node's place. */
  readonly replacement?: ReplacementLook;
}

/**
 * Terminates the drained node, and only from Standby. The desired capacity is not decremented: AWS does not document whether an instance
 * in Standby counts when it is terminated. If it does not, nothing is launched, since the group already has what it desires. If it
 * does, the group launches one instance of the new version more than it desires and takes it back by itself; `choose-node`
 * waits until the counts agree again. To decrement would, in the first case, take a serving node away: that is never right.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
 */
export async function retireNode({ node, rolled, standby, drain, replacement }: Input, now: Date, group: ScalingGroup): Promise<Rolled> {
  const { instances } = await group.observe();
  const instance = instances.find(({ instanceId }) => instanceId === node.instanceId);
  if (instance && !isLeaving(instance)) {
    if (instance.lifecycleState !== 'Standby') {
      throw new TaskError(
        'ClusterUnexpected',
        `${nameOf(node)} is ${instance.lifecycleState}, not in Standby: it is not terminated. Who returned it to service?`,
      );
    }
    await unlessReached(
      () => group.terminate(node.instanceId, false),
      async () => {
        const again = (await group.observe()).instances.find(({ instanceId }) => instanceId === node.instanceId);
        return again === undefined || isLeaving(again);
      },
    );
  }
  return withNode(rolled, { node, standby, drain, replacement, retiredAt: now.toISOString() });
}

export const handler = actingTask('retire-node', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME) }));
  return retireNode(input, new Date(), scalingGroup(env.groupName));
});
