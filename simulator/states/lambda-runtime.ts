import type { LambdaFunction } from '../assembly/deployment';
import type { VirtualClock } from '../kernel/clock';
import type { Internet } from '../kernel/internet';
import type { Caller, Journal, Random } from '../kernel/ports';
import { uuidOf } from '../kernel/random';
import { Containers, handlerOf } from './containers';
import type { Container, Session } from './containers';
import { invocationError, TaskError } from './task-error';

/** A Lambda environment's start, and the way to a warm one, in virtual milliseconds. */
const COLD_MS: readonly [number, number] = [250, 500];
const WARM_MS: readonly [number, number] = [8, 25];

/** Virtual time passes only while a function waits for the network; this stands for what it computes. */
const COMPUTE_MS = 15;

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: what newer runtimes report. */
const TIMED_OUT = 'Sandbox.Timedout';

/** A fault of an invocation: it fails `before` the handler did anything, or `after` it did everything. */
export interface InvocationFault {
  readonly when: 'before' | 'after';
  /** `Runtime.ExitError`, `Lambda.TooManyRequestsException`, ... */
  readonly errorType: string;
  readonly errorMessage: string;
  /** The function does not end by itself, but at its time-out; then the error is Lambda's own. */
  readonly hangs?: boolean;
}

/** The process dies. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export const crash = (when: InvocationFault['when']): InvocationFault => ({
  when,
  errorType: 'Runtime.ExitError',
  errorMessage: 'Error: Runtime exited with error: signal: killed',
});

/** The function hangs until its time-out. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
export const hang = (when: InvocationFault['when']): InvocationFault => ({ when, errorType: TIMED_OUT, errorMessage: '', hangs: true });

/** The service refuses to invoke: nothing happens. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const throttled: InvocationFault = {
  when: 'before',
  errorType: 'Lambda.TooManyRequestsException',
  errorMessage: 'Rate Exceeded. (Service: Lambda, Status Code: 429)',
};

/** An invocation, as faults see it. */
export interface Invocation {
  readonly fn: LambdaFunction;
  /** JSON. */
  readonly payload: string;
  /** ARN. */
  readonly execution: string;
}

/** What the runtime needs of the simulation. */
export interface RuntimeHost {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly internet: Internet;
  readonly journal: Journal;
  readonly region: string;
  callerOf(fn: LambdaFunction): Caller;
}

/** What the invocations of a function cost. */
export interface LambdaUsage {
  readonly invocations: number;
  readonly gbSeconds: number;
}

/** Runs the bundles of the template's functions, each in environments of its own that stay warm for the simulation. */
export class LambdaRuntime {
  private readonly running = new Map<string, number>();
  private readonly containers: Containers;
  private readonly faults: ((invocation: Invocation) => InvocationFault | undefined)[] = [];
  private readonly skews: ((invocation: Invocation) => number)[] = [];
  private readonly random: Random;
  private count = 0;
  private gbSeconds = 0;

  constructor(private readonly host: RuntimeHost) {
    this.random = host.random.fork('lambda');
    this.containers = new Containers({ ...host, random: this.random });
  }

  usage(): LambdaUsage {
    return { invocations: this.count, gbSeconds: this.gbSeconds };
  }

  /** The session of an access key id. */
  sessionOf(accessKeyId: string): Session | undefined {
    return this.containers.sessionOf(accessKeyId);
  }

  /** The simulation is over: nothing is invoked any more. */
  leave(): void {
    this.containers.leave();
  }

  /** Asks before each invocation whether it meets a fault; the first fault counts. */
  intercept(fault: (invocation: Invocation) => InvocationFault | undefined): void {
    this.faults.push(fault);
  }

  /** Lets the wall clock of an environment go wrong by so many milliseconds during an invocation; answers of several add up. */
  skewClock(skew: (invocation: Invocation) => number): void {
    this.skews.push(skew);
  }

