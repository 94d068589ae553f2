import { EventEmitter } from 'node:events';
import { METHODS, STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import { runInThisContext } from 'node:vm';
import type { HttpAnswer, Internet, Outcome } from './internet';
import type { Tenancy } from './tenancy';
import type { VirtualTimeout, VirtualTimers } from './virtual-timers';

/** `Error` of the realm in which evaluated code runs: under a test runner not that of this file. */
const NativeError = runInThisContext('Error') as ErrorConstructor;

/** The error as Node itself would raise it: code that asks `instanceof Error` must find one. */
function native(error: Error): Error {
  if (error instanceof NativeError) return error;
  const { name, message } = error;
  return Object.assign(new NativeError(message), name === 'Error' ? {} : { name }, error);
}

/** What `http.request` takes, as far as it is modelled; TLS options (`ca`, `servername`, ...) are taken and change nothing. */
interface RequestOptions {
  method?: string;
  protocol?: string | null;
  host?: string | null;
  hostname?: string | null;
  port?: number | string | null;
  path?: string | null;
  headers?: Record<string, unknown>;
  auth?: string | null;
  timeout?: number;
  signal?: AbortSignal;
}

type ResponseListener = (response: SimulatedResponse) => void;

/** An `http.Agent` keeps its options and no connections. */
export class SimulatedAgent extends EventEmitter {
  readonly sockets = {};
  readonly requests = {};
  readonly freeSockets = {};
  readonly keepAlive: boolean;
  readonly keepAliveMsecs: number;
  readonly maxSockets: number;

  constructor(readonly options: { keepAlive?: boolean; keepAliveMsecs?: number; maxSockets?: number } = {}) {
    super();
    this.keepAlive = options.keepAlive ?? false;
    this.keepAliveMsecs = options.keepAliveMsecs ?? 1000;
    this.maxSockets = options.maxSockets ?? Number.POSITIVE_INFINITY;
  }

  destroy(): void {
    this.removeAllListeners();
  }
}

/** The socket of a request: connected at once; its inactivity timer runs on virtual time. */
class SimulatedSocket extends EventEmitter {
  readonly connecting = false;
  readonly encrypted = true;
  readonly authorized = true;
  destroyed = false;
  private timeout: VirtualTimeout | undefined;

  constructor(private readonly timers: VirtualTimers) {
    super();
  }

  setTimeout(milliseconds: number, listener?: () => void): this {
    this.stop();
    if (listener !== undefined) this.once('timeout', listener);
    if (milliseconds > 0) this.timeout = this.timers.setTimeout(() => this.emit('timeout'), milliseconds);
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  stop(): void {
    if (this.timeout !== undefined) this.timers.clear(this.timeout);
    this.timeout = undefined;
  }

  destroy(): this {
    this.destroyed = true;
    this.stop();
    return this;
  }
}

/** What a client gets: a stream with the answer's status and headers, as `http.IncomingMessage`. */
export class SimulatedResponse extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Record<string, string> = {};
  readonly rawHeaders: string[] = [];
  readonly httpVersion = '1.1';
  complete = false;

  constructor(
    answer: HttpAnswer,
    readonly socket: SimulatedSocket,
  ) {
    super();
    this.statusCode = answer.status;
    this.statusMessage = STATUS_CODES[answer.status] ?? '';
    for (const [name, value] of Object.entries(answer.headers ?? {})) {
      this.headers[name.toLowerCase()] = value;
      this.rawHeaders.push(name, value);
    }
    if (answer.body !== undefined && answer.body !== '') this.push(Buffer.from(answer.body));
    this.push(null);
    this.complete = true;
  }

  override _read(): void {
    // The whole body was pushed when the response was made.
  }

  setTimeout(milliseconds: number, listener?: () => void): this {
    this.socket.setTimeout(milliseconds, listener);
    return this;
  }
}

/** An `http.ClientRequest` that sends to the simulated network: what it is given is collected, and sent when it ends. */
export class SimulatedRequest extends EventEmitter {
  readonly socket: SimulatedSocket;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly protocol: string;
  readonly writable = true;
  destroyed = false;
  writableEnded = false;
  private readonly chunks: Buffer[] = [];
  private readonly headers = new Map<string, string>();
  private readonly port: number;

  constructor(
    private readonly internet: Internet,
    timers: VirtualTimers,
    private readonly scheme: 'http' | 'https',
    options: RequestOptions,
    listener?: ResponseListener,
  ) {
    super();
    this.socket = new SimulatedSocket(timers);
    this.protocol = `${scheme}:`;
    this.method = (options.method ?? 'GET').toUpperCase();
    this.path = options.path ?? '/';
    this.host = options.hostname ?? options.host ?? 'localhost';
    this.port = Number(options.port ?? (scheme === 'https' ? 443 : 80));
    for (const [name, value] of Object.entries(options.headers ?? {})) this.setHeader(name, value);
    if (options.auth) this.setHeader('authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
    if (listener !== undefined) this.once('response', listener);
    this.socket.on('timeout', () => this.emit('timeout'));
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    if (options.signal !== undefined) this.abortOn(options.signal);
    process.nextTick(() => this.emit('socket', this.socket));
  }

  setHeader(name: string, value: unknown): this {
    this.headers.set(name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value));
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.headers.get(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.headers.delete(name.toLowerCase());
  }

  /** After so much inactivity `timeout` is emitted; as in Node, it is up to the listener to destroy the request. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    if (listener !== undefined) this.once('timeout', listener);
    this.socket.setTimeout(milliseconds);
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setSocketKeepAlive(): this {
    return this;
  }

  flushHeaders(): void {
    // Nothing is sent before `end`.
  }

  abort(): void {
    this.destroy();
  }

  write(chunk: Uint8Array | string, encoding?: BufferEncoding | (() => void), done?: () => void): boolean {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : Buffer.from(chunk));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  }

  end(...args: unknown[]): this {
    const done = args.find((arg): arg is () => void => typeof arg === 'function');
    const [chunk, encoding] = args;
    if (typeof chunk === 'string' || chunk instanceof Uint8Array || ArrayBuffer.isView(chunk))
      this.write(chunk as Uint8Array | string, typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined);
    if (this.writableEnded || this.destroyed) return this;
    this.writableEnded = true;
    if (done !== undefined) process.nextTick(done);
    process.nextTick(() => {
      if (this.destroyed) return;
      this.emit('finish');
      this.send();
    });
    return this;
  }

  /** Without an error, before the answer has come, it is a broken connection to the sender, as in Node. */
  destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.socket.destroy();
    const told = error ?? (this.answered ? undefined : Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    process.nextTick(() => {
      if (told !== undefined) this.emit('error', native(told));
      this.emit('close');
    });
    return this;
  }

  private send(): void {
    this.internet.send(
      {
        method: this.method,
        protocol: this.scheme,
        host: this.host,
        port: this.port,
        path: this.path,
        headers: Object.fromEntries(this.headers),
        body: this.chunks.length === 1 ? (this.chunks[0]?.toString('utf8') ?? '') : Buffer.concat(this.chunks).toString('utf8'),
      },
      (outcome) => {
        this.receive(outcome);
      },
    );
  }

  private answered = false;

  private receive(outcome: Outcome): void {
    if (this.destroyed) return;
    this.answered = true;
    this.socket.stop();
    if ('failure' in outcome) {
      this.destroy(outcome.failure);
      return;
    }
    const response = new SimulatedResponse(outcome.answer, this.socket);
    response.once('close', () => this.destroy());
    if (!this.emit('response', response)) response.resume();
  }

  private abortOn(signal: AbortSignal): void {
    const abort = (): void => {
      this.destroy(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }));
    };
    if (signal.aborted) process.nextTick(abort);
    else signal.addEventListener('abort', abort, { once: true });
  }
}

