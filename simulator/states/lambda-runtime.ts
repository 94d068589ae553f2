import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LambdaFunction } from '../assembly/deployment';
import type { VirtualClock } from '../kernel/clock';
import type { Internet } from '../kernel/internet';
import type { Caller, Journal, Random } from '../kernel/ports';
import { uuidOf } from '../kernel/random';
import { Sandbox } from '../kernel/sandbox';
import { invocationError, TaskError } from './task-error';

/** A Lambda environment's start, and the way to a warm one, in virtual milliseconds. */
const COLD_MS: readonly [number, number] = [250, 500];
const WARM_MS: readonly [number, number] = [8, 25];

/** Virtual time passes only while a function waits for the network; this stands for what it computes. */
const COMPUTE_MS = 15;

/** A fault of an invocation: the function's process dies `before` it did anything, or `after` it did everything. */
export interface InvocationFault {
  readonly when: 'before' | 'after';
  /** `Runtime.ExitError`, `Lambda.ServiceException`, ... */
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Who calls with an access key, and in which execution. */
export interface Session {
  readonly caller: Caller;
  execution: string;
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

type Handler = (event: unknown, context: unknown) => unknown;

/** A warm environment of one function. */
interface Container {
  readonly sandbox: Sandbox;
  readonly session: Session;
  handler: Handler | undefined;
}

/** What the invocations of a function cost. */
export interface LambdaUsage {
  readonly invocations: number;
  readonly gbSeconds: number;
}

/** Runs the bundles of the template's functions, each in environments of its own that stay warm for the simulation. */
export class LambdaRuntime {
  private readonly idle = new Map<string, Container[]>();
  private readonly running = new Map<string, number>();
  private readonly sessions = new Map<string, Session>();
  private readonly faults: ((fn: LambdaFunction) => InvocationFault | undefined)[] = [];
  private readonly random: Random;
  private count = 0;
  private gbSeconds = 0;

  constructor(private readonly host: RuntimeHost) {
    this.random = host.random.fork('lambda');
  }

  usage(): LambdaUsage {
    return { invocations: this.count, gbSeconds: this.gbSeconds };
  }

  /** The session of an access key id. */
  sessionOf(accessKeyId: string): Session | undefined {
    return this.sessions.get(accessKeyId);
  }

  /** Asks before each invocation whether it meets a fault; the first fault counts. */
  intercept(fault: (fn: LambdaFunction) => InvocationFault | undefined): void {
    this.faults.push(fault);
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
    const free = this.idle.get(fn.logicalId) ?? [];
    this.idle.set(fn.logicalId, free);
    const warm = free.pop();
    const container = warm ?? this.start(fn);
    const began = this.host.clock.now();
    let error: string | undefined;
    try {
      await this.host.clock.sleep(this.random.integer(...(warm === undefined ? COLD_MS : WARM_MS)));
      const result = await this.execute(fn, container, payload, execution);
      free.push(container);
      return result;
    } catch (thrown) {
      error = (thrown as TaskError).name;
      if (thrown instanceof TaskError && thrown.keepsContainer) free.push(container);
      else container.sandbox.dispose();
      throw thrown;
    } finally {
      this.running.set(fn.logicalId, (this.running.get(fn.logicalId) ?? 1) - 1);
      this.account(fn, this.host.clock.now() - began + COMPUTE_MS, { execution, cold: warm === undefined, error });
    }
  }

  private async execute(fn: LambdaFunction, container: Container, payload: string, execution: string): Promise<string> {
    const fault = this.faults.map((ask) => ask(fn)).find((answer) => answer !== undefined);
    const fail = ({ errorType, errorMessage }: InvocationFault): never => {
      this.host.journal.record({ kind: 'fault', function: fn.logicalId, error: errorType, message: errorMessage });
      throw new TaskError(errorType, JSON.stringify({ errorType, errorMessage }));
    };
    if (fault?.when === 'before') fail(fault);
    const { sandbox, session } = container;
    session.execution = execution;
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
      try {
        container.handler ??= loadHandler(fn, sandbox);
        return await container.handler(sandbox.realm.JSON.parse(payload), context);
      } catch (error) {
        throw invocationError(error, fn);
      }
    });
    if (fault?.when === 'after') fail(fault);
    return JSON.stringify(result) ?? 'null'; // eslint-disable-line @typescript-eslint/no-unnecessary-condition -- undefined has no JSON
  }

  /** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: newer runtimes report `Sandbox.Timedout`. */
  private withTimeout<T>(fn: LambdaFunction, requestId: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.host.clock.afterWaking(fn.timeoutSeconds * 1000, () => {
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${fn.timeoutSeconds.toFixed(2)} seconds`;
        reject(new TaskError('Sandbox.Timedout', JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage })));
      });
      void work()
        .then(resolve, reject)
        .finally(() => {
          timer.cancel();
        });
    });
  }

  private start(fn: LambdaFunction): Container {
    const { clock, internet, journal, region } = this.host;
    const number = this.sessions.size + 1;
    const accessKeyId = `ASIA${createHash('sha256').update(`${fn.logicalId}/${number}`).digest('hex').slice(0, 16).toUpperCase()}`;
    const session: Session = { caller: this.host.callerOf(fn), execution: '' };
    this.sessions.set(accessKeyId, session);
    const environment = {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_SESSION_TOKEN: 'simulated',
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LAMBDA_TASK_ROOT: '/var/task',
      HOME: '/home/sbx_user1051',
      TZ: ':UTC',
      _HANDLER: fn.handler,
      ...fn.environment,
    };
    const log = (level: string, text: string): void => {
      journal.record({ kind: 'log', function: fn.logicalId, execution: session.execution, level, text });
    };
    const random = this.random.fork(accessKeyId);
    return { sandbox: new Sandbox({ clock, random, internet, environment, log }), session, handler: undefined };
  }

  private account(fn: LambdaFunction, milliseconds: number, details: Readonly<Record<string, unknown>>): void {
    this.count += 1;
    this.gbSeconds += (Math.ceil(milliseconds) / 1000) * (fn.memoryMb / 1024);
    this.host.journal.record({ kind: 'invocation', function: fn.logicalId, milliseconds: Math.ceil(milliseconds), ...details });
  }
}

function loadHandler(fn: LambdaFunction, sandbox: Sandbox): Handler {
  if (fn.codeDirectory === undefined) throw new Error(`The simulator cannot run ${fn.logicalId}: its code is not a file asset.`);
  const dot = fn.handler.lastIndexOf('.');
  const base = join(fn.codeDirectory, fn.handler.slice(0, dot));
  const file = [`${base}.js`, `${base}.cjs`].find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`Cannot find module '${fn.handler.slice(0, dot)}' of ${fn.logicalId}.`);
  const handler = sandbox.load(file)[fn.handler.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error(`${fn.handler} of ${fn.logicalId} is not a function.`);
  return handler as Handler;
}
