import type { Instance, Timer } from '../kernel/ports';
import type { NodeState } from './upgrade-mode';

/**
 * Where a node is in its life.
 * `booting`: the operating system starts, nothing listens. `starting`: `/status` answers 503 STARTING. `joining`: a member, not yet serving.
 * `running`: serves. `maintenance`: a member, answers `/status` with 200 MAINTENANCE, serves nobody. `error`: a member that failed.
 * `refused`: the cluster did not let it in. `stopping`: shuts down, open requests may end. `gone`: nothing is left.
 */
export type Phase = 'booting' | 'starting' | 'joining' | 'running' | 'maintenance' | 'error' | 'refused' | 'stopping' | 'gone';

/** What a fault does to a node that starts. */
export interface Misbehaviour {
  /** Stays in STARTING for ever. */
  readonly neverJoins?: boolean;
  /** Comes up with this version, whatever its image. */
  readonly version?: string;
  /** Ends in MAINTENANCE (`/status` 200) or ERROR instead of RUNNING. */
  readonly endsIn?: 'maintenance' | 'error';
  /** Comes up healthy, but as a cluster of its own. */
  readonly splitBrain?: boolean;
  /** The health checks of one target group do not get through to it. */
  readonly unhealthyIn?: 'http' | 'ssh';
  /** Takes so many seconds longer. */
  readonly extraSeconds?: number;
}

/** A Bitbucket node on an instance. */
export interface BitbucketNode {
  /** A UUID; a new instance is a new node, also when it takes another's place. */
  readonly id: string;
  readonly instance: Instance;
  readonly version: string;
  /** Until somebody mends the node. */
  misbehaviour: Misbehaviour;
  /** Nodes see only members of the same island; without split brain there is one. */
  island: string;
  phase: Phase;
  timer?: Timer;
}

const STATES: Readonly<Partial<Record<Phase, NodeState>>> = {
  joining: 'STARTING',
  running: 'ACTIVE',
  maintenance: 'ACTIVE',
  error: 'ERROR',
  stopping: 'TERMINATING',
};

/** The node's state in the cluster overview; undefined while it is no member. */
export function zduState(node: BitbucketNode): NodeState | undefined {
  return STATES[node.phase];
}

/**
 * What `/status` answers, or undefined when nothing listens. 503 STARTING, 200 RUNNING and 200 MAINTENANCE are documented
 * (https://confluence.atlassian.com/bitbucketserverkb/how-to-monitor-if-bitbucket-server-is-up-and-running-975014635.html);
 * for ERROR and STOPPING no public text was found, they answer here what keeps a load balancer away.
 */
export function statusOf(node: BitbucketNode): { readonly status: number; readonly state: string } | undefined {
  switch (node.phase) {
    case 'booting':
    case 'gone':
      return undefined;
    case 'starting':
    case 'joining':
      return { status: 503, state: 'STARTING' };
    case 'running':
      return { status: 200, state: 'RUNNING' };
    case 'maintenance':
      return { status: 200, state: 'MAINTENANCE' };
    case 'stopping':
      return { status: 503, state: 'STOPPING' };
    case 'error':
    case 'refused':
      return { status: 500, state: 'ERROR' };
  }
}

/** The database schema's build number that belongs to a version: `9.4.20` is `9004020`. */
export function buildNumber(version: string): string {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  return String(major * 1_000_000 + minor * 1_000 + patch);
}
