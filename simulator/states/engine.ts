import { Pool } from '../kernel/pool';
import { readSource, Sandbox } from '../kernel/sandbox';
import type { Source } from '../kernel/sandbox';
import type { Tenant } from '../kernel/tenancy';
import { INVOKE_AND_WAIT, statesOf } from './check-definition';
import type { LiveContext } from './context';

/** AWS's default time-out of a task, 99,999,999 s, https://states-language.net/spec.html#timeouts; the engine's own default is 60 s. */
const NO_TIMEOUT_SECONDS = 99_999_999;

/** Something that happened in an execution, as the engine tells it. */
export interface EngineEvent {
  readonly type: string;
  readonly state?: { readonly name: string; readonly type: string; readonly input?: unknown; readonly output?: unknown };
  readonly Error?: string;
  /** Of `StateCaught`. */
  readonly catch?: { readonly catcher: { readonly Next: string } };
}

/** A running execution of the engine. */
export interface EngineRun {
  readonly abort: () => void;
  /** The output, as JSON. */
  readonly result: Promise<string>;
  readonly events: AsyncIterable<EngineEvent>;
}

/** The context object: JSON that stays as it is, and what changes while the execution runs. */
export interface EngineContext {
  readonly constants: string;
  readonly live: LiveContext;
}

/** Carries out a task: JSON in, JSON out. */
export type TaskHandler = (input: string) => Promise<string>;

/** What is used of the engine: an ES module's types cannot be imported here. */
interface EngineMachine {
  run(input: unknown, options: unknown): { readonly abort: () => void; result: Promise<unknown>; eventLogs: AsyncIterable<EngineEvent> };
}

type Machine = new (definition: unknown, options: unknown) => EngineMachine;

/** The modules that the engine needs beside Node's: it must not reach AWS, and definitions are validated before. */
function engineModules(): Record<string, unknown> {
  const unavailable = new Proxy({}, { get: (_target, name) => (name === '__esModule' ? false : undefined) });
  return {
    /* eslint-disable @typescript-eslint/no-require-imports -- the engine is evaluated in a sandbox, which is given what it requires */
    'jsonpath-plus': quickJsonPath(require(require.resolve('jsonpath-plus', { paths: [enginePath()] })) as JsonPathModule),
    'wildcard-match': require(require.resolve('wildcard-match', { paths: [enginePath()] })) as unknown,
    'p-limit': require(require.resolve('p-limit', { paths: [enginePath()] })) as unknown,
    /* eslint-enable @typescript-eslint/no-require-imports */
    '@aws-sdk/client-lambda': unavailable,
    '@aws-sdk/credential-providers': unavailable,
    'asl-validator': unavailable,
  };
}

interface JsonPathModule {
  readonly JSONPath: new (options: Record<string, unknown>) => { evaluate(): unknown };
}

/** Names, and places in arrays: a reference path. https://states-language.net/spec.html#ref-paths */
const PLAIN_PATH = /^\$(?:\.[A-Za-z_]\w*|\[\d+\])*$/;

/**
 * jsonpath-plus parses each path anew and, called without `new`, throws its result to itself, with a stack trace: together a third of what a state
 * costs. This gives the same result; a path of names and places only, which is nearly every path, is followed by hand.
 */
function quickJsonPath({ JSONPath }: JsonPathModule): unknown {
  return {
    JSONPath: (options: { readonly path: string; readonly json: unknown }) => {
      if (!PLAIN_PATH.test(options.path)) return new JSONPath({ ...options, autostart: false }).evaluate();
      let value = options.json;
      for (const name of options.path.match(/\w+/g) ?? []) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
        value = (value as Record<string, unknown>)[name];
      }
      return value;
    },
  };
}

/** The engine copies the whole state at each transition by way of lists of its entries; this makes the same copy in a quarter of the time. */
function quickClone(source: Source): Source {
  const slow = 'return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cloneJSON(v)]));';
  const quick = 'const copy = {}; for (const k of Object.keys(value)) copy[k] = cloneJSON(value[k]); return copy;';
  return { ...source, text: source.text.replace(slow, quick), hash: `${source.hash} quick` };
}

