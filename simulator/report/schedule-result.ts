import type { RunResult } from './result';

/** What every simulated scenario tells of its end, whatever it was: the table of all scenarios. */
export type EndResult = Pick<
  RunResult,
  'status' | 'error' | 'nodes' | 'simulatedSeconds' | 'minServing' | 'requests' | 'rules' | 'asExpected' | 'differences' | 'seed'
>;

/** One run that the schedule started. */
export interface NightResult {
  /** Virtual milliseconds. */
  readonly startedAt: number;
  readonly seconds: number;
  /** As its report says, or its error when it has no report. */
  readonly outcome: string;
  readonly status: string;
  readonly error: string | null;
  readonly cause: string | null;
  /** The text of its output. */
  readonly report: string | null;
  readonly fromVersion: string;
  /** What it was to upgrade to; the running version when nothing newer was there. */
  readonly toVersion: string;
  /** How many nodes ran each version when it had ended. */
  readonly versions: Readonly<Record<string, number>>;
  /** Nodes that were upgraded in it. */
  readonly upgraded: number;
  readonly upgradeMode: boolean;
  /** The backup that it began, or used again; empty when it needed none. */
  readonly backup: string;
  readonly reusedBackup: boolean;
  readonly backups: { readonly complete: number; readonly leftovers: number };
  readonly mutatingCalls: number;
  readonly minServing: number;
  readonly rules: RunResult['rules'];
}

/** What people were told. */
export interface Told {
  /** Virtual milliseconds. */
  readonly time: number;
  readonly subject: string;
  readonly message: string;
}

/** All that is known of the days of a schedule. Only JSON values: the same seed gives the same bytes. */
export interface ScheduleResult extends EndResult {
  /** The scenario's title. */
  readonly scenario: string;
  readonly expression: string;
  readonly timeZone: string;
  /** Virtual milliseconds. */
  readonly startedAt: number;
  readonly nights: readonly NightResult[];
  /** Images that appeared. */
  readonly images: readonly { readonly time: number; readonly version: string }[];
  readonly notifications: readonly Told[];
  /** What was done twice, or not as often as it should be; empty when all was done once. */
  readonly doneTwice: readonly string[];
  /** Upgrades that were completed. */
  readonly upgrades: readonly string[];
  /** Starts that were given up. */
  readonly deadLetters: number;
  readonly stateTransitions: number;
  readonly maxHistoryEvents: number;
  readonly costUsd: number;
}
