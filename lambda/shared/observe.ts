import type { Plan } from '../../lib/contract/events';
import { isTaskError } from '../core/errors';
import type { Verdict } from '../core/judge';
import { judge } from '../core/judge';
import type { Cluster, Group, Instance, Member, NodeView, Target } from '../core/observation';
import { isInService, isNew, isPending, join, newestFirst } from '../core/observation';
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
    evenWithoutBitbucket ? clusterIfKnown(ports.bitbucket) : ports.bitbucket.cluster(),
  ]);
  return { group, instances, targets, cluster, members: join(group, instances, cluster, targets) };
}

/** The cluster; undefined when Bitbucket does not answer. */
export function clusterIfKnown(bitbucket: Bitbucket): Promise<Cluster | undefined> {
  return bitbucket.cluster().catch((error: unknown) => {
    if (isTaskError(error)) return undefined;
    throw error;
  });
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
 * Judges the cluster in steps, so that a look stays cheap while a node boots: until the newest node says RUNNING it alone is asked,
 * then the target groups are, and the other nodes once nothing else is missing (a split brain shows only there).
 */
export async function judgeCluster(
  ports: ClusterPorts & { readonly nodes: Nodes },
  plan: Plan,
  targetGroupArns: readonly string[],
): Promise<{ readonly verdict: Verdict; readonly observation: Observation }> {
  const [{ group, instances }, cluster] = await Promise.all([observeGroup(ports), ports.bitbucket.cluster()]);
  const known = join(group, instances, cluster, []);
  const newest = known
    .filter((member) => (isInService(member) || isPending(member)) && isNew(member, plan))
    .sort(newestFirst)
    .slice(0, 1);
  const others = known.filter((member) => !newest.includes(member));
  const look = (targets: readonly Target[], views: ReadonlyMap<string, NodeView>, trusted: readonly Member[], asked: readonly string[]) => {
    const members = join(group, instances, cluster, targets, views);
    const ground = { plan, group, members, targetGroupArns: asked, trusted: new Set(trusted.map(({ instanceId }) => instanceId)) };
    return { verdict: judge(ground), observation: { group, instances, targets, cluster, members } };
  };

  const first = await askNodes(ports.nodes, newest.filter(isRunning));
  if (newest.some(({ instanceId }) => first.get(instanceId)?.status !== 'RUNNING')) return look([], first, others, []);
  const targets = await ports.targets.describe();
  const quick = look(targets, first, others, targetGroupArns);
  if (quick.verdict.kind !== 'good') return quick;
  const rest = await askNodes(ports.nodes, others.filter(isInService));
  return look(targets, new Map([...first, ...rest]), [], targetGroupArns);
}

const isRunning = ({ ec2State }: Member): boolean => ec2State === 'running';
