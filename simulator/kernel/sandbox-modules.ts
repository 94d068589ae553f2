import * as nodeCrypto from 'node:crypto';
import { httpModule } from './http-shim';
import { randomBytesOf, uuidOf } from './random';
import type { Tenancy } from './tenancy';
import type { VirtualTimers } from './virtual-timers';

/** Builtins that do no I/O and keep no time: sandboxed code gets the real ones. */
const PURE = new Set([
  ...[
    'assert',
    'async_hooks',
    'buffer',
    'constants',
    'diagnostics_channel',
    'events',
    'os',
    'path',
    'path/posix',
    'punycode',
    'querystring',
  ],
  ...['stream', 'stream/promises', 'stream/web', 'string_decoder', 'url', 'util', 'util/types', 'zlib'],
]);

/** Builtins whose pure parts may be used; anything else in them refuses, by name. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  net: ['isIP', 'isIPv4', 'isIPv6'],
  tls: ['rootCertificates', 'checkServerIdentity', 'DEFAULT_MIN_VERSION', 'DEFAULT_MAX_VERSION', 'getCACertificates'],
  http2: ['constants'],
  dns: [],
  'dns/promises': [],
  child_process: [],
  worker_threads: ['isMainThread'],
  vm: [],
  v8: [],
  module: [],
};

const refuse = (what: string): never => {
  throw new Error(`The simulator does not model ${what}: simulated Lambdas reach the world by https only.`);
};

/** A module that lets its pure members through and refuses the use (not the mention) of any other. */
function guarded(name: string, real: object, allowed: readonly string[]): unknown {
  return new Proxy(real, {
    get(target, property) {
      if (property === 'default') return guarded(name, real, allowed);
      if (typeof property === 'symbol' || property === '__esModule') return undefined;
      if (allowed.includes(property)) return Reflect.get(target, property) as unknown;
      return function () {
        return refuse(`${name}.${property}`);
      };
    },
  });
}

/** The file system of a Lambda as the SDK meets it: no file exists. Anything but looking for a file refuses. */
function emptyFileSystem(): unknown {
  const missing = (path: unknown): Error =>
    Object.assign(new Error(`ENOENT: no such file or directory, open '${String(path)}'`), { code: 'ENOENT', errno: -2, syscall: 'open' });
  const rejects = (path: unknown): Promise<never> => Promise.reject(missing(path));
  const promises = guarded('fs.promises', { readFile: rejects, access: rejects, stat: rejects }, ['readFile', 'access', 'stat']);
  const files = {
    promises,
    existsSync: () => false,
    readFileSync: (path: unknown) => {
      throw missing(path);
    },
    readFile: (path: unknown, ...rest: unknown[]) => {
      const callback = rest.at(-1) as (error: Error) => void;
      process.nextTick(callback, missing(path));
    },
  };
  return guarded('fs', files, Object.keys(files));
}

/** Node's `crypto` with seeded random numbers; hashing and signing stay real. */
function seededCrypto(tenancy: Tenancy): Record<string, unknown> {
  const fill = <T extends ArrayBufferView>(view: T): T => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(randomBytesOf(tenancy.secrets, view.byteLength));
    return view;
  };
  const overrides = {
    randomUUID: () => uuidOf(tenancy.secrets),
    randomBytes: (size: number, callback?: (error: null, bytes: Buffer) => void) => {
      const bytes = Buffer.from(randomBytesOf(tenancy.secrets, size));
      if (callback === undefined) return bytes;
      process.nextTick(callback, null, bytes);
      return undefined;
    },
    randomInt: (low: number, high?: number) =>
      high === undefined ? tenancy.secrets.integer(0, low - 1) : tenancy.secrets.integer(low, high - 1),
    randomFillSync: fill,
    getRandomValues: fill,
    webcrypto: seededWebCrypto(tenancy, fill),
  };
  return { ...nodeCrypto, ...overrides, default: { ...nodeCrypto, ...overrides } };
}

function seededWebCrypto(tenancy: Tenancy, fill: <T extends ArrayBufferView>(view: T) => T): unknown {
  return new Proxy(nodeCrypto.webcrypto, {
    get(target, property) {
      if (property === 'randomUUID') return () => uuidOf(tenancy.secrets);
      if (property === 'getRandomValues') return fill;
      return Reflect.get(target, property, target) as unknown;
    },
  });
}

/** What a sandbox's `require` needs. */
export interface ModuleHost {
  readonly tenancy: Tenancy;
  readonly timers: VirtualTimers;
  readonly process: unknown;
  readonly console: unknown;
  readonly performance: unknown;
  /** Further modules by name, given as they are. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** The `require` of sandboxed code. */
export function sandboxRequire(host: ModuleHost): (name: string) => unknown {
  const { tenancy, timers } = host;
  const timerFunctions = {
    setTimeout: timers.setTimeout,
    setInterval: timers.setInterval,
    setImmediate: timers.setImmediate,
    clearTimeout: timers.clearTimeout,
    clearInterval: timers.clearTimeout,
    clearImmediate: timers.clearTimeout,
  };
  const sleep = (milliseconds?: number, value?: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      timers.setTimeout(resolve, milliseconds, value);
    });
  const makers: Readonly<Record<string, () => unknown>> = {
    http: () => httpModule(tenancy, timers, 'http'),
    https: () => httpModule(tenancy, timers, 'https'),
    crypto: () => seededCrypto(tenancy),
    fs: emptyFileSystem,
    'fs/promises': () => (emptyFileSystem() as { promises: unknown }).promises,
    timers: () => timerFunctions,
    'timers/promises': () => ({ setTimeout: sleep, setImmediate: (value?: unknown) => sleep(0, value), scheduler: { wait: sleep } }),
    perf_hooks: () => ({ performance: host.performance }),
    process: () => host.process,
    console: () => host.console,
  };
  const made = new Map<string, unknown>();
  const load = (name: string): unknown => {
    if (Object.hasOwn(host.extra, name)) return host.extra[name];
    const plain = name.startsWith('node:') ? name.slice(5) : name;
    const maker = Object.hasOwn(makers, plain) ? makers[plain] : undefined;
    if (maker !== undefined) return maker();
    const allowed = Object.hasOwn(GUARDED, plain) ? GUARDED[plain] : undefined;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- sandboxed code asks for builtins by a name known at run time only
    if (PURE.has(plain)) return require(plain) as unknown;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as above
    if (allowed !== undefined) return guarded(plain, require(plain) as object, allowed);
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  };
  return (name) => {
    if (!made.has(name)) made.set(name, load(name));
    return made.get(name);
  };
}

/** `globalThis.crypto` of sandboxed code. */
export function sandboxWebCrypto(require: (name: string) => unknown): unknown {
  return (require('crypto') as { webcrypto: unknown }).webcrypto;
}
