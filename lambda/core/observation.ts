/** What AWS and Bitbucket say now, in this project's words; and how the parts are put together by instance. */
import type { NodeRef, Plan, Sizes } from '../../lib/contract/events';

/** An instance as its Auto Scaling group sees it. */
export interface GroupInstance {
  readonly instanceId: string;
  /** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
  readonly lifecycleState: string;
  /** Availability Zone; absent when not told. */
  readonly zone?: string;
}

/** Where a group names its launch template. `versionSpec` is `$Latest`, `$Default` or a number. */
export interface TemplateInUse {
  readonly id: string;
  readonly versionSpec: string;
  readonly within: 'group' | 'mixed-instances-policy';
}

/** An Auto Scaling group. */
export interface Group {
  readonly name: string;
  readonly sizes: Sizes;
  readonly instances: readonly GroupInstance[];
  readonly suspendedProcesses: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined when the group uses a launch configuration. */
  readonly launchTemplate?: TemplateInUse;
  /** Types of overrides of a mixed instances policy that have launch templates of their own. */
  readonly overridesWithTemplates: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly gracePeriodSeconds: number;
}

/** An EC2 instance. */
export interface Instance {
  readonly instanceId: string;
  readonly privateIp: string;
  readonly imageId: string;
  /** `pending`, `running`, `shutting-down`, `terminated`, `stopping`, `stopped`. */
  readonly state: string;
  /** ISO 8601. */
  readonly launchedAt: string;
}

/** An instance in a target group. */
export interface Target {
  readonly targetGroupArn: string;
  readonly instanceId: string;
  /** `initial`, `healthy`, `unhealthy`, `draining`, `unused`, `unavailable`. */
  readonly state: string;
  readonly reason: string;
}

/** A node as the rolling-upgrade API lists it: https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/ */
export interface ClusterNode {
  readonly ipAddress: string;
  /** STARTING, ACTIVE, DRAINING, TERMINATING, OFFLINE, ERROR; or one that this version does not know. */
  readonly state: string;
  readonly version: string;
  /** Running tasks and active users; 0 when not told. */
  readonly load: number;
}

/** The cluster as the rolling-upgrade API shows it. */
export interface Cluster {
  readonly upgradeModeEnabled: boolean;
  /** STABLE, READY_TO_UPGRADE, MIXED, ...; or one that this version does not know. */
  readonly state: string;
  /** Empty when STABLE. */
  readonly originalVersion: string;
  readonly nodes: readonly ClusterNode[];
}

/** What a node answers when it is asked directly. */
export interface NodeView {
  /** `state` of `/status`; or why there is none. */
  readonly status: string;
  /** Empty when it did not answer. */
  readonly version: string;
  /** Addresses of the members that it sees; undefined when it did not answer. */
  readonly members?: readonly string[];
}

/** Everything about one instance of the group. */
export interface Member extends NodeRef {
  readonly lifecycleState: string;
  readonly zone?: string;
  readonly imageId: string;
  readonly ec2State: string;
  readonly launchedAt: string;
  readonly node?: ClusterNode;
  readonly targets: readonly Target[];
  readonly view?: NodeView;
}

/** Puts together what is known of each instance of the group; nodes are matched by IP address. */
export function join(
  group: Group,
  instances: readonly Instance[],
  cluster: Cluster | undefined,
  targets: readonly Target[],
  views: ReadonlyMap<string, NodeView> = new Map(),
): readonly Member[] {
  const byId = new Map(instances.map((instance) => [instance.instanceId, instance]));
  return group.instances.map(({ instanceId, lifecycleState, zone }) => {
    const instance = byId.get(instanceId);
    const privateIp = instance?.privateIp ?? '';
    // Entries of terminated instances stay as OFFLINE until the upgrade is finalized, perhaps with an address that is in use again.
    const node = cluster?.nodes.find((candidate) => candidate.ipAddress === privateIp && candidate.state !== 'OFFLINE');
    const view = views.get(instanceId);
    return {
      instanceId,
      privateIp,
      lifecycleState,
      imageId: instance?.imageId ?? '',
      ec2State: instance?.state ?? 'unknown',
      launchedAt: instance?.launchedAt ?? '',
      targets: targets.filter((target) => target.instanceId === instanceId),
      ...(zone !== undefined && { zone }),
      ...(node && { node }),
      ...(view && { view }),
    };
  });
}

