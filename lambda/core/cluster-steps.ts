/** What to do about Bitbucket's upgrade mode: decided from its state, which says what is legal. */
import type { Plan } from '../../lib/contract/events';
import type { Cluster, ClusterNode, Member } from './observation';
import { isLeaving, isNew } from './observation';

/** `call`: make the call, then look again. `fail`: waiting cannot help. */
export type ClusterStep =
  | { readonly kind: 'call'; readonly detail: string }
  | { readonly kind: 'wait'; readonly detail: string }
  | { readonly kind: 'done'; readonly detail: string }
  | { readonly kind: 'fail'; readonly detail: string };

/** States of https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/ while upgrade mode is on. */
const UPGRADING = ['READY_TO_UPGRADE', 'MIXED', 'READY_TO_RUN_UPGRADE_TASKS', 'RUNNING_UPGRADE_TASKS'];
const KNOWN = ['STABLE', ...UPGRADING, 'UPGRADE_TASKS_FAILED'];

export const activeNodes = (cluster: Cluster): readonly ClusterNode[] => cluster.nodes.filter(({ state }) => state === 'ACTIVE');
const liveNodes = (cluster: Cluster): readonly ClusterNode[] => cluster.nodes.filter(({ state }) => state !== 'OFFLINE');
const liveVersions = (cluster: Cluster): readonly string[] => [...new Set(liveNodes(cluster).map(({ version }) => version))];
const allActiveOn = (cluster: Cluster, version: string): boolean =>
  activeNodes(cluster).length > 0 && activeNodes(cluster).every((node) => node.version === version);

/** For people: state, upgrade mode and how many nodes run what. */
export function describeCluster(cluster: Cluster): string {
  const versions = liveVersions(cluster).map(
    (version) => `${activeNodes(cluster).filter((node) => node.version === version).length} ACTIVE on ${version}`,
  );
  return `Bitbucket is ${cluster.state}, upgrade mode ${cluster.upgradeModeEnabled ? 'on' : 'off'}, ${versions.join(', ')}`;
}

const unknownState = (cluster: Cluster): ClusterStep | undefined =>
  KNOWN.includes(cluster.state)
    ? undefined
    : { kind: 'fail', detail: `${describeCluster(cluster)}: this state is not known here. Look at Administration > Rolling upgrades.` };

/** Turning upgrade mode on. `start` is legal only from STABLE and answers 409 when it is on already: hence look first. */
export function enableStep(cluster: Cluster, plan: Plan): ClusterStep {
  const detail = describeCluster(cluster);
  if (cluster.state === 'STABLE' && !cluster.upgradeModeEnabled) {
    if (allActiveOn(cluster, plan.toVersion)) return { kind: 'done', detail: `${detail}: an earlier run has finalized the upgrade` };
    if (!allActiveOn(cluster, plan.fromVersion)) return { kind: 'fail', detail: `${detail}: every node must run ${plan.fromVersion}.` };
    return { kind: 'call', detail };
  }
  const unknown = unknownState(cluster);
  if (unknown) return unknown;
  const ours = cluster.originalVersion === plan.fromVersion && otherNodes(cluster, plan).length === 0;
  if (!ours)
    return { kind: 'fail', detail: `${detail}: upgrade mode was turned on for another upgrade (from ${cluster.originalVersion}).` };
  if (cluster.state === 'READY_TO_UPGRADE') return { kind: 'done', detail };
  if (plan.continues && UPGRADING.includes(cluster.state)) return { kind: 'done', detail: `${detail}: an interrupted upgrade goes on` };
  return { kind: 'fail', detail: `${detail}: upgrade mode cannot begin from here.` };
}

/** Live nodes of neither version, but for those that the plan replaces, whatever they run: `one-version` has judged them. */
const otherNodes = (cluster: Cluster, plan: Plan): readonly ClusterNode[] =>
  liveNodes(cluster).filter(
    ({ version, ipAddress }) =>
      ![plan.fromVersion, plan.toVersion].includes(version) &&
      !(plan.continues && plan.nodes.some(({ privateIp }) => privateIp === ipAddress)),
  );

