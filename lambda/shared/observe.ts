import type { Plan } from '../../lib/contract/events';
import { isTaskError } from '../core/errors';
import type { Verdict } from '../core/judge';
import { judge } from '../core/judge';
import type { Cluster, Group, Instance, Member, NodeView, Target } from '../core/observation';
import { isInService, isNew, isPending, join } from '../core/observation';
import type { Bitbucket, Nodes } from '../ports/bitbucket';
import type { Instances } from '../ports/compute';
import type { ScalingGroup } from '../ports/scaling-group';
import type { TargetHealth } from '../ports/target-health';

/** What a look at the cluster needs. */
export interface ClusterPorts {
  readonly group: ScalingGroup;
  readonly instances: Instances;
  readonly targets: TargetHealth;
  readonly bitbucket: Bitbucket;
}

/** What was seen. */
export interface Observation {
  readonly group: Group;
  readonly instances: readonly Instance[];
  readonly targets: readonly Target[];
  /** Undefined when Bitbucket does not answer, and that is allowed. */
  readonly cluster: Cluster | undefined;
  readonly members: readonly Member[];
}

/** Looks at the group, its instances, the target groups and the cluster. With `evenWithoutBitbucket` the look goes on without it. */
export async function observe(ports: ClusterPorts, evenWithoutBitbucket = false): Promise<Observation> {
  const [{ group, instances }, targets, cluster] = await Promise.all([
    observeGroup(ports),
    ports.targets.describe(),
    ports.bitbucket.cluster().catch((error: unknown) => {
      if (evenWithoutBitbucket && isTaskError(error)) return undefined;
      throw error;
    }),
  ]);
  return { group, instances, targets, cluster, members: join(group, instances, cluster, targets) };
}

/** Only the group and its instances. */
export async function observeGroup(ports: Pick<ClusterPorts, 'group' | 'instances'>): Promise<Pick<Observation, 'group' | 'instances'>> {
  const group = await ports.group.observe();
  return { group, instances: await ports.instances.describe(group.instances.map(({ instanceId }) => instanceId)) };
}

/** Asks each of these nodes directly. */
export async function askNodes(nodes: Nodes, members: readonly Member[]): Promise<ReadonlyMap<string, NodeView>> {
  const reachable = members.filter(({ privateIp }) => privateIp !== '');
  return new Map(await Promise.all(reachable.map(async (member) => [member.instanceId, await nodes.view(member.privateIp)] as const)));
}

/**
 * Judges the cluster in two steps, so that a look stays cheap while a node boots: the newest node is asked directly on every look,
 * every other node only once nothing else is missing.
 */
export async function judgeCluster(
  ports: ClusterPorts & { readonly nodes: Nodes },
  plan: Plan,
  targetGroupArns: readonly string[],
): Promise<{ readonly verdict: Verdict; readonly observation: Observation }> {
  const observation = await observe(ports);
  const { group, instances, targets, cluster, members } = observation;
  const newest = members
    .filter((member) => (isInService(member) || isPending(member)) && isNew(member, plan) && member.ec2State === 'running')
    .sort((a, b) => (a.launchedAt < b.launchedAt ? 1 : -1))
    .slice(0, 1);
  const verdictWith = (views: ReadonlyMap<string, NodeView>, trusted: readonly Member[]): Verdict =>
    judge({
      plan,
      group,
      members: join(group, instances, cluster, targets, views),
      targetGroupArns,
      trusted: new Set(trusted.map(({ instanceId }) => instanceId)),
    });

  const others = members.filter((member) => !newest.includes(member));
  const first = await askNodes(ports.nodes, newest);
  const quick = verdictWith(first, others);
  if (quick.kind !== 'good') return { verdict: quick, observation };
  const rest = await askNodes(ports.nodes, others.filter(isInService));
  return { verdict: verdictWith(new Map([...first, ...rest]), []), observation };
}
