import type { ExecutionLook } from '../core/leftovers';

/** Who holds the lock of a cluster. */
export interface LockHolder {
  /** ARN of the execution. */
  readonly owner: string;
  /** ISO 8601. */
  readonly since: string;
}

/** The lock of a cluster: one run at a time. */
export interface Lock {
  holder(cluster: string): Promise<LockHolder | undefined>;
  /** Takes the lock if `instead` holds it (nobody, when undefined), or the new holder already does. False: somebody else was first. */
  take(cluster: string, holder: LockHolder, instead: LockHolder | undefined): Promise<boolean>;
  /** Gives the lock back if `owner` holds it. False: it did not. */
  release(cluster: string, owner: string): Promise<boolean>;
}

/** Executions of the workflow. */
export interface Executions {
  /** An execution that is not known any more does not run. */
  isRunning(executionArn: string): Promise<boolean>;
  /** The same, and when it began. */
  look(executionArn: string): Promise<ExecutionLook>;
  /** ARNs of the executions of a state machine that run now: all, or the newest ones of very many. */
  running(stateMachineArn: string): Promise<readonly string[]>;
}
