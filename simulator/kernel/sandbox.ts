import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format } from 'node:util';
import { runInThisContext, Script } from 'node:vm';
import { START_TIME } from './clock';
import { sandboxRequire, sandboxWebCrypto } from './sandbox-modules';
import { Tenancy } from './tenancy';
import type { Tenant } from './tenancy';
import { virtualDate, VirtualTimers } from './virtual-timers';

/** What evaluated code is given. */
export interface SandboxOptions {
  /** `process.env`: nothing of the real environment is seen. */
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that `require` gives beside Node's builtins. */
  readonly modules?: Readonly<Record<string, unknown>>;
}

/** The names that the evaluated file sees instead of the real globals. */
const PARAMETERS = [
  ...[
    'exports',
    'require',
    'module',
    '__filename',
    '__dirname',
    '__import',
    'process',
    'console',
    'setTimeout',
    'clearTimeout',
    'setInterval',
  ],
  ...[
    'clearInterval',
    'setImmediate',
    'clearImmediate',
    'Date',
    'Math',
    'performance',
    'fetch',
    'crypto',
    'AbortSignal',
    'globalThis',
    'global',
  ],
] as const;

type Parameter = (typeof PARAMETERS)[number];
type Compiled = (this: unknown, ...args: unknown[]) => void;

/** A CommonJS file to evaluate, under the name that stack traces give it. */
export interface Source {
  readonly filename: string;
  readonly text: string;
  /** Of the text: two files with the same text are the same file. */
  readonly hash: string;
}

const sources = new Map<string, Source>();
const scripts = new Map<string, Script>();

/** Reads a file, once a process. */
export function readSource(file: string, filename = file): Source {
  let source = sources.get(file);
  if (source === undefined) {
    const text = readFileSync(file, 'utf8');
    sources.set(file, (source = { filename, text, hash: createHash('sha256').update(text).digest('hex') }));
  }
  return source;
}

