import { ENV } from '../../lib/contract/environment';
import type { NodeRef, Plan, StandbyResult } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { scalingGroup } from '../adapters/scaling-group';
import { TaskError } from '../core/errors';
import { isInService, isStandby, nameOf } from '../core/observation';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';
import { unlessReached } from '../shared/unless-reached';

interface Input {
  readonly plan: Plan;
  readonly node: NodeRef;
  readonly action: 'replace' | 'retire';
}

/**
 * Takes a node out of service into Standby, where it drains and from where it can return. Without decrement the group launches its
 * replacement at once; with decrement (`retire`) nothing takes its place
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html). A node that is out already is left as it is.
 */
export async function standBy({ node, action }: Input, now: Date, group: ScalingGroup): Promise<StandbyResult> {
  const { instances } = await group.observe();
  const standbyAt = now.toISOString();
  const instance = instances.find(({ instanceId }) => instanceId === node.instanceId);
  if (!instance) return { standbyAt, detail: `${nameOf(node)} has left the group already` };
  if (!isInService(instance)) return { standbyAt, detail: `${nameOf(node)} is ${instance.lifecycleState} already` };
  const other = instances.find(isStandby);
  if (other) {
    throw new TaskError(
      'ClusterUnexpected',
      `${other.instanceId} is ${other.lifecycleState}: ${nameOf(node)} cannot be taken out too. Who else takes nodes out of service?`,
    );
  }
  await unlessReached(
    () => group.enterStandby(node.instanceId, action === 'retire'),
    async () => {
      const again = (await group.observe()).instances.find(({ instanceId }) => instanceId === node.instanceId);
      return again === undefined || isStandby(again);
    },
  );
  return {
    standbyAt,
    detail: `${nameOf(node)} enters Standby; ${action === 'retire' ? 'nothing takes its place' : 'its replacement starts'}`,
  };
}

export const handler = actingTask('stand-by', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME) }));
  return standBy(input, new Date(), scalingGroup(env.groupName));
});
