import type { BackupSpec, Limits } from '../../../lib/contract/environment';
import type { PartObservation, Plan, Problem, ResolvedRequest } from '../../../lib/contract/events';
import type { Image } from '../../ports/compute';
import type { TargetGroupSettings } from '../../ports/target-health';
import type { Cluster, Group, Member } from '../observation';
import { isAlive, isInService, isNew, isStandby } from '../observation';

/** Everything that was looked up before a run changes anything. */
export interface Facts {
  readonly plan: Plan;
  readonly request: ResolvedRequest;
  readonly deniedVersions: readonly string[];
  readonly limits: Limits;
  /** Path of the base URL, without a trailing slash: `/git`, or empty. */
  readonly contextPath: string;
  readonly group: Group;
  /** With what each node says itself (`view`). */
  readonly members: readonly Member[];
  readonly cluster: Cluster;
  /** The target groups that are watched. */
  readonly targetGroupArns: readonly string[];
  readonly targetGroups: readonly TargetGroupSettings[];
  /** Image of the target version, and the one that the group launches now; undefined when it does not exist. */
  readonly targetImage: Image | undefined;
  readonly originalImage: Image | undefined;
  /** Instance refresh that is going on. */
  readonly refresh: string | undefined;
  /** The CloudFormation stack that the group belongs to, and its status; undefined when it belongs to none. */
  readonly stack: { readonly id: string; readonly status: string } | undefined;
  /** What each part of the backup is like, as its own task saw it. */
  readonly observations: readonly PartObservation[];
  readonly backup: BackupSpec;
  /** Another execution that holds the lock and runs. */
  readonly activeRun: string | undefined;
}

/** One check: what is against the upgrade. */
export type Check = (facts: Facts) => readonly Problem[];

/**
 * The nodes that must be in order before anything begins: all in service, and one that an interrupted run left in Standby. When a run is
 * continued its new nodes may still boot, and an instance may have died: whether they become good, or are replaced, is decided later,
 * as in any run.
 */
export const settled = ({ members, plan }: Facts): readonly Member[] =>
  members.filter((member) => (isInService(member) || isStandby(member)) && !(plan.continues && (isNew(member, plan) || !isAlive(member))));

/** A problem of one check. */
export const problem = (check: string, message: string): Problem => ({ check, message });

/** The problem if it is one. */
export const when = (condition: boolean, check: string, message: () => string): readonly Problem[] =>
  condition ? [problem(check, message())] : [];
