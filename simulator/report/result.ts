import type { JudgedRule } from '../rules/index';
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

/** The backup pair of a run. */
export interface BackupResult {
  readonly snapshotIds: readonly string[];
  /** The tag that both parts carry. */
  readonly sharedTag: string;
  readonly seconds: number;
}

/** All that is known of a simulated run, by the world's facts. Only JSON values: the same seed gives the same bytes. */
export interface RunResult {
  /** The scenario's title. */
  readonly scenario: string;
  /** How the execution ended: `SUCCEEDED` or `FAILED`. */
  readonly status: string;
  readonly error: string | null;
  readonly cause: string | null;
  /** Whether the run ended as the scenario expects, and broke no rule but those that it announces. */
  readonly asExpected: boolean;
  /** How it differs from what is expected; empty when it does not. */
  readonly differences: readonly string[];
  readonly fromVersion: string;
  /** The version that was asked for; null when the request named none. */
  readonly toVersion: string | null;
  /** Versions of the nodes at the end, each once. */
  readonly versions: readonly string[];
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
  readonly timeline: readonly NodeTimeline[];
  readonly rules: readonly JudgedRule[];
  readonly mutatingCalls: readonly string[];
  readonly deniedCalls: readonly DeniedCall[];
  readonly unusedGrants: readonly UnusedGrant[];
  readonly seed: number;
}