  /**
   * Invokes a function with a JSON payload.
   *
   * @returns its result, as JSON.
   * @throws TaskError as Step Functions reports it.
   */
  async invoke(fn: LambdaFunction, payload: string, execution: string): Promise<string> {
    const running = this.running.get(fn.logicalId) ?? 0;
    if (fn.reservedConcurrency !== undefined && running >= fn.reservedConcurrency) {
      throw new TaskError('Lambda.TooManyRequestsException', 'Rate Exceeded. (Service: Lambda, Status Code: 429)');
    }
    this.running.set(fn.logicalId, running + 1);
    const { container, cold } = this.containers.take(fn);
    const began = this.host.clock.now();
    let error: string | undefined;
    try {
      await this.host.clock.sleep(this.random.integer(...(cold ? COLD_MS : WARM_MS)));
      const result = await this.execute(fn, container, payload, execution);
      this.containers.give(fn, container);
      return result;
    } catch (thrown) {
      error = (thrown as TaskError).name;
      if (thrown instanceof TaskError && thrown.keepsContainer) this.containers.give(fn, container);
      else this.containers.discard(container);
      throw thrown;
    } finally {
      this.running.set(fn.logicalId, (this.running.get(fn.logicalId) ?? 1) - 1);
      this.account(fn, this.host.clock.now() - began + COMPUTE_MS, { execution, cold, error });
    }
  }

  private async execute(fn: LambdaFunction, container: Container, payload: string, execution: string): Promise<string> {
    const invocation = { fn, payload, execution };
    const fault = this.faults.map((ask) => ask(invocation)).find((answer) => answer !== undefined);
    const { session } = container;
    session.execution = execution;
    session.skew = this.skews.reduce((sum, ask) => sum + ask(invocation), 0);
    const requestId = uuidOf(this.random);
    const deadline = this.host.clock.now() + fn.timeoutSeconds * 1000;
    const context = {
      awsRequestId: requestId,
      functionName: fn.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: fn.arn,
      memoryLimitInMB: String(fn.memoryMb),
      logGroupName: `/aws/lambda/${fn.name}`,
      logStreamName: 'simulated',
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => deadline - this.host.clock.now(),
    };
    const result = await this.withTimeout(fn, requestId, async () => {
      if (fault?.when === 'before') await this.meet(fault, fn);
      const value = await this.handle(fn, container, payload, context);
      if (fault?.when === 'after') await this.meet(fault, fn);
      return value;
    });
    return JSON.stringify(result) ?? 'null'; // eslint-disable-line @typescript-eslint/no-unnecessary-condition -- undefined has no JSON
  }

  private async handle(fn: LambdaFunction, container: Container, payload: string, context: unknown): Promise<unknown> {
    try {
      return await handlerOf(fn, container)(container.sandbox.realm.JSON.parse(payload), context);
    } catch (error) {
      throw invocationError(error);
    }
  }

  private meet({ errorType, errorMessage, hangs }: InvocationFault, fn: LambdaFunction): Promise<never> {
    this.host.journal.record({ kind: 'fault', function: fn.logicalId, error: errorType, message: errorMessage });
    if (hangs === true) return new Promise(() => undefined);
    return Promise.reject(new TaskError(errorType, JSON.stringify({ errorType, errorMessage })));
  }

  private withTimeout<T>(fn: LambdaFunction, requestId: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.host.clock.afterWaking(fn.timeoutSeconds * 1000, () => {
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${fn.timeoutSeconds.toFixed(2)} seconds`;
        reject(new TaskError(TIMED_OUT, JSON.stringify({ errorType: TIMED_OUT, errorMessage })));
      });
      void work()
        .then(resolve, reject)
        .finally(() => {
          timer.cancel();
        });
    });
  }

  private account(fn: LambdaFunction, milliseconds: number, details: Readonly<Record<string, unknown>>): void {
    this.count += 1;
    this.gbSeconds += (Math.ceil(milliseconds) / 1000) * (fn.memoryMb / 1024);
    this.host.journal.record({ kind: 'invocation', function: fn.logicalId, milliseconds: Math.ceil(milliseconds), ...details });
  }
}
