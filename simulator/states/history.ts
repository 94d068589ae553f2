import type { EngineEvent } from './engine';

/**
 * Counts the events that Step Functions would write to an execution's history
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html) and the state transitions that it would bill.
 *
 * Events: 1 at the start and 1 at the end. `Pass`, `Choice`, `Wait`, `Succeed`: Entered, Exited = 2; `Fail`: Entered = 1. A Lambda task: Entered, then for
 * each attempt LambdaFunctionScheduled, Started, Succeeded (or Failed, TimedOut) = 3, then Exited: 5 without retries. A nested execution: Entered,
 * TaskScheduled, Started, Submitted, Succeeded, Exited = 6. `Parallel` and `Map`: Entered, Started, Succeeded (or Failed), Exited = 4, and 2 an iteration of a `Map`.
 *
 * Transitions: one for each state entered, one for each retry (https://aws.amazon.com/step-functions/pricing/), and one for the way to the end.
 */
export class History {
  events = 1;
  transitions = 1;

  /** A task's attempt: 3 events for a Lambda function, 4 for a nested execution, 2 for one that could not be scheduled. */
  attempt(events: number): void {
    this.events += events;
  }

  ended(): void {
    this.events += 1;
  }

  /** `ExecutionRedriven`; a redrive is billed as a transition (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html). */
  redriven(): void {
    this.events += 1;
    this.transitions += 1;
  }

  /** Counts what the engine tells. */
  note({ type, state }: EngineEvent): void {
    const group = state?.type === 'Parallel' || state?.type === 'Map';
    switch (type) {
      case 'StateEntered':
        this.transitions += 1;
        this.events += group ? 2 : 1; // Entered (and Started)
        break;
      case 'StateExited':
        this.events += group ? 2 : 1; // (Succeeded or Failed, and) Exited
        break;
      case 'StateRetried':
        this.transitions += 1;
        break;
      case 'MapIterationStarted':
      case 'MapIterationSucceeded':
      case 'MapIterationFailed':
        this.events += 1;
        break;
    }
  }
}

/** Step Functions ends an execution whose history is longer. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_HISTORY_EVENTS = 25_000;
