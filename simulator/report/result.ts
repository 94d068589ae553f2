import type { BackupCounts, BackupResult, RestoreStepResult } from './backup';
import type { EndState } from '../rules/end-state';
import type { JudgedRule } from '../rules/index';
import type { Evidence } from '../rules/rule';
import type { NodeTimeline } from './timeline';

/** A grant of the template's policies that no call used. */
export interface UnusedGrant {
  readonly role: string;
  readonly action: string;
}

/** A call that the policies did not allow. */
export interface DeniedCall {
  readonly action: string;
  readonly caller: string;
  readonly seconds: number;
  readonly message: string;
}

/** A part of a scenario that was judged: an execution that somebody started, and what followed from it. */
export interface PartResult {
  readonly evidence: Evidence;
  readonly rules: readonly JudgedRule[];
}

/** How an execution ended that nobody started by hand, or that came second. */
export interface OtherResult {
  /** Logical id of its state machine. */
  readonly machine: string;
  readonly status: string;
  readonly error: string | null;
  readonly cause: string | null;
  readonly seconds: number;
}

/** What subscribers of the topic were told. */
export interface NotificationResult {
  readonly seconds: number;
  readonly subject: string;
  /** What people get. */
  readonly text: string;
  /** What programs get; null when it is the same. */
  readonly body: string | null;
}

/** The next execution of a scenario. */
export interface NextResult {
  readonly status: string;
  readonly error: string | null;
  readonly cause: string | null;
  readonly report: string | null;
  readonly versions: readonly string[];
  readonly end: EndState | null;
  readonly backup: BackupResult | null;
  readonly backups: BackupCounts;
  readonly mutatingCalls: readonly string[];
  readonly notifications: readonly NotificationResult[];
  readonly others: readonly OtherResult[];
  readonly simulatedSeconds: number;
  readonly rules: readonly JudgedRule[];
}

/** All that is known of a simulated run, by the world's facts. Only JSON values: the same seed gives the same bytes. */
export interface RunResult {
  /** The scenario's title. */
  readonly scenario: string;
  /** How the execution ended: `SUCCEEDED` or `FAILED`. */
  readonly status: string;
  readonly error: string | null;
  readonly cause: string | null;
  /** What the workflow says to people at its end, of an execution that succeeded: the text of its output. */
  readonly report: string | null;
  /** Whether the run ended as the scenario expects, and broke no rule but those that it announces. */
  readonly asExpected: boolean;
  /** How it differs from what is expected; empty when it does not. */
  readonly differences: readonly string[];
  readonly fromVersion: string;
  /** The version that was asked for; null when the request named none that there is. */
  readonly toVersion: string | null;
  /** Versions of the nodes at the end, each once. */
  readonly versions: readonly string[];
  /** The state in which the cluster was left; null when it is none that a run may leave. */
  readonly end: EndState | null;
  /** Executions that followed: recoveries, second runs. */
  readonly others: readonly OtherResult[];
  /** The next execution, if the scenario has one. */
  readonly next: NextResult | null;
  /** Nodes in service when the run began. */
  readonly nodes: number;
  readonly simulatedSeconds: number;
  readonly criticalPathSeconds: number;
  readonly requests: {
    readonly total: number;
    readonly failed: number;
    readonly byKind: Readonly<Record<string, { readonly total: number; readonly failed: number }>>;
  };
  readonly minServing: number;
  readonly maxHistoryEvents: number;
  readonly stateTransitions: number;
  readonly lambdaGbSeconds: number;
  readonly costUsd: number;
  readonly backup: BackupResult | null;
  readonly backups: BackupCounts;
  /** The way back, from the execution's output. */
  readonly restorePlan: readonly RestoreStepResult[];
  readonly timeline: readonly NodeTimeline[];
  readonly rules: readonly JudgedRule[];
  readonly mutatingCalls: readonly string[];
  readonly notifications: readonly NotificationResult[];
  readonly deniedCalls: readonly DeniedCall[];
  readonly unusedGrants: readonly UnusedGrant[];
  readonly seed: number;
}
