import { ENV } from '../../lib/contract/environment';
import type { Look, Plan } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { instances } from '../adapters/instances';
import { scalingGroup } from '../adapters/scaling-group';
import type { ClusterStep } from '../core/cluster-steps';
import { cancelStep } from '../core/cluster-steps';
import { isUpgraded } from '../core/direction';
import type { Cluster } from '../core/observation';
import { isAlive, isLeaving, join, nameOf } from '../core/observation';
import { actingTask } from '../shared/acting-task';
import { stepCluster } from '../shared/cluster-step';
import type { ClusterPorts } from '../shared/observe';
import { observeGroup } from '../shared/observe';

interface Input {
  readonly plan: Plan;
  readonly since?: string;
}

/** Whether upgrade mode can go: asks the group, too, which may have launched the other version by itself until it was pointed back. */
export async function decideToCancel(plan: Plan, cluster: Cluster, ports: Pick<ClusterPorts, 'group' | 'instances'>): Promise<ClusterStep> {
  const { group, instances: found } = await observeGroup(ports);
  const members = join(group, found, cluster, []);
  const coming = members.filter((member) => isUpgraded(member, plan) && isAlive(member) && !isLeaving(member));
  return cancelStep(cluster, coming.map(nameOf));
}

/** Turns upgrade mode off again, once every live node runs the original version. */
export const handler = actingTask('cancel-upgrade-mode', ({ plan, since }: Input): Promise<Look> => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME), access: read.bitbucket(), limits: read.limits() }));
  const ports = { group: scalingGroup(env.groupName), instances: instances() };
  const { bitbucket } = bitbucketOf(env.access);
  const decide = (cluster: Cluster) => decideToCancel(plan, cluster, ports);
  return stepCluster({ bitbucket, operation: 'cancel', decide, error: 'UpgradeModeRefused', limits: env.limits, now: new Date(), since });
});
