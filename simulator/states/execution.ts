import type { EngineEvent, EngineRun } from './engine';
import { History, MAX_HISTORY_EVENTS } from './history';
import { Position } from './position';
import { ownEvent } from './redrive';
import { checkSize } from './task-error';
import type { TaskError } from './task-error';
import type { Coverage } from './coverage';
import type { StateMachineResource } from '../assembly/deployment';
import type { Clock, Journal } from '../kernel/ports';

/** What an execution tells while it runs. */
export interface ExecutionHost {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly coverage: Coverage;
  /** A state was entered, for the nth time in all executions of the machine. */
  entered(execution: Execution, state: string, nth: number): void;
  /** It has started, or ended. */
  changed(execution: Execution): void;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One execution of a state machine: what `DescribeExecution` would tell, and what it cost. */
export class Execution {
  status: ExecutionStatus = 'RUNNING';
  /** JSON, once it has succeeded. */
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  endedAt: number | undefined;
  readonly startedAt: number;
  /** How many times it was redriven, and when last. */
  redriveCount = 0;
  redrivenAt: number | undefined;
  /** Where it is, or was when it ended. */
  readonly position = new Position();
  /** Nested executions that this one started and awaits. */
  readonly children = new Set<Execution>();
  private readonly history = new History();
  private readonly enders: (() => void)[] = [];
  private run: EngineRun | undefined;

  constructor(
    readonly arn: string,
    readonly name: string,
    readonly machine: StateMachineResource,
    /** JSON. */
    readonly input: string,
    /** The execution that started this one, if any. */
    readonly parent: Execution | undefined,
    private readonly host: ExecutionHost,
  ) {
    this.startedAt = host.clock.now();
    host.journal.record({ kind: 'execution', change: 'started', machine: machine.logicalId, execution: arn, parent: parent?.arn });
    host.changed(this);
  }

  /** Events in its history, as Step Functions would have written them. */
  get historyEvents(): number {
    return this.history.events;
  }

  /** State transitions that it is billed for. */
  get stateTransitions(): number {
    return this.history.transitions;
  }

  get ended(): boolean {
    return this.status !== 'RUNNING';
  }

  /** The execution that an operator started: this one, or the one that started the one ... that started this one. */
  get root(): Execution {
    return this.parent?.root ?? this;
  }

  /** Counts the history events of a task's attempt. */
  attempt(events: number): void {
    this.history.attempt(events);
  }

  /** Calls back when it has ended, however; at once if it has. */
  onEnd(listener: () => void): void {
    if (this.ended) listener();
    else this.enders.push(listener);
  }

  /** It has ended and goes on: what follows is one more run of the engine. */
  redrive(): void {
    this.redriveCount += 1;
    this.redrivenAt = this.host.clock.now();
    this.status = 'RUNNING';
    this.run = undefined;
    this.error = this.cause = this.endedAt = undefined;
    this.children.clear();
    this.history.redriven();
    this.position.thaw();
    this.host.journal.record({ kind: 'execution', change: 'redriven', machine: this.machine.logicalId, execution: this.arn });
    this.host.changed(this);
  }

  /** Follows the engine's run to its end. A run that was ended from outside comes to rest unheard. */
  follow(run: EngineRun): void {
    this.run = run;
    const told = this.listen(run); // what happened is recorded before the end is
    run.result.then(
      async (output) => {
        await told;
        if (run === this.run) this.end('SUCCEEDED', { output });
      },
      async (thrown: unknown) => {
        await told;
        if (run !== this.run) return;
        const error = thrown as Error & { cause?: Error };
        if (error.name === 'ExecutionTimeoutError') this.end('TIMED_OUT', { error: 'States.Timeout' });
        else if (error.name === 'ExecutionError') this.end('FAILED', { error: error.cause?.name, cause: error.cause?.message });
        else this.end('FAILED', { error: error.name, cause: error.message });
      },
    );
  }

  /** Stops it, as `StopExecution`; nested executions are stopped too (https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync). */
  stop(error?: string, cause?: string): void {
    if (this.end('ABORTED', { error, cause })) this.run?.abort();
  }

  private async listen(run: EngineRun): Promise<void> {
    for await (const event of run.events) {
      const own = ownEvent(event);
      if (own !== undefined && (this.run === run || this.redriveCount === 0)) this.note(own);
    }
  }

  private note(event: EngineEvent): void {
    const { state } = event;
    this.history.note(event);
    this.position.note(event);
    if (state !== undefined) {
      const change = event.type.replace('State', '').toLowerCase();
      this.host.journal.record({
        kind: 'state',
        change,
        machine: this.machine.logicalId,
        execution: this.arn,
        state: state.name,
        type: state.type,
        ...(event.Error === undefined ? {} : { error: event.Error }),
      });
    }
    if (state !== undefined && event.type === 'StateEntered' && !this.ended)
      this.host.entered(this, state.name, this.host.coverage.entered(state.name));
    if (state !== undefined && event.catch !== undefined) this.host.coverage.caught({ state: state.name, next: event.catch.catcher.Next });
    if (this.historyEvents > MAX_HISTORY_EVENTS) {
      this.fail('States.Runtime', `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`);
    }
    if (event.type !== 'StateExited' || state?.output === undefined) return;
    try {
      checkSize(JSON.stringify(state.output), `output of the state "${state.name}"`);
    } catch (error) {
      this.fail((error as TaskError).name, (error as TaskError).message);
    }
  }

  private fail(error: string, cause: string): void {
    if (this.end('FAILED', { error, cause })) this.run?.abort();
  }

  private end(status: ExecutionStatus, result: { output?: string; error?: string | undefined; cause?: string | undefined }): boolean {
    if (this.ended) return false;
    this.status = status;
    this.output = result.output;
    this.error = result.error;
    this.cause = result.cause;
    this.endedAt = this.host.clock.now();
    this.history.ended();
    this.position.freeze();
    for (const child of this.children) child.stop();
    const { error, cause } = result;
    this.host.journal.record({
      kind: 'execution',
      change: 'ended',
      machine: this.machine.logicalId,
      execution: this.arn,
      status,
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
    for (const listener of this.enders.splice(0)) listener();
    this.host.changed(this);
    return true;
  }
}
