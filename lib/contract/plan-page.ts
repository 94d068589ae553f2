import type { ApprovalGate, GateSpec } from './approvals';
import type { CheckResult } from './checks';
import type { PlannedNode, Sizes } from './events';

/** What a run would do, for those who must agree to it. Its text is in the report. */
export interface PlanPage {
  readonly groupName: string;
  readonly fromVersion: string;
  readonly toVersion: string;
  /** Why this target, when the run chose it by itself; empty otherwise. */
  readonly resolution: string;
  /** True when an interrupted upgrade would be gone on with: what it has done already is not done again. */
  readonly continues: boolean;
  readonly image: { readonly from: string; readonly to: string; readonly launchTemplate: string };
  readonly sizes: Sizes;
  /** The extra node, or that there is none. */
  readonly capacity: string;
  /** In their order, each with why it has this place. */
  readonly nodes: readonly PlannedNode[];
  /** Scaling processes that are suspended until the end, and why. */
  readonly suspended: readonly { readonly process: string; readonly why: string }[];
  readonly backup: PlannedBackup;
  readonly duration: PlannedDuration;
  /** Where the run stops and asks a person; none when no gate is configured. */
  readonly approvals: readonly PlannedApproval[];
  /** Every kind of call that changes something, in order. */
  readonly calls: readonly PlannedCalls[];
  /** Of the target and of every version between. */
  readonly releaseNotes: readonly ReleaseNotes[];
  /** Every check, passed or not. */
  readonly checks: readonly PlannedCheck[];
}

/** The backup that a run would make or use. */
export interface PlannedBackup {
  /** Empty when there is none. */
  readonly id: string;
  readonly parts: readonly string[];
  /** True when the backup of an earlier run is used. */
  readonly isReused: boolean;
  /** Why there is none; empty otherwise. */
  readonly noneBecause: string;
}

/** How long a run would take, in seconds. */
export interface PlannedDuration {
  readonly expectedSeconds: number;
  /** What the expectation rests on. */
  readonly basis: string;
  /** At most, by the limits: a phase that takes longer fails. */
  /** The maintenance window, and how many of the nodes are expected to be done in it. */
  readonly window?: { readonly opensAt: string; readonly endsAt: string; readonly nodes: number; readonly fit: number };
  readonly phases: readonly { readonly phase: string; readonly atMostSeconds: number; readonly why: string }[];
}

/** A question that the run will ask. */
export interface PlannedApproval extends GateSpec {
  readonly gate: ApprovalGate;
}

/** The changing calls of one step of a run. */
export interface PlannedCalls {
  readonly step: string;
  readonly calls: readonly string[];
}

/** Where a version is described. */
export interface ReleaseNotes {
  readonly version: string;
  /** The release notes of its feature version, which list the bug-fix versions. */
  readonly notes: string;
  /** The issues that it fixes. */
  readonly issues: string;
}

/** What a check found, and why the request overrides it if it does. */
export interface PlannedCheck extends CheckResult {
  readonly overriddenBecause?: string;
}
