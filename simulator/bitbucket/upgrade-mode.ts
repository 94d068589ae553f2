/**
 * The rules of a rolling upgrade in Bitbucket, without I/O.
 * States and fields: https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/
 */
import { compareVersions, isBugFixOf } from './version';

/** State of the cluster, as `/rest/zdu/cluster` names it. */
export type ClusterState =
  'STABLE' | 'READY_TO_UPGRADE' | 'MIXED' | 'READY_TO_RUN_UPGRADE_TASKS' | 'RUNNING_UPGRADE_TASKS' | 'UPGRADE_TASKS_FAILED';

/** State of a node, as `/rest/zdu/cluster` names it. */
export type NodeState = 'STARTING' | 'ACTIVE' | 'DRAINING' | 'TERMINATING' | 'OFFLINE' | 'ERROR';

/** What the database holds of an upgrade in progress. */
export interface UpgradeMode {
  readonly originalVersion: string;
  readonly tasks: 'none' | 'running' | 'failed';
}

/** What of a node decides the cluster's state. */
export interface NodeFacts {
  readonly version: string;
  readonly state: NodeState;
}

/**
 * The cluster's state. A node that is OFFLINE does not count; a node in ERROR keeps the cluster MIXED, also when all versions are the same.
 * @param mode undefined when upgrade mode is off
 */
export function clusterState(mode: UpgradeMode | undefined, nodes: readonly NodeFacts[]): ClusterState {
  if (mode === undefined) return 'STABLE';
  if (mode.tasks === 'running') return 'RUNNING_UPGRADE_TASKS';
  if (mode.tasks === 'failed') return 'UPGRADE_TASKS_FAILED';
  const live = nodes.filter((node) => node.state !== 'OFFLINE');
  const versions = new Set(live.map((node) => node.version));
  if (versions.size > 1 || live.some((node) => node.state === 'ERROR')) return 'MIXED';
  return versions.size === 0 || versions.has(mode.originalVersion) ? 'READY_TO_UPGRADE' : 'READY_TO_RUN_UPGRADE_TASKS';
}

/** The only state in which each call is legal; in any other it answers 409. */
export const LEGAL_IN = { start: 'STABLE', cancel: 'READY_TO_UPGRADE', approve: 'READY_TO_RUN_UPGRADE_TASKS' } as const satisfies Record<
  string,
  ClusterState
>;

/**
 * Why a node of `version` may not join, or undefined when it may. With upgrade mode on, nodes of the original version and of a
 * higher patch of its line join; with it off, only nodes of the version that runs.
 */
export function refusalToJoin(version: string, mode: UpgradeMode | undefined, runningVersion: string, alone: boolean): string | undefined {
  if (mode !== undefined) {
    if (version === mode.originalVersion || isBugFixOf(version, mode.originalVersion)) return undefined;
    return `upgrade mode is on from ${mode.originalVersion}: ${version} is neither that version nor a later bug-fix version of its line`;
  }
  if (version === runningVersion) return undefined;
  const older = compareVersions(version, runningVersion) < 0;
  if (alone && !older) return undefined;
  return older
    ? `the database was upgraded by ${runningVersion}: the older ${version} cannot start on it`
    : `upgrade mode is off: ${version} cannot join nodes of ${runningVersion}`;
}
