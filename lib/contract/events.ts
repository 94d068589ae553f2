/**
 * What goes in and comes out of each task. The state machine keeps each result under the field named in
 * `docs/architecture.md`; the plan never changes once it is made.
 */
import type { ApprovalAnswer } from './approvals';
import type { Overridden } from './checks';
import type { PlanPage } from './plan-page';

/** The execution that runs, as each task is told: `$$.Execution.Id`, `.Name`, `.StartTime`. */
export interface Run {
  readonly executionArn: string;
  readonly executionName: string;
  readonly startedAt: string;
}

/** A reason against the upgrade, for people: what was found, what is allowed, what to do next. */
export interface Problem {
  readonly check: string;
  readonly message: string;
}

/** The request as it will be carried out. */
export interface ResolvedRequest {
  /** Checks that may fail, by name, with the reason. */
  readonly overrides?: { readonly [check: string]: string };
  /** True when LATEST_BUGFIX was asked for, nothing newer than what runs has an image, and no upgrade is to be gone on with. */
  readonly upToDate?: boolean;
  /** When LATEST_BUGFIX was asked for, for people: what it came to, and what was looked at. */
  readonly resolution?: string;
  /** Target version; empty when it could not be resolved (`problems` says why). */
  readonly targetVersion: string;
  /** Image of the target version; empty when it could not be resolved. */
  readonly imageId: string;
  readonly dryRun: boolean;
  /** Without one, nodes are begun at any time. */
  readonly window?: MaintenanceWindow;
  readonly problems: readonly Problem[];
}

/** When nodes may be begun: only if they would be good before its end. */
export interface MaintenanceWindow {
  /** ISO 8601. */
  readonly opensAt: string;
  /** ISO 8601. */
  readonly endsAt: string;
}

/** A node of the cluster: one Bitbucket node on one EC2 instance. */
export interface NodeRef {
  readonly instanceId: string;
  readonly privateIp: string;
}

/** A node that is to be replaced, in its place of the order. */
export interface PlannedNode extends NodeRef {
  /** For people: why it has this place. */
  readonly why?: string;
}

/** Sizes of an Auto Scaling group. */
export interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

/** Where a group's launch template is named, and how its version is written there. */
export interface LaunchTemplateRef {
  readonly id: string;
  /** `$Latest`, `$Default`, or a number: as the group names it. Kept as it is, whatever the image. */
  readonly versionSpec: string;
  /** The number that `versionSpec` meant when the plan was made. */
  readonly version: string;
  readonly within: 'group' | 'mixed-instances-policy';
}

/** What a run will do, decided once. */
export interface Plan {
  readonly run: Run;
  readonly groupName: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly originalImageId: string;
  readonly targetImageId: string;
  /** `upgrade`, or `nothing` when every node already runs the target version and upgrade mode is off. */
  readonly action: 'upgrade' | 'nothing';
  /** True when an interrupted run to the same version is continued. */
  readonly continues: boolean;
  readonly sizes: Sizes;
  readonly suspendedBefore: readonly string[];
  readonly launchTemplate: LaunchTemplateRef;
  readonly capacity: 'surge' | 'within-capacity';
  /** Nodes of the original version: those that do not serve first, then the least busy. The order is decided again before each node. */
  readonly nodes: readonly PlannedNode[];
  /** One id for all parts of the backup. */
  readonly backupId: string;
  /** True when the backup of an earlier run between the same versions is used: young enough, and complete or still on its way. */
  readonly reusesBackup?: boolean;
  /** Ids of this cluster's backups that will never be complete: deleted before a new one is begun. */
  readonly unfinishedBackups?: readonly string[];
  /** Names of the parts that a new backup is made of: each part carries them as a tag, so that what is missing can be told later. */
  readonly backupParts?: readonly string[];
  /**
   * `forward` as it was made. A plan turned `back` has its versions and images exchanged: the same engine then replaces the
   * upgraded nodes by original ones. Absent means `forward`.
   */
  readonly direction?: 'forward' | 'back';
  /** Of the request; on the way back it counts no more. */
  readonly window?: MaintenanceWindow;
}

/** What a look found, and when to look again. */
export interface Look {
  /** `wait`: look again after `waitSeconds`. `done`: go on. A failure is thrown, by name. */
  readonly verdict: 'wait' | 'done';
  /** Always at least 1, so that a `Wait` state can use it. */
  readonly waitSeconds: number;
  /** When this loop began (ISO 8601): the first look sets it, later ones get it back as `since`, so that a limit can be kept. */
  readonly since: string;
  /** For people: what was seen. */
  readonly detail: string;
}

