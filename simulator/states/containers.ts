import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LambdaFunction } from '../assembly/deployment';
import { Pool } from '../kernel/pool';
import { readSource, Sandbox } from '../kernel/sandbox';
import type { Source } from '../kernel/sandbox';
import type { Caller, Journal } from '../kernel/ports';
import type { Tenant } from '../kernel/tenancy';

type Handler = (event: unknown, context: unknown) => unknown;

/** Who calls with an access key, and in which execution. */
export interface Session {
  readonly caller: Caller;
  execution: string;
  /** Milliseconds by which the environment's wall clock is wrong now. */
  skew: number;
}

/** A warm environment of one function. */
export interface Container {
  readonly sandbox: Sandbox;
  readonly session: Session;
  /** What it is made of: another simulation may use it if it needs the same. */
  readonly key: string;
  readonly source: Source | undefined;
  handler: Handler | undefined;
}

/** An evaluated bundle without its simulation. */
type Evaluated = Pick<Container, 'sandbox' | 'handler'>;

/**
 * Environments that ended simulations left behind, by bundle and environment variables. Evaluated code becomes fast by being used, and evaluating it
 * costs a multiple of what a warm call costs: the next simulation goes on with them, as a next invocation on Lambda does.
 */
const left = new Pool<Evaluated>(400);

/** What containers need of the simulation. */
export interface ContainerHost extends Pick<Tenant, 'clock' | 'random' | 'internet'> {
  readonly journal: Journal;
  readonly region: string;
  callerOf(fn: LambdaFunction): Caller;
}

/** Directory of a function's code on Lambda. */
export const TASK_ROOT = '/var/task';

/** The Lambda environments of one simulation: each function has its own, and they stay warm until the simulation ends. */
export class Containers {
  private readonly idle = new Map<string, Container[]>();
  private readonly started = new Map<string, number>();
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly host: ContainerHost) {}

  /** The session of an access key id. */
  sessionOf(accessKeyId: string): Session | undefined {
    return this.sessions.get(accessKeyId);
  }

  /** An environment that is warm, or a new one. */
  take(fn: LambdaFunction): { readonly container: Container; readonly cold: boolean } {
    const warm = this.idle.get(fn.logicalId)?.pop();
    return { container: warm ?? this.start(fn), cold: warm === undefined };
  }

  /** The environment lives on: it is free for the next invocation. */
  give(fn: LambdaFunction, container: Container): void {
    const free = this.idle.get(fn.logicalId);
    if (free === undefined) this.idle.set(fn.logicalId, [container]);
    else free.push(container);
  }

  /** The environment is lost: its process died, or was ended at its time-out. */
  discard(container: Container): void {
    container.sandbox.leave();
  }

  /** The simulation is over: free environments are left to others; one that is in the middle of something is not. */
  leave(): void {
    for (const { sandbox, key, handler } of [...this.idle.values()].flat()) {
      sandbox.leave();
      if (handler !== undefined) left.give(key, { sandbox, handler });
    }
    this.idle.clear();
  }

  private start(fn: LambdaFunction): Container {
    const { clock, internet, journal } = this.host;
    const number = (this.started.get(fn.logicalId) ?? 0) + 1;
    this.started.set(fn.logicalId, number);
    const accessKeyId = `ASIA${createHash('sha256').update(`${fn.logicalId}/${number}`).digest('hex').slice(0, 16).toUpperCase()}`;
    const session: Session = { caller: this.host.callerOf(fn), execution: '', skew: 0 };
    this.sessions.set(accessKeyId, session);
    const environment = this.environmentOf(fn, accessKeyId);
    const source = sourceOf(fn);
    const key = JSON.stringify([source?.hash, environment]);
    const evaluated = left.take(key) ?? { sandbox: new Sandbox({ environment }), handler: undefined };
    const log = (level: string, text: string): void => {
      journal.record({ kind: 'log', function: fn.logicalId, execution: session.execution, level, text });
    };
    evaluated.sandbox.enter({ clock, random: this.host.random.fork(accessKeyId), internet, log, skew: () => session.skew });
    return { ...evaluated, session, key, source };
  }

  private environmentOf(fn: LambdaFunction, accessKeyId: string): Record<string, string> {
    return {
      AWS_REGION: this.host.region,
      AWS_DEFAULT_REGION: this.host.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_SESSION_TOKEN: 'simulated',
      AWS_LAMBDA_FUNCTION_NAME: fn.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      LAMBDA_TASK_ROOT: TASK_ROOT,
      HOME: '/home/sbx_user1051',
      TZ: ':UTC',
      _HANDLER: fn.handler,
      ...fn.environment,
    };
  }
}

/** The handler of a container, evaluated at its first invocation. */
export function handlerOf(fn: LambdaFunction, container: Container): Handler {
  if (container.handler !== undefined) return container.handler;
  if (fn.codeDirectory === undefined) throw new Error(`The simulator cannot run ${fn.logicalId}: its code is not a file asset.`);
  const [module, name] = splitHandler(fn);
  if (container.source === undefined) throw new Error(`Cannot find module '${module}' of ${fn.logicalId}.`);
  const handler = container.sandbox.load(container.source)[name];
  if (typeof handler !== 'function') throw new Error(`${fn.handler} of ${fn.logicalId} is not a function.`);
  return (container.handler = handler as Handler);
}

function splitHandler({ handler }: LambdaFunction): [module: string, name: string] {
  const dot = handler.lastIndexOf('.');
  return [handler.slice(0, dot), handler.slice(dot + 1)];
}

function sourceOf(fn: LambdaFunction): Source | undefined {
  const [module] = splitHandler(fn);
  for (const name of [`${module}.js`, `${module}.cjs`]) {
    const file = join(fn.codeDirectory ?? '', name);
    if (fn.codeDirectory !== undefined && existsSync(file)) return readSource(file, `${TASK_ROOT}/${name}`);
  }
  return undefined;
}
