import type { VirtualClock } from './clock';
import type { Random } from './ports';

/** A request as it arrives at a server of the simulated network. */
export interface HttpRequest {
  readonly method: string;
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Path with its query string. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a server answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Virtual milliseconds that the answer takes beyond the network's latency. */
  readonly afterMilliseconds?: number;
}

/** `refused`: nothing listens on the port. `timeout`: packets vanish. `reset`: the connection breaks. */
export type HttpFailure = 'refused' | 'timeout' | 'reset';

export type HttpHandler = (request: HttpRequest) => HttpAnswer | HttpFailure | Promise<HttpAnswer | HttpFailure>;

/** A fault at the network: instead of the server's answer (`before` its effect, which then does not happen), or in place of its answer (`after`). */
export interface NetworkFault {
  readonly when: 'before' | 'after';
  readonly answer: HttpAnswer | HttpFailure;
}

/** Asked for each request; `undefined` lets it pass. */
export type Interceptor = (request: HttpRequest) => NetworkFault | undefined;

/** What became of a request: an answer, or the error that Node's `http` raises. */
export type Outcome = { readonly answer: HttpAnswer } | { readonly failure: NodeJS.ErrnoException };

interface Server {
  readonly match: (host: string, port: number) => boolean;
  readonly handler: HttpHandler;
  readonly latency: readonly [number, number];
}

/** Linux gives a connection up after six SYN retries, about 127 s (`tcp_syn_retries`, https://man7.org/linux/man-pages/man7/tcp.7.html). */
export const CONNECT_TIMEOUT_MS = 127_000;

/** Latencies of a server on the VPC's own network, in milliseconds. */
const NEAR: readonly [number, number] = [5, 30];

function networkError(code: string, text: string): NodeJS.ErrnoException {
  return Object.assign(new Error(text), { code });
}

/** The only network that simulated code has: servers in memory, with latency in virtual time. */
export class Internet {
  private readonly servers: Server[] = [];
  private readonly interceptors: Interceptor[] = [];
  private readonly outbox: { readonly request: HttpRequest; readonly done: (outcome: Outcome) => void }[] = [];
  private readonly random: Random;

  constructor(
    private readonly clock: VirtualClock,
    random: Random,
  ) {
    this.random = random.fork('internet');
  }

  /** Answers for hosts and ports. The first server that matches answers. `latency` is the range of a round trip in milliseconds. */
  serve(match: (host: string, port: number) => boolean, handler: HttpHandler, latency: readonly [number, number] = NEAR): void {
    this.servers.push({ match, handler, latency });
  }

  /** Asks before each request whether it meets a fault; the first fault counts. */
  intercept(interceptor: Interceptor): void {
    this.interceptors.push(interceptor);
  }

  /**
   * Sends a request, with those that are sent at the same instant, in an order of their own: which of several concurrent promises runs first depends on
   * what the sender has cached, and must not change the simulation. `done` is told the outcome.
   */
  send(request: HttpRequest, done: (outcome: Outcome) => void): void {
    this.outbox.push({ request, done });
    if (this.outbox.length > 1) return;
    this.clock.after(0, () => {
      const sent = this.outbox.splice(0);
      if (sent.length > 1) sent.sort((a, b) => compare(identity(a.request), identity(b.request)));
      for (const { request, done } of sent) this.transmit(request, done);
    });
  }

  /** A request takes effect after half of the latency; `done` is told the outcome after the rest, and asynchronous code is woken. */
  private transmit(request: HttpRequest, done: (outcome: Outcome) => void): void {
    const target = `${request.host}:${request.port}`;
    const server = this.servers.find(({ match }) => match(request.host, request.port));
    if (server === undefined) {
      const failure = Object.assign(networkError('ENOTFOUND', `getaddrinfo ENOTFOUND ${request.host}`), {
        hostname: request.host,
        syscall: 'getaddrinfo',
      });
      this.clock.afterWaking(1, () => {
        done({ failure });
      });
      return;
    }
    const latency = this.random.integer(...server.latency);
    const there = Math.floor(latency / 2);
    const finish = (result: HttpAnswer | HttpFailure): void => {
      const { milliseconds, outcome } = settle(result, target);
      this.clock.afterWaking(latency - there + milliseconds, () => {
        done(outcome);
      });
    };
    this.clock.after(there, () => {
      const fault = this.faultFor(request);
      if (fault?.when === 'before') {
        finish(fault.answer);
        return;
      }
      const result = server.handler(request);
      if (result instanceof Promise) {
        this.clock.wake();
        void result.then((answer) => {
          finish(fault?.answer ?? answer);
        });
      } else {
        finish(fault?.answer ?? result);
      }
    });
  }

  private faultFor(request: HttpRequest): NetworkFault | undefined {
    for (const interceptor of this.interceptors) {
      const fault = interceptor(request);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

/** What a request is, but for what differs from one sending to the next: signatures, dates and invocation ids. */
function identity({ method, host, port, path, headers, body }: HttpRequest): string {
  const caller = /Credential=\w+/.exec(headers['authorization'] ?? '')?.[0] ?? '';
  return `${caller} ${method} ${host}:${port}${path} ${headers['x-amz-target'] ?? ''} ${body}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The outcome of a server's result, and how long it takes beyond the latency. */
function settle(result: HttpAnswer | HttpFailure, target: string): { milliseconds: number; outcome: Outcome } {
  if (typeof result === 'object') return { milliseconds: result.afterMilliseconds ?? 0, outcome: { answer: result } };
  switch (result) {
    case 'refused':
      return { milliseconds: 0, outcome: { failure: networkError('ECONNREFUSED', `connect ECONNREFUSED ${target}`) } };
    case 'reset':
      return { milliseconds: 0, outcome: { failure: networkError('ECONNRESET', 'socket hang up') } };
    case 'timeout':
      return { milliseconds: CONNECT_TIMEOUT_MS, outcome: { failure: networkError('ETIMEDOUT', `connect ETIMEDOUT ${target}`) } };
  }
}