/** The engine takes the time of each run as the start of the execution; a redriven execution keeps the start that it had. */
function keepStartTime(source: Source): Source {
  const fresh = 'StartTime: (/* @__PURE__ */ new Date()).toISOString()';
  const kept = `StartTime: options.runOptions?.context?.Execution?.StartTime ?? ${fresh.slice('StartTime: '.length)}`;
  return { ...source, text: source.text.replace(fresh, kept), hash: `${source.hash} kept` };
}

/** File of the engine. */
const enginePath = (): string => require.resolve('aws-local-stepfunctions');

const engines = new Pool<Engine>(8);

/** `aws-local-stepfunctions` in a sandbox: its timers and its `Date` are virtual. */
export class Engine {
  private readonly Machine: Machine;
  /** `JSON` of the realm in which the engine runs: it tells plain objects by their prototype. */
  private readonly parse: (text: string) => unknown;

  private constructor(private readonly sandbox: Sandbox) {
    const realm = sandbox.realm;
    polyfillWithResolvers(realm.Promise);
    this.parse = (text) => realm.JSON.parse(text) as unknown;
    this.Machine = sandbox.load(keepStartTime(quickClone(readSource(enginePath()))))['StateMachine'] as Machine;
  }

  /** An engine for a simulation. It is evaluated code that gets faster with use: after a simulation another goes on with it. */
  static enter(tenant: Tenant): Engine {
    const idle = engines.take('');
    if (idle !== undefined) {
      idle.sandbox.enter(tenant);
      return idle;
    }
    const sandbox = new Sandbox({ environment: {}, modules: engineModules() });
    sandbox.enter(tenant);
    return new Engine(sandbox);
  }

  /** The simulation is over. */
  leave(): void {
    this.sandbox.leave();
    engines.give('', this);
  }

  /** Starts a definition (as {@link prepareDefinition} gives it) with a JSON input. */
  run(definition: string, input: string, { constants, live }: EngineContext, tasks: Readonly<Record<string, TaskHandler>>): EngineRun {
    const machine = new this.Machine(this.parse(definition), { validationOptions: { noValidate: true } });
    const handlers = Object.fromEntries(
      Object.entries(tasks).map(([name, handler]) => [name, async (value: unknown) => this.parse(await handler(JSON.stringify(value)))]),
    );
    const context = this.parse(constants) as Record<string, unknown>;
    live.attach(context);
    const run = machine.run(this.parse(input), {
      overrides: { taskResourceLocalHandlers: handlers },
      context,
    });
    return {
      abort: run.abort,
      result: run.result.then((output) => JSON.stringify(output)),
      events: run.eventLogs,
    };
  }
}

/** Node 20 has no `Promise.withResolvers`, which the engine uses. */
function polyfillWithResolvers(constructor: PromiseConstructor & { withResolvers?: unknown }): void {
  constructor.withResolvers ??= () => {
    const settle: { resolve?: (value: unknown) => void; reject?: (reason: unknown) => void } = {};
    const promise = new constructor((resolve, reject) => {
      settle.resolve = resolve;
      settle.reject = reject;
    });
    return { promise, ...settle };
  };
}

/** The definition as the engine needs it to behave as AWS: without a time-out where none is given, and without `ResultPath: "$"`, which it misreads. */
export function prepareDefinition(definition: Readonly<Record<string, unknown>>): string {
  const copy = structuredClone(definition) as Record<string, unknown>;
  for (const { state } of statesOf(copy)) {
    const fields = state as Record<string, unknown>;
    if (
      fields['Type'] === 'Task' &&
      (fields['Resource'] === INVOKE_AND_WAIT || !('TimeoutSeconds' in fields || 'TimeoutSecondsPath' in fields))
    )
      fields['TimeoutSeconds'] = NO_TIMEOUT_SECONDS; // a task that waits for its token keeps its own time
    for (const holder of [fields, ...((fields['Catch'] ?? []) as Record<string, unknown>[])]) {
      if (holder['ResultPath'] === '$') delete holder['ResultPath'];
    }
  }
  return JSON.stringify(copy);
}
