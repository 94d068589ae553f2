/** What the checks look at, in this project's words. */
import type { BakeSpec, ChecksSpec } from '../../../lib/contract/environment';
import type { Image } from '../../ports/compute';
import type { TargetGroupSettings } from '../../ports/target-health';
import type { Cluster, Group, Instance, Member, NodeView, Target } from '../observation';

/** How Bitbucket took the credentials. */
export type Access =
  | { readonly kind: 'granted' }
  /** 401 or 403; `message` says why and what to do. */
  | { readonly kind: 'refused'; readonly error: 'CredentialsRefused' | 'PermissionMissing'; readonly message: string };

/** `/rest/api/latest/admin/cluster`: whether nodes can form a cluster. */
export interface Clustering {
  readonly running: boolean;
  readonly nodes: number;
}

/** `/rest/api/latest/admin/license`. */
export interface Licence {
  /** ISO 8601; absent when it never expires. */
  readonly expiresAt?: string;
  /** ISO 8601; absent when not told. */
  readonly maintenanceEndsAt?: string;
}

/** One of Bitbucket's own health checks: `/rest/troubleshooting/1.0/check/`. */
export interface HealthCheck {
  readonly name: string;
  readonly healthy: boolean;
  readonly reason: string;
  /** `critical`, `major`, `warning`, ... */
  readonly severity: string;
}

/** What the Universal Plugin Manager says of the apps after an upgrade to the target; names, with the key where there is no name. */
export interface AppCompatibility {
  readonly compatible: readonly string[];
  /** An update for the target exists, and works before or only after the upgrade. */
  readonly updateRequired: readonly string[];
  readonly incompatible: readonly string[];
  readonly unknown: readonly string[];
}

/** A Mesh node: it keeps its own version and is upgraded by itself. */
export interface MeshNode {
  readonly name: string;
  readonly version: string;
  readonly state: string;
}

/** A mirror: it keeps its own version, too. */
export interface Mirror {
  readonly name: string;
  readonly version: string;
  readonly enabled: boolean;
}

/** Facts of `check-cluster`. */
export interface ClusterFacts {
  readonly deniedVersions: readonly string[];
  readonly access: Access;
  readonly cluster: Cluster;
  readonly group: Group;
  readonly targets: readonly Target[];
  readonly targetGroupArns: readonly string[];
  /** What each node says itself, by instance. */
  readonly views: ReadonlyMap<string, NodeView>;
  /** All of that by instance; what is unknown is left out. */
  readonly members: readonly Member[];
  readonly clustering: Clustering;
  /** Undefined when none is installed. */
  readonly licence: Licence | undefined;
  readonly targetImage: Image | undefined;
  readonly healthChecks: readonly HealthCheck[];
  readonly apps: AppCompatibility;
  readonly mesh: readonly MeshNode[];
  readonly mirrors: readonly Mirror[];
}

/** Settings of the group that matter only before an upgrade. */
export interface GroupSettings {
  readonly newInstancesProtected: boolean;
  readonly protectedInstances: readonly string[];
  /** Seconds; 0 without one. */
  readonly maximumLifetime: number;
}

/** A scheduled action of the group. */
export interface ScheduledAction {
  readonly name: string;
  /** ISO 8601; when it happens next. */
  readonly at: string;
}

/** A lifecycle hook of the group. */
export interface LifecycleHook {
  readonly name: string;
  readonly transition: 'launching' | 'terminating';
  /** Seconds that an instance waits for an answer. */
  readonly heartbeat: number;
  /** `CONTINUE` or `ABANDON`: what follows when nobody answers. */
  readonly otherwise: string;
}

/** The group's warm pool. */
export interface WarmPool {
  readonly instances: number;
  /** `PendingDelete`, or empty. */
  readonly status: string;
}

/** What it takes to launch an image. */
export interface ImageDetails extends Image {
  readonly rootDeviceType: string;
  readonly virtualization: string;
  /** Keys that the image itself tells. */
  readonly keys: readonly string[];
  /** Encrypted snapshots of which it does not tell the key. */
  readonly encryptedSnapshots: readonly string[];
  /** ISO 8601; absent when the image has no end. */
  readonly deprecatedAt?: string;
}

/** Facts of `check-group`. */
export interface GroupFacts {
  readonly group: Group;
  readonly instances: readonly Instance[];
  readonly settings: GroupSettings;
  /** Instance refresh that is going on. */
  readonly refresh: string | undefined;
  /** The CloudFormation stack that the group belongs to, and its status; undefined when it belongs to none. */
  readonly stack: { readonly id: string; readonly status: string } | undefined;
  readonly scheduledActions: readonly ScheduledAction[];
  readonly hooks: readonly LifecycleHook[];
  readonly warmPool: WarmPool | undefined;
  readonly targetGroupArns: readonly string[];
  readonly targetGroups: readonly TargetGroupSettings[];
  /** Path of the base URL, without a trailing slash: `/git`, or empty. */
  readonly contextPath: string;
  readonly targetImage: ImageDetails | undefined;
  readonly originalImage: ImageDetails | undefined;
  /** Keys that the snapshots of the two images are encrypted with. */
  readonly keys: { readonly target: readonly string[]; readonly original: readonly string[] };
  /** Tag that holds an image's version; empty when images are not found by tag. */
  readonly versionTag: string;
}

/** How busy the nodes were. */
export interface Load {
  /** Sum of the CPU of all nodes, in percent of one, in the busiest period. */
  readonly peak: number;
  /** ISO 8601: when that was. */
  readonly peakAt: string;
  /** Nodes that told anything. */
  readonly nodes: number;
}

/** A change calendar of Systems Manager. */
export interface Calendar {
  readonly name: string;
  /** `OPEN` or `CLOSED`. */
  readonly state: string;
  /** ISO 8601: when that changes; empty when not told. */
  readonly until: string;
}

/** What a call would do, as EC2 answers with `DryRun`. */
export interface DryRun {
  readonly call: string;
  /** Empty when it would be carried out; else why it would not. */
  readonly refused: string;
}

/** Facts of `check-account`. */
export interface AccountFacts {
  /** Another execution that holds the lock and runs. */
  readonly otherRun: string | undefined;
  readonly spec: ChecksSpec;
  readonly load: Load | undefined;
  readonly calendars: readonly Calendar[];
  /** State of each alarm that exists, by name. */
  readonly alarms: ReadonlyMap<string, string>;
  readonly dryRuns: readonly DryRun[];
  /** How each new node is watched. */
  readonly bake: BakeSpec;
}
