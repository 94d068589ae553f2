import type { Plan } from '../../lib/contract/events';
import type { Cluster, Group, Member, Target } from './observation';
import { isLeaving, isNew, nameOf } from './observation';

/** States in which every live node runs one version, other than the original or for good. */
const ONE_VERSION = ['READY_TO_RUN_UPGRADE_TASKS', 'RUNNING_UPGRADE_TASKS', 'STABLE'];

/** What is still missing, besides good nodes, before the upgrade can be finalized; empty when nothing is. */
export function missingToFinalize(
  plan: Plan,
  group: Group,
  members: readonly Member[],
  targets: readonly Target[],
  cluster: Cluster | undefined,
): readonly string[] {
  const old = members.filter((member) => !isNew(member, plan) && !isLeaving(member));
  const retired = targets.filter(
    ({ instanceId, state }) => state !== 'unused' && plan.nodes.some((node) => node.instanceId === instanceId),
  );
  return [
    ...(group.sizes.desired === plan.sizes.desired
      ? []
      : [`the group desires ${group.sizes.desired} instances, not ${plan.sizes.desired}`]),
    ...old.map((member) => `${nameOf(member)} of the original version is still in the group`),
    ...retired.map(({ instanceId, state, targetGroupArn }) => `${instanceId} is still ${state} in ${targetGroupArn}`),
    ...(cluster && ONE_VERSION.includes(cluster.state) ? [] : [`Bitbucket is ${cluster?.state ?? 'not answering'}`]),
  ];
}