/** The file as a function of the shadowed globals, compiled once a process. A dynamic import of a literal name becomes a call of `__import`. */
function compile({ filename, text, hash }: Source): Script {
  let script = scripts.get(hash);
  if (script === undefined) {
    const source = text.replace(/\bimport\((["'])([\w:./@-]+)\1\)/g, '__import("$2")');
    script = new Script(`(function (${PARAMETERS.join(', ')}) {${source}\n})`, { filename });
    scripts.set(hash, script);
  }
  return script;
}

/** The globals of the realm in which the evaluated code runs: under a test runner not those of this file. */
const realm = runInThisContext('globalThis') as typeof globalThis;

/** Forwards to `real` but for some members; what is written stays here. For objects whose methods insist on their receiver. */
function overriding(real: object, overrides: Readonly<Record<string, unknown>>): unknown {
  const own = new Map<string | symbol, unknown>(Object.entries(overrides));
  return new Proxy(real, {
    get: (target, property) => (own.has(property) ? own.get(property) : (Reflect.get(target, property, target) as unknown)),
    set: (_target, property, value) => {
      own.set(property, value);
      return true;
    },
    has: (target, property) => own.has(property) || Reflect.has(target, property),
  });
}

/**
 * A place in which a CommonJS file runs on virtual time, seeded random numbers and the simulated network of the simulation that it is in. What the
 * file keeps in its modules lives as long as the sandbox, as in a warm Lambda environment. It is in one simulation at a time.
 */
export class Sandbox {
  private readonly tenancy = new Tenancy();
  private readonly timers = new VirtualTimers(this.tenancy);
  private readonly globals: Record<Exclude<Parameter, 'exports' | 'module' | '__filename' | '__dirname'>, unknown>;
  readonly require: (name: string) => unknown;
  /** The real globals of the realm in which evaluated code runs. */
  readonly realm = realm;

  constructor(private readonly options: SandboxOptions) {
    const { tenancy } = this;
    const performance = { now: () => tenancy.clock.now() - START_TIME, timeOrigin: START_TIME };
    const sandboxProcess = this.makeProcess();
    const sandboxConsole = this.makeConsole();
    this.require = sandboxRequire({
      tenancy,
      timers: this.timers,
      process: sandboxProcess,
      console: sandboxConsole,
      performance,
      extra: options.modules ?? {},
    });
    const visible = {
      require: this.require,
      __import: (name: string) => Promise.resolve(this.require(name)),
      process: sandboxProcess,
      console: sandboxConsole,
      setTimeout: this.timers.setTimeout,
      clearTimeout: this.timers.clearTimeout,
      setInterval: this.timers.setInterval,
      clearInterval: this.timers.clearTimeout,
      setImmediate: this.timers.setImmediate,
      clearImmediate: this.timers.clearTimeout,
      Date: virtualDate(tenancy, realm.Date),
      Math: Object.assign(Object.create(realm.Math) as Math, { random: () => tenancy.chance.next() }),
      performance,
      fetch: () => Promise.reject(new Error('The simulator does not model fetch: use node:https.')),
      crypto: sandboxWebCrypto(this.require),
      AbortSignal: this.makeAbortSignal(),
    };
    const world = overriding(realm, visible);
    this.globals = { ...visible, globalThis: world, global: world };
  }

  /** From now on evaluated code lives in this simulation. */
  enter(tenant: Tenant): void {
    this.tenancy.enter(tenant);
    this.timers.enter();
  }

  /** Stops every timer: nothing in the sandbox runs by itself any more, until it enters a simulation again. */
  leave(): void {
    this.timers.leave();
    this.tenancy.leave();
  }

  /** Evaluates the file afresh and gives what it exports. */
  load(source: Source): Record<string, unknown> {
    const module = { exports: {} as Record<string, unknown> };
    const { filename } = source;
    const values = { ...this.globals, exports: module.exports, module, __filename: filename, __dirname: dirname(filename) };
    const run = compile(source).runInThisContext() as Compiled;
    run.apply(
      module.exports,
      PARAMETERS.map((name) => values[name]),
    );
    return module.exports;
  }

  private makeConsole(): unknown {
    const line =
      (level: string) =>
      (...args: unknown[]): void => {
        this.tenancy.log(level, format(...args));
      };
    return { log: line('INFO'), info: line('INFO'), warn: line('WARN'), error: line('ERROR'), debug: line('DEBUG'), trace: line('TRACE') };
  }

  private makeProcess(): unknown {
    const { environment } = this.options;
    const { tenancy } = this;
    const nanoseconds = (): bigint => BigInt(Math.round((tenancy.clock.now() - START_TIME) * 1e6));
    const hrtime = (since?: readonly [number, number]): [number, number] => {
      const now = nanoseconds() - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
      return [Number(now / 1_000_000_000n), Number(now % 1_000_000_000n)];
    };
    const stream = (level: string): unknown => ({
      isTTY: false,
      write: (text: string | Uint8Array) => {
        tenancy.log(level, (typeof text === 'string' ? text : Buffer.from(text).toString('utf8')).replace(/\n$/, ''));
        return true;
      },
    });
    const listeners = new EventEmitter(); // so that a listener for `exit` is not left on the real process
    const overrides = {
      env: { ...environment },
      argv: ['/var/lang/bin/node'],
      hrtime: Object.assign(hrtime, { bigint: nanoseconds }),
      uptime: () => (tenancy.clock.now() - START_TIME) / 1000,
      cwd: () => '/var/task',
      stdout: stream('INFO'),
      stderr: stream('ERROR'),
      emitWarning: (warning: unknown) => {
        tenancy.log('WARN', String(warning));
      },
      exit: (code?: number) => {
        throw Object.assign(new Error(`Runtime exited with error: exit status ${code ?? 0}`), { name: 'Runtime.ExitError' });
      },
      on: listeners.on.bind(listeners),
      once: listeners.once.bind(listeners),
      off: listeners.off.bind(listeners),
      addListener: listeners.on.bind(listeners),
      removeListener: listeners.off.bind(listeners),
      listeners: listeners.listeners.bind(listeners),
      listenerCount: listeners.listenerCount.bind(listeners),
    };
    return overriding(realm.process, overrides);
  }

  private makeAbortSignal(): unknown {
    const timeout = (milliseconds: number): AbortSignal => {
      const controller = new realm.AbortController();
      this.timers.setTimeout(() => {
        controller.abort(new realm.DOMException('The operation was aborted due to timeout', 'TimeoutError'));
      }, milliseconds);
      return controller.signal;
    };
    return overriding(realm.AbortSignal, { timeout });
  }
}