export const isInService = ({ lifecycleState }: { readonly lifecycleState: string }): boolean => lifecycleState === 'InService';
export const isPending = ({ lifecycleState }: { readonly lifecycleState: string }): boolean => lifecycleState.startsWith('Pending');
export const isStandby = ({ lifecycleState }: { readonly lifecycleState: string }): boolean =>
  lifecycleState === 'Standby' || lifecycleState === 'EnteringStandby';
export const isLeaving = ({ lifecycleState }: { readonly lifecycleState: string }): boolean =>
  lifecycleState.startsWith('Terminating') || lifecycleState === 'Terminated' || lifecycleState.startsWith('Detach');

/** False for an instance that will not serve again by itself. One that EC2 does not know (yet) counts as alive: reads may be stale. */
export const isAlive = ({ ec2State }: { readonly ec2State: string }): boolean => ['pending', 'running', 'unknown'].includes(ec2State);

/** Whether it is one of these nodes, such as those that a plan lists. */
export const isListed = ({ instanceId }: { readonly instanceId: string }, nodes: readonly NodeRef[]): boolean =>
  nodes.some((node) => node.instanceId === instanceId);

/** What tells new nodes from old ones. */
interface Versions {
  readonly targetImageId: string;
  readonly toVersion: string;
  readonly direction?: 'forward' | 'back';
  readonly nodes?: readonly NodeRef[];
}

/**
 * Whether the instance is of the new version: by its image, or because Bitbucket says so (another image of the same version). On the way there a node
 * that the plan lists is an old one until Bitbucket says otherwise, though its image is the new one: an earlier run may have left one that runs
 * another version all the same.
 */
export const isNew = (member: Member, { targetImageId, toVersion, direction, nodes = [] }: Versions): boolean => {
  if (toVersion !== '' && member.node?.version === toVersion) return true;
  return targetImageId !== '' && member.imageId === targetImageId && (direction === 'back' || !isListed(member, nodes));
};

/**
 * Whether an interrupted run launched it, and the plan replaces it all the same: its image, or the shared home, held another version, be it the
 * original one or a third.
 */
export const isLeftToReplace = (member: Member, { targetImageId, nodes }: Pick<Plan, 'targetImageId' | 'nodes'>): boolean =>
  member.imageId === targetImageId && isListed(member, nodes);

/** Healthy in every one of these target groups. */
export const isHealthyIn = (member: Member, targetGroupArns: readonly string[]): boolean =>
  targetGroupArns.every((arn) => member.targets.some((target) => target.targetGroupArn === arn && target.state === 'healthy'));

/** Registered nowhere, so that no request reaches it and none is in flight. */
export const isDrained = (targets: readonly Target[]): boolean => targets.every(({ state }) => state === 'unused');

/** Whether the instance should serve, and is gone for EC2: it died, or somebody stopped it. */
export const isDead = (member: Member): boolean => (isInService(member) || isPending(member)) && !isAlive(member);

/** Just the reference of a member. */
export const refOf = ({ instanceId, privateIp }: NodeRef): NodeRef => ({ instanceId, privateIp });

/** For people: `i-0123 (10.0.1.5)`. */
export const nameOf = ({ instanceId, privateIp }: NodeRef): string => (privateIp ? `${instanceId} (${privateIp})` : instanceId);

/** What was launched last comes first. */
export const newestFirst = (a: Member, b: Member): number => (a.launchedAt < b.launchedAt ? 1 : -1);

/** Least busy first; of equals the one with the lower id, so that the order is the same on every look. */
export const byLoad = (a: Member, b: Member): number => (a.node?.load ?? 0) - (b.node?.load ?? 0) || (a.instanceId < b.instanceId ? -1 : 1);

/**
 * The members in the fullest Availability Zones. The one that goes without a successor is taken from there: a group that is left
 * unbalanced would rebalance itself afterwards, and terminate a node that serves
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.InstanceUsage).
 */
export function inFullestZone(members: readonly Member[]): (member: Member) => boolean {
  const counts = new Map<string, number>();
  for (const { zone = '' } of members.filter(isInService)) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return ({ zone = '' }) => counts.get(zone) === most;
}
