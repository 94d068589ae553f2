import type { Duration } from 'aws-cdk-lib';

/** What follows when a question is not answered in time. */
export enum UnansweredApproval {
  /**
   * The run ends as it is, without harm: before the first node nothing was changed; later it is held, every node serves, and the next start with
   * the same target goes on and asks again.
   */
  STOP = 'stop',

  /** The run goes on, as if it were approved, and the report says that nobody answered. A question that could not be sent is never approved: the run stops. */
  APPROVE = 'approve',

  /** As if it were rejected: before the first node nothing was changed; later the run is rolled back. */
  REJECT = 'reject',
}

/** How one question is asked. */
export interface ApprovalOptions {
  /**
   * How long the answer is awaited. An answer that cannot be understood, and a plan that is not the approved one any more, make a new question with a time of its own.
   *
   * Between 5 minutes and 30 days.
   *
   * @default Duration.hours(24)
   */
  readonly timeLimit?: Duration;

  /**
   * What follows when nobody answers in time.
   *
   * @default UnansweredApproval.STOP
   */
  readonly ifUnanswered?: UnansweredApproval;
}

/**
 * Where a run stops and asks a person whether it may go on. The question goes to the `notificationTopic`, with the commands that answer it.
 */
export interface Approvals {
  /**
   * Asks once the plan is made and everything is checked, before anything is changed: the question is the plan. Meanwhile the run holds the cluster's
   * lock. After the approval all is looked at and checked again; if the versions or the images are others then, it is asked again.
   *
   * @default - not asked
   */
  readonly afterPlan?: ApprovalOptions;

  /**
   * Asks once the run has replaced its first node, while old nodes are left. A rejection replaces it by an original one again.
   *
   * @default - not asked
   */
  readonly afterFirstNode?: ApprovalOptions;

  /**
   * Asks once every node is upgraded and the whole cluster is good, before the point of no return. After the approval it is verified again. A rejection
   * replaces every node by an original one again.
   *
   * @default - not asked
   */
  readonly beforeFinalize?: ApprovalOptions;
}
