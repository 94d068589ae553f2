import type { RequestCount } from '../traffic/traffic';

/** A node as a person follows it. */
export interface NodeView {
  readonly instanceId: string;
  readonly version: string;
  /** State of the group's member: `InService`, `Standby` ... */
  readonly lifecycle: string;
  /** What Bitbucket on it does: `running`, `starting` ... */
  readonly phase: string;
  /** Health in each target group, in their order. */
  readonly health: readonly string[];
  readonly connections: number;
}

/** The world at a moment, for the live view. */
export interface Snapshot {
  /** Virtual seconds since the run began. */
  readonly seconds: number;
  /** Name of the state that the workflow is in. */
  readonly state: string;
  readonly nodes: readonly NodeView[];
  /** The parts of the backup while it is made, with how far each is. */
  readonly backup: readonly { readonly part: string; readonly percent: number }[];
  readonly serving: number;
  readonly planned: number;
  readonly clusterState: string;
  readonly requests: Readonly<RequestCount>;
  /** How far the run is, from 0 to 1: an estimate. */
  readonly progress: number;
}