/** The options of a call to `request(url, options, listener)` in any of its forms. */
function parseArguments(args: readonly unknown[]): { options: RequestOptions; listener: ResponseListener | undefined } {
  const rest = [...args];
  let options: RequestOptions = {};
  const first = rest[0];
  if (typeof first === 'string' || first instanceof URL || Object.prototype.toString.call(first) === '[object URL]') {
    const url = new URL(String(first));
    options = {
      protocol: url.protocol,
      hostname: url.hostname,
      port: url.port === '' ? null : url.port,
      path: `${url.pathname}${url.search}`,
    };
    if (url.username !== '') options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    rest.shift();
  }
  if (typeof rest[0] === 'object' && rest[0] !== null) options = { ...options, ...(rest.shift() as RequestOptions) };
  const listener = rest.find((arg): arg is ResponseListener => typeof arg === 'function');
  return { options, listener };
}

/** Node's `http` or `https` as sandboxed code sees it: clients only, on the simulated network. */
export function httpModule(tenancy: Tenancy, timers: VirtualTimers, scheme: 'http' | 'https'): Record<string, unknown> {
  const request = (...args: unknown[]): SimulatedRequest => {
    const { options, listener } = parseArguments(args);
    return new SimulatedRequest(tenancy.internet, timers, scheme, options, listener);
  };
  const get = (...args: unknown[]): SimulatedRequest => {
    const made = request(...args);
    made.end();
    return made;
  };
  const shim: Record<string, unknown> = {
    request,
    get,
    Agent: SimulatedAgent,
    globalAgent: new SimulatedAgent(),
    ClientRequest: SimulatedRequest,
    IncomingMessage: SimulatedResponse,
    STATUS_CODES,
    METHODS,
  };
  shim['default'] = shim;
  return shim;
}
