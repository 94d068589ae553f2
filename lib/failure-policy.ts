import type { Duration } from 'aws-cdk-lib';

/** Options of a {@link FailurePolicy}. */
export interface FailurePolicyOptions {
  /**
   * How long a run that holds waits for an operator's answer. After that it stops: nodes of both versions go on serving, and the
   * next run continues.
   *
   * Between 5 minutes and 30 days.
   *
   * @default Duration.hours(24)
   */
  readonly limit?: Duration;
}

/** What a {@link FailurePolicy} comes to. */
export interface FailurePolicyConfig {
  /** The policy's name, as the tasks know it. */
  readonly mode: string;

  /**
   * How long a run waits for an operator's answer.
   *
   * @default Duration.hours(24)
   */
  readonly limit?: Duration;
}

/**
 * What follows a failure once every node that served before serves again. Before any node was replaced a run is always undone.
 *
 * Whatever the policy, a run whose roll back fails holds for an operator: it never goes on by itself.
 */
export class FailurePolicy {
  /** The upgraded nodes are replaced by original ones, in the same way and as carefully, and upgrade mode is turned off. */
  public static rollBack(options: FailurePolicyOptions = {}): FailurePolicy {
    return new FailurePolicy('roll-back', options);
  }

  /** An operator decides after the first failure: try again, roll back, go on with the other nodes first, or stop. */
  public static hold(options: FailurePolicyOptions = {}): FailurePolicy {
    return new FailurePolicy('hold', options);
  }

  /** Fresh instances are tried as far as the replacement budget goes; then an operator decides. A run is never rolled back by itself. */
  public static goForward(options: FailurePolicyOptions = {}): FailurePolicy {
    return new FailurePolicy('go-forward', options);
  }

  private constructor(
    private readonly mode: string,
    private readonly options: FailurePolicyOptions,
  ) {}

  /** What the policy comes to. */
  public bind(): FailurePolicyConfig {
    return { mode: this.mode, limit: this.options.limit };
  }
}