/** A part of the backup, as each of its tasks is told: `{part}` is in every payload. */
export interface PartRef {
  /** `database`, `shared-home`, or the name that another home was given. */
  readonly name: string;
  /** As state names and messages say it: `the database`. */
  readonly title: string;
  /** What the strategy wrote for its own tasks: {@link RdsPart}, {@link EbsPart}, {@link AwsBackupPart}, or its own. */
  readonly specification: unknown;
}

/** What an `observe` task finds. Input: `{part, clusterName}`. It changes nothing and never fails because of what it finds. */
export interface PartObservation {
  readonly part: string;
  /** Reasons against the upgrade: an unknown instance, a volume that is not attached, a vault that may not be used. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** False while the source is busy (`backing-up`, a snapshot already in progress): it is awaited before any part is begun. */
  readonly ready: boolean;
  /** For people: what was seen. */
  readonly detail: string;
  /** Every backup of this part that the tool made for this cluster, by exact tags. */
  readonly backups: readonly KnownBackup[];
}

/** A part of an earlier backup. */
export interface KnownBackup {
  readonly backupId: string;
  /** `from to to`, as the tag says. */
  readonly versions: string;
  /** ARN of the execution that made it. */
  readonly run: string;
  /** When it was begun, ISO 8601. */
  readonly startedAt: string;
  /** `failed`: some of it failed, or is missing: it will never be complete. */
  readonly state: 'pending' | 'complete' | 'failed';
  /** Whether an upgrade that succeeded marked it: only then retention may delete it. */
  readonly finished: boolean;
  /** Names of all parts of that backup, as the tag says; absent when it has none. The parts may have been others then than they are now. */
  readonly parts?: readonly string[];
}

/** One part of a backup that was begun. */
export interface BackupPart {
  /** Name of the part. */
  readonly part: string;
  /** What it is a backup of: the DB instance, the cluster, the file server, the file system. */
  readonly resource: string;
  /** Identifiers of snapshots; of backup jobs while they run, of recovery points once they are complete. */
  readonly snapshotIds: readonly string[];
  /** The moment that it was begun, ISO 8601: of the snapshot itself where the vendor tells. */
  readonly startedAt: string;
}

/** Result of a `start` task. Input: `{part, plan}`, again with `since`. `wait`: it could not begin yet (a rate limit). */
export interface BackupStart extends Look {
  /** With verdict `done`. */
  readonly backup?: BackupPart;
}

/** Result of an `await` task. Input: `{part, plan, backup, since}`. `done` when the part is complete and verified: available, encrypted like its source, tagged, of a plausible size. */
export interface BackupLook extends Look {
  readonly backup: BackupPart & {
    readonly percent: number;
    readonly completedAt?: string;
    /** How this part is restored, with verdict `done`: each command filled in. */
    readonly restore?: readonly RestoreStep[];
  };
}

/** A step of a restore: what it does, and the commands, ready to paste. */
export interface RestoreStep {
  readonly title: string;
  readonly commands: readonly string[];
}

/** Input of a `tidy` task; its result is a {@link Look}: `wait` while something cannot be deleted yet. */
export interface TidyInput {
  readonly part: PartRef;
  readonly clusterName: string;
  /** Backup ids to mark as those of a finished upgrade. */
  readonly mark: readonly string[];
  /** Backup ids to delete, this part of them: exactly what carries this cluster's tag and one of these ids. */
  readonly discard: readonly string[];
  readonly since?: string;
}

/** Input of the state machine `TidyBackups`, and result of `choose-expired-backups`. */
export interface BackupsToTidy {
  readonly mark: readonly string[];
  readonly discard: readonly string[];
}

/** Result of `judge-skew`. */
export interface BackupSkew {
  /** Seconds from the first part's moment to the last one's. */
  readonly seconds: number;
  readonly detail: string;
}

/** What is done with the next old node. */
export interface NextNode extends Look {
  /**
   * `replace`: its replacement starts while it drains. `retire`: nothing takes its place (the surge is given back).
   * `none`: no old node is left. With verdict `wait` the
   * cluster is not ready for another: look again.
   */
  readonly action: 'replace' | 'retire' | 'none';
  readonly node?: NodeRef;
  /** How many nodes are replaced already, by this run or by one that it continues. */
  readonly replaced: number;
}

/** What the roll has done so far: carried from node to node for the pace of the looks and for the report. */
export interface Rolled {
  readonly completed: readonly NodeReport[];
  /** Seconds that the last new node took from launch to good; 0 when none was measured. */
  readonly expectedBootSeconds: number;
  /** How many replacements failed so far: against the budget. */
  readonly failures: number;
  /** Instance ids that an operator put last. */
  readonly postponed: readonly string[];
}