/** Why nothing more can be replaced: upgrade mode is off, and nodes are left that the plan replaces. Undefined when that is not so. */
export function upgradeModeLost(plan: Plan, cluster: Cluster | undefined, members: readonly Member[]): string | undefined {
  if (!cluster || cluster.upgradeModeEnabled) return undefined;
  const left = members.filter((member) => !isNew(member, plan) && !isLeaving(member)).length;
  if (left === 0) return undefined;
  return (
    `${describeCluster(cluster)}: upgrade mode was turned off while ${left} nodes of ${plan.fromVersion} are left to replace, ` +
    `and a node of another version could not join any more. Who cancelled the upgrade under Administration > Rolling upgrades?`
  );
}

/** Whether every node that is live runs this version, for good: upgrade mode is off. */
export const isSettledOn = (cluster: Cluster, version: string): boolean =>
  cluster.state === 'STABLE' && !cluster.upgradeModeEnabled && allActiveOn(cluster, version);

/**
 * Turning upgrade mode off without an upgrade: legal only when every live node is back on the original version.
 *
 * @param coming names of instances of the other version in the group: one that still boots is no node yet, and could not join any more
 */
export function cancelStep(cluster: Cluster, coming: readonly string[]): ClusterStep {
  const detail = describeCluster(cluster);
  if (cluster.state === 'STABLE' && !cluster.upgradeModeEnabled) return { kind: 'done', detail };
  if (cluster.state === 'READY_TO_UPGRADE' && coming.length > 0) {
    return { kind: 'wait', detail: `${detail}: cannot be cancelled while ${coming.join(', ')} of another version is in the group` };
  }
  if (cluster.state === 'READY_TO_UPGRADE') return { kind: 'call', detail };
  // A terminated node counts as live until the others have noticed that it left.
  if (cluster.state === 'MIXED') return { kind: 'wait', detail: `${detail}: cannot be cancelled while a node of another version is live` };
  return unknownState(cluster) ?? { kind: 'fail', detail: `${detail}: cannot be cancelled from this state.` };
}

/** What must be true of the group before the point of no return. */
export interface FinalizeGround {
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly desired: number;
  /** Addresses of the instances of the target version that are in service. */
  readonly upgraded: readonly string[];
  /** Instances of the original version that are still in the group. */
  readonly old: readonly string[];
}

/**
 * Finalizing. READY_TO_RUN_UPGRADE_TASKS alone is not enough: Bitbucket also says so while a replacement has not joined yet.
 * There is no way back after `approve`, and no call that tries failed upgrade tasks again.
 */
export function finalizeStep(ground: FinalizeGround): ClusterStep {
  const { cluster, plan, desired, upgraded, old } = ground;
  const detail = describeCluster(cluster);
  const active = activeNodes(cluster).filter((node) => node.version === plan.toVersion && upgraded.includes(node.ipAddress)).length;
  if (cluster.state === 'UPGRADE_TASKS_FAILED') {
    return { kind: 'fail', detail: `${detail}: upgrade tasks failed. Bitbucket has no call that retries them: look at the nodes' logs.` };
  }
  const unknown = unknownState(cluster);
  if (unknown) return unknown;
  if (cluster.state === 'STABLE' && !cluster.upgradeModeEnabled) {
    if (!allActiveOn(cluster, plan.toVersion))
      return { kind: 'fail', detail: `${detail}: upgrade mode was turned off without the upgrade to ${plan.toVersion}.` };
    return active === desired ? { kind: 'done', detail } : { kind: 'wait', detail: `${detail}: ${active} of ${desired} nodes are ACTIVE` };
  }
  if (cluster.state === 'RUNNING_UPGRADE_TASKS') return { kind: 'wait', detail };
  const missing = [
    ...(cluster.state === 'READY_TO_RUN_UPGRADE_TASKS' ? [] : [`Bitbucket is ${cluster.state}`]),
    ...(active === desired ? [] : [`${active} of ${desired} nodes are ACTIVE on ${plan.toVersion}`]),
    ...(old.length > 0 ? [`${old.join(', ')} of the original version: still in the group`] : []),
    ...cluster.nodes.filter(({ state }) => state === 'ERROR').map(({ ipAddress }) => `${ipAddress} is in the state ERROR`),
  ];
  return missing.length > 0 ? { kind: 'wait', detail: `not to be finalized yet: ${missing.join('; ')}` } : { kind: 'call', detail };
}
