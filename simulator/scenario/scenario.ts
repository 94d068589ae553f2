/** What a scenario says, with every default filled in. The format: `scenario.schema.json`. */
import type { ScenarioApprovals, ScenarioApprovers } from './approvals';
import type { ScenarioBackup } from './backup';
import type { ScenarioBitbucket } from './bitbucket';
import type { Fault } from './fault';
import type { ScenarioSchedule } from './schedule';
import type { ScenarioAccount } from './surroundings';

export type { Fault } from './fault';

/** Least and most; a number in between is drawn each time. */
export type Range = [least: number, most: number];

/** Limits of the construct, in seconds; what is absent has the construct's default. */
export interface ScenarioLimits {
  readonly bootTimeout?: number;
  readonly drainLimit?: number;
  readonly backupTimeout?: number;
  readonly finalizeTimeout?: number;
  readonly minPollInterval?: number;
  readonly maxPollInterval?: number;
  readonly holdLimit?: number;
}

/** How new nodes are watched: seconds, and names of CloudWatch alarms. What is absent has the construct's default. */
export interface ScenarioBake {
  readonly firstSeconds?: number;
  readonly eachSeconds?: number;
  readonly alarms?: readonly string[];
}

/** What an operator says when the run holds, so many seconds after it asked. */
export interface ScenarioAnswer {
  readonly afterSeconds: number;
  readonly answer: 'retry' | 'roll-back' | 'go-on' | 'stop';
  readonly reason?: string;
}

/** A second execution, started without faults when the first one, and what restores after it, have ended. */
export interface ScenarioNext {
  /** Instead of a second execution the first one is redriven, with its own request; with a `request` here only if it did not succeed, and that is started when the redrive did not, either. */
  readonly redrive?: boolean;
  readonly request?: Readonly<Record<string, unknown>>;
  readonly expect: Expectation;
}

/** How a run is expected to end. */
export interface Expectation {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  readonly error?: string;
  readonly causeIncludes?: string | readonly string[];
  readonly versions?: readonly string[];
  readonly mutatingCalls?: number;
  readonly brokenRules?: readonly number[];
  /** Complete backups of this cluster that exist at the end. */
  readonly backups?: number;
  /** Snapshots of this cluster that belong to no complete backup at the end. */
  readonly leftovers?: number;
  /** Of the report of an execution that succeeded. */
  readonly reportIncludes?: string | readonly string[];
  readonly reportLacks?: string | readonly string[];
  /** Of the notifications, their subjects and texts. */
  readonly notificationsInclude?: string | readonly string[];
  /** Executions that somebody else started meanwhile, in their order. */
  readonly others?: readonly ExpectedOther[];
}

/** How an execution is expected to end that somebody started while the first one ran. */
export interface ExpectedOther {
  readonly status: Expectation['status'];
  readonly error?: string;
  readonly causeIncludes?: string | readonly string[];
  readonly withinSeconds?: number;
}

/** A scenario. */
export interface Scenario {
  readonly title: string;
  readonly seed: number;
  readonly cluster: {
    readonly nodes: number;
    readonly minSize: number;
    readonly maxSize: number;
    readonly version: string;
    readonly images: readonly string[];
    readonly launchTemplate: '$Latest' | '$Default' | 'pinned' | 'mixed-instances';
    readonly suspendedProcesses: readonly string[];
    readonly contextPath: string;
  };
  readonly timing: {
    readonly operatingSystem: Range;
    readonly start: Range;
    readonly migration: Range;
    readonly join: Range;
    readonly stop: number;
    readonly finalize: number;
    readonly deregistrationDelay: number;
    readonly databaseSnapshot: Range;
    readonly volumeSnapshot: Range;
  };
  readonly traffic: {
    readonly webPerSecond: number;
    readonly clonesPerMinute: number;
    readonly cloneSeconds: Range;
    readonly pushesPerMinute: number;
    readonly pushSeconds: Range;
    readonly sshPerMinute: number;
    readonly sshSeconds: Range;
  };
  readonly backup: ScenarioBackup;
  readonly bitbucket: ScenarioBitbucket;
  readonly account: ScenarioAccount;
  readonly capacity: 'surge' | 'within-capacity';
  readonly deniedVersions: readonly string[];
  readonly limits: ScenarioLimits;
  readonly failurePolicy?: 'roll-back' | 'hold' | 'go-forward';
  /** How many failed replacements are made up for by fresh instances. */
  readonly replacementBudget?: number;
  readonly bake: ScenarioBake;
  /** One answer for each time that the run holds; when there is none left, nobody answers. */
  readonly operator: readonly ScenarioAnswer[];
  /** Where the run asks for an approval. */
  readonly approvals: ScenarioApprovals;
  readonly approvers: ScenarioApprovers;
  /** Whether terminating an instance in Standby counts: AWS does not say. */
  readonly terminateInStandby: 'not-counted' | 'counted';
  readonly request: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  readonly expect: Expectation;
  readonly thenStart?: ScenarioNext;
  /** Upgrades are started by this, for days, instead of by `request`. */
  readonly schedule?: ScenarioSchedule;
}