/** What happened to one node. */
export interface NodeReport {
  readonly old: NodeRef;
  readonly replacement?: NodeRef;
  readonly standbyAt: string;
  readonly drainedAt: string;
  readonly goodAt?: string;
  readonly retiredAt: string;
  readonly bootSeconds: number;
}

/** Input of the state machine `ReplaceNode`; its output is {@link Rolled}. */
export interface ReplaceNodeInput {
  readonly plan: Plan;
  readonly node: NodeRef;
  readonly action: 'replace' | 'retire';
  readonly rolled: Rolled;
}

/** Result of `stand-by`. */
export interface StandbyResult {
  readonly standbyAt: string;
  readonly detail: string;
}

/** Result of `await-drained`. */
export interface DrainLook extends Look {
  readonly drainedAt: string;
  /** True when the drain limit passed with connections left. */
  readonly limitPassed: boolean;
}

/** Result of `await-replacement`: `done` when every instance in service is good, and as many are in service as desired. */
export interface ReplacementLook extends Look {
  /** The newest good node of the target version; absent while there is none. */
  readonly replacement?: NodeRef;
  readonly goodAt: string;
  /** Seconds from the newest node's launch to now, once good. */
  readonly bootSeconds: number;
}

/** Result of `restore-capacity`: what the cluster is made of once capacity is back. */
export interface CapacityLook extends Look {
  /** `original`: only nodes of the original version. `mixed`: both. `upgraded`: only the target version. */
  readonly made: 'original' | 'mixed' | 'upgraded';
  /** Whether a run has recorded on the group what it changes. If none has, none has changed anything, and there is nothing to put back. */
  readonly held: boolean;
}

/** Result of `compare-apps`. */
export interface AppsLook {
  /** One for each app that was installed, removed, updated, enabled or disabled since the start. */
  readonly warnings: readonly Problem[];
  /** How many apps there were at the start. */
  readonly compared: number;
}

/** What an operator says when a run holds. `go-on`: take the other nodes first, this one last. */
export interface OperatorAnswer {
  readonly answer: 'retry' | 'roll-back' | 'go-on' | 'stop';
  /** Who says so, and why: for the report. */
  readonly by?: string;
  readonly reason?: string;
}

/** Result of `decide-recovery`, once capacity is back after a failure. */
export interface RecoveryDecision {
  /**
   * `retry`: go on with a fresh instance. `roll-back`: the engine runs backwards (with nothing replaced it only turns upgrade mode
   * off). `hold`: ask an operator. `stop`: restore what can be restored and end.
   */
  readonly action: 'retry' | 'roll-back' | 'hold' | 'stop';
  readonly reason: string;
  /** The plan to go on with: turned back for `roll-back`. */
  readonly plan: Plan;
  /** With the failure counted. */
  readonly rolled: Rolled;
}

/** Result of `plan-recovery`: what a run that was ended from outside left behind. */
export interface RecoveryPlan {
  /**
   * `nothing` when all is in place, or another run goes on. `release` when only the lock is left, held by
   * an execution that does not run, or the banner of the upgrade, or the record of it.
   */
  readonly action: 'nothing' | 'release' | 'restore';
  readonly reason: string;
  /** Made from the group's record tags; only for `restore`. */
  readonly plan?: Plan;
  /** What the cluster is made of, as far as that matters for what is recorded of the apps: `mixed` when an upgrade can be gone on with. Only for `release`. */
  readonly made?: Exclude<CapacityLook['made'], 'upgraded'>;
}

/** How a run ended. */
export type Outcome = 'SUCCEEDED' | 'FAILED' | 'ROLLED_BACK' | 'HELD' | 'RECOVERED' | 'REFUSED' | 'DRY_RUN' | 'NOTHING_TO_DO';

/** Result of `report-run`, and the output of the execution. */
export interface RunReport {
  readonly outcome: Outcome;
  readonly subject: string;
  /** For people, several lines. */
  readonly text: string;
  /** For `Fail` states: the error's name and its cause. Empty when the run succeeded, and when it is held until the next maintenance window. */
  readonly error: string;
  readonly cause: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly nodes: readonly NodeReport[];
  readonly backup: readonly BackupPart[];
  /** The way back after finalize, in order, each command filled in for this cluster; empty without a backup. */
  readonly restorePlan: readonly RestoreStep[];
  readonly warnings: readonly Problem[];
  /** Checks that did not pass and that the request overrides, each with its reason. */
  readonly overridden: readonly Overridden[];
  /** What people were asked, and what they answered; empty when no gate is configured. */
  readonly approvals: readonly ApprovalAnswer[];
  /** What a dry run ends with, unless there is nothing to do. */
  readonly planPage?: PlanPage;
}

/** Why a run ends early: what `Catch` leaves at `$.failure`. */
export interface Failure {
  readonly Error: string;
  readonly Cause: string;
}
