import type { VirtualClock } from '../kernel/clock';
import type { Journal, Timer } from '../kernel/ports';
import { AwsError } from '../kernel/ports';
import type { Execution } from './execution';
import { checkSize, TaskError } from './task-error';

/** A task that waits for somebody to answer with its token. */
export interface OpenTask {
  readonly token: string;
  readonly machine: string;
  /** ARN. */
  readonly execution: string;
  readonly state: string;
  /** Virtual milliseconds. */
  readonly since: number;
}

/** What an operator answers: a result (any JSON value), or an error. */
export type Answer = { readonly output: unknown } | { readonly error: string; readonly cause?: string };

/** A task that begins to wait. */
export interface CallbackTask {
  readonly token: string;
  readonly state: string;
  readonly execution: Execution;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

interface Waiting extends OpenTask {
  readonly task: CallbackTask;
  readonly settle: (outcome: { readonly output: string } | { readonly error: TaskError }) => void;
  readonly timers: Timer[];
  heartbeat: Timer | undefined;
}

/**
 * Tasks with `.waitForTaskToken`: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token.
 * `TimeoutSeconds` ends one with `States.Timeout`, however many heartbeats come; `HeartbeatSeconds` without a heartbeat with `States.HeartbeatTimeout`
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html).
 */
export class Callbacks {
  private readonly waiting = new Map<string, Waiting>();
  private readonly closed = new Set<string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly journal: Journal,
  ) {}

  /** The tasks that wait now, the longest first. */
  open(): readonly OpenTask[] {
    return [...this.waiting.values()].map(({ token, machine, execution, state, since }) => ({ token, machine, execution, state, since }));
  }

  /**
   * Waits until the task is answered, or its time is up. A task whose execution ends meanwhile is closed and never settles.
   *
   * @returns its output, as JSON.
   * @throws TaskError
   */
  wait(task: CallbackTask): Promise<string> {
    const { token, state, execution } = task;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        task,
        token,
        state,
        machine: execution.machine.logicalId,
        execution: execution.arn,
        since: this.clock.now(),
        settle: (outcome) => {
          this.close(waiting);
          this.clock.wake();
          if ('output' in outcome) resolve(outcome.output);
          else reject(outcome.error);
        },
        timers: [],
        heartbeat: undefined,
      };
      this.waiting.set(token, waiting);
      this.note('waiting', waiting);
      if (task.timeoutSeconds !== undefined) {
        waiting.timers.push(
          this.clock.after(task.timeoutSeconds * 1000, () => {
            this.expire(waiting, 'States.Timeout');
          }),
        );
      }
      this.expectHeartbeat(waiting);
      execution.onEnd(() => {
        if (this.waiting.has(token)) this.close(waiting);
      });
    });
  }

  /** @throws AwsError `InvalidOutput`, `InvalidToken`, `TaskTimedOut`. */
  succeed(token: string, output: string): void {
    const waiting = this.find(token);
    try {
      JSON.parse(output);
      checkSize(output, 'output');
    } catch {
      throw new AwsError('InvalidOutput', 'Invalid Output: it must be JSON of at most 262144 bytes.');
    }
    this.note('succeeded', waiting);
    waiting.settle({ output });
  }

  /** @throws AwsError `InvalidToken`, `TaskTimedOut`. */
  fail(token: string, error = '', cause = ''): void {
    const waiting = this.find(token);
    this.note('failed', waiting, { error });
    waiting.settle({ error: new TaskError(error, cause) });
  }

  /** @throws AwsError `InvalidToken`, `TaskTimedOut`. */
  heartbeat(token: string): void {
    const waiting = this.find(token);
    this.note('heartbeat', waiting);
    this.expectHeartbeat(waiting);
  }

  /** The task fails although nobody answered: what it invoked did. */
  abandon(token: string, error: TaskError): void {
    this.waiting.get(token)?.settle({ error });
  }

  private find(token: string): Waiting {
    const waiting = this.waiting.get(token);
    if (waiting !== undefined) return waiting;
    if (this.closed.has(token)) throw new AwsError('TaskTimedOut', 'Task Timed Out: The task no longer waits for an answer.');
    throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
  }

  private expectHeartbeat(waiting: Waiting): void {
    const seconds = waiting.task.heartbeatSeconds;
    if (seconds === undefined) return;
    waiting.heartbeat?.cancel();
    waiting.heartbeat = this.clock.after(seconds * 1000, () => {
      this.expire(waiting, 'States.HeartbeatTimeout');
    });
  }

  private expire(waiting: Waiting, error: string): void {
    this.note('timed-out', waiting, { error });
    waiting.settle({ error: new TaskError(error, '') });
  }

  private close(waiting: Waiting): void {
    this.waiting.delete(waiting.token);
    this.closed.add(waiting.token);
    for (const timer of [...waiting.timers, waiting.heartbeat]) timer?.cancel();
  }

  private note(change: string, { token, machine, execution, state }: OpenTask, details: Readonly<Record<string, unknown>> = {}): void {
    this.journal.record({ kind: 'token', change, machine, execution, state, token, ...details });
  }
}
