/** Approvals: where a run may stop and ask, what is asked of it, and what the state machine keeps of the answers. */
import type { Failure } from './events';

/** The gates, in the order in which a run comes by them. */
export const APPROVAL_GATES = ['after-plan', 'after-first-node', 'before-finalize'] as const;

/** One of the gates. */
export type ApprovalGate = (typeof APPROVAL_GATES)[number];

/** What follows when nobody answers in time. */
export type Unanswered = 'stop' | 'approve' | 'reject';

/** How a gate is configured. */
export interface GateSpec {
  /** Seconds for which each question waits for its answer. */
  readonly timeLimit: number;
  readonly ifUnanswered: Unanswered;
}

/** The gates that are configured. */
export type ApprovalsSpec = { readonly [gate in ApprovalGate]?: GateSpec };

/** What became of one question: a line of the report. */
export interface ApprovalAnswer {
  readonly gate: ApprovalGate;
  /** `unanswered`: nobody answered in time, or nobody could be asked. `not-understood`: it was asked again. */
  readonly answer: 'approve' | 'reject' | 'unanswered' | 'not-understood';
  /** Who says so; empty when nobody is known. */
  readonly by: string;
  /** Why; for what is no answer, what happened. */
  readonly reason: string;
  /** When it was read, ISO 8601. */
  readonly at: string;
}

/** What of a plan is approved: with anything else of these, it is another plan. */
export interface ApprovedPlan {
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly originalImageId: string;
  readonly targetImageId: string;
}

/**
 * What the state machine keeps at `$.approvals`. A question adds what was sent (`sent`) or why nothing was (`failure`); `judge-approval` takes
 * that away again.
 */
export interface Approvals {
  /** Of the last question; empty before the first one. */
  readonly verdict: '' | 'approved' | 'ask-again' | 'not-approved';
  /** What was sent last and could not be understood, for the next question; empty otherwise. */
  readonly misunderstood: string;
  readonly answers: readonly ApprovalAnswer[];
  /** The plan that was approved; empty texts before. */
  readonly plan: ApprovedPlan;
  /** Whether the first node was. */
  readonly firstNode: boolean;
  /** Whether finalizing was. */
  readonly finalizing: boolean;
  /** The error that it comes to, with verdict `not-approved`. */
  readonly refusal?: Failure;
  /** The output that somebody sent with the token. */
  readonly sent?: unknown;
  /** Why there is none. */
  readonly failure?: Partial<Failure>;
}

/** Before anything was asked. */
export const NOTHING_ASKED: Approvals = {
  verdict: '',
  misunderstood: '',
  answers: [],
  plan: { fromVersion: '', toVersion: '', originalImageId: '', targetImageId: '' },
  firstNode: false,
  finalizing: false,
};
