import { ENV } from '../../lib/contract/environment';
import type { Look, Plan } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { instances } from '../adapters/instances';
import { scalingGroup } from '../adapters/scaling-group';
import type { ClusterStep } from '../core/cluster-steps';
import { finalizeStep } from '../core/cluster-steps';
import type { Cluster } from '../core/observation';
import { isInService, isLeaving, isNew, join, nameOf } from '../core/observation';
import { actingTask } from '../shared/acting-task';
import type { ClusterPorts } from '../shared/observe';
import { observeGroup } from '../shared/observe';
import { stepCluster } from '../shared/cluster-step';

interface Input {
  readonly plan: Plan;
  readonly since?: string;
}

/** What the group must look like before the point of no return, together with the cluster's own state. */
export async function decideToFinalize(
  plan: Plan,
  cluster: Cluster,
  ports: Pick<ClusterPorts, 'group' | 'instances'>,
): Promise<ClusterStep> {
  const { group, instances: found } = await observeGroup(ports);
  const members = join(group, found, cluster, []);
  const upgraded = members.filter((member) => isNew(member, plan) && isInService(member)).map(({ privateIp }) => privateIp);
  const old = members.filter((member) => !isNew(member, plan) && !isLeaving(member)).map(nameOf);
  return finalizeStep({ cluster, plan, desired: plan.sizes.desired, upgraded, old });
}

/** Finalizes the upgrade: the point of no return. */
export const handler = actingTask('finalize-upgrade', ({ plan, since }: Input): Promise<Look> => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME), access: read.bitbucket(), limits: read.limits() }));
  const ports = { group: scalingGroup(env.groupName), instances: instances() };
  const { bitbucket } = bitbucketOf(env.access);
  const decide = (cluster: Cluster) => decideToFinalize(plan, cluster, ports);
  return stepCluster({ bitbucket, operation: 'approve', decide, error: 'FinalizeFailed', limits: env.limits, now: new Date(), since });
});
