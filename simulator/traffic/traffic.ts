import type { Clock, Connections, Journal, LoadBalancers, Random } from '../kernel/ports';
import { OpenConnections } from './connections';

/** One kind of client: how often it comes, how long it stays, and through which target group. */
export interface ClientKind {
  readonly name: 'web' | 'clone' | 'push' | 'ssh';
  readonly targetGroupArn: string;
  /** Mean number of new connections in a second. */
  readonly perSecond: number;
  /** Shortest and longest, in seconds. */
  readonly seconds: readonly [shortest: number, longest: number];
}

/** Requests of one kind so far. */
export interface RequestCount {
  total: number;
  failed: number;
}

/** What the clients need. */
export interface TrafficOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly loadBalancers: LoadBalancers;
  readonly kinds: readonly ClientKind[];
  /** Whether Bitbucket on the instance answers requests. */
  readonly serves: (instanceId: string) => boolean;
}

/**
 * Clients that use Bitbucket all the time, through the load balancers: web requests, clones and pushes over HTTPS, SSH sessions.
 * A connection stays with the target it was opened to; it fails when that target stops before the connection ends, when Bitbucket does
 * not serve there, or when there is no target.
 */
export class Traffic implements Connections {
  readonly #options: TrafficOptions;
  readonly #open = new OpenConnections();
  readonly #due = new Map<ClientKind, number>();
  readonly #counts = new Map<string, RequestCount>();
  #running = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    for (const { name } of options.kinds) this.#counts.set(name, { total: 0, failed: 0 });
  }

  /** Begins to open connections, once a virtual second. */
  start(): void {
    this.#running = true;
    this.#tick();
  }

  /** Opens no more connections. */
  stop(): void {
    this.#running = false;
  }

  /** Requests so far, by kind. */
  get counts(): ReadonlyMap<string, Readonly<RequestCount>> {
    return this.#counts;
  }

  /** Requests so far, of all kinds. */
  get totals(): Readonly<RequestCount> {
    const sum = { total: 0, failed: 0 };
    for (const { total, failed } of this.#counts.values()) {
      sum.total += total;
      sum.failed += failed;
    }
    return sum;
  }

  /** Number of connections that are open to an instance. */
  openTo(instanceId: string): number {
    return this.#open.to(instanceId, this.#options.clock.now()).reduce((sum, { count }) => sum + count, 0);
  }

  /** What the cluster overview counts: git operations as tasks, everybody as active users. */
  load(instanceId: string): { readonly tasks: number; readonly users: number } {
    const open = this.#open.to(instanceId, this.#options.clock.now());
    const sum = (connections: typeof open): number => connections.reduce((total, { count }) => total + count, 0);
    return { tasks: sum(open.filter(({ kind }) => kind !== 'web')), users: sum(open) };
  }

  busyUntil(targetGroupArn: string, instanceId: string): number | undefined {
    const ends = this.#open.through(targetGroupArn, instanceId, this.#options.clock.now()).map(({ endsAt }) => endsAt);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  cut(targetGroupArn: string, instanceId: string, why: string): void {
    for (const { kind, count } of this.#open.through(targetGroupArn, instanceId, this.#options.clock.now())) {
      this.#fail(kind, count, why, instanceId);
    }
    this.#open.drop(instanceId, targetGroupArn);
  }

  /** Everything that is open to an instance fails: nothing answers there any longer. */
  cutAll(instanceId: string, why: string): void {
    for (const { kind, count } of this.#open.to(instanceId, this.#options.clock.now())) this.#fail(kind, count, why, instanceId);
    this.#open.drop(instanceId);
  }

  #tick(): void {
    if (!this.#running) return;
    this.#open.sweep(this.#options.clock.now());
    for (const kind of this.#options.kinds) this.#arrive(kind);
    this.#options.clock.after(1000, () => {
      this.#tick();
    });
  }

  /** Opens what is due of a kind: whole connections now, the fraction that is left is a matter of chance. */
  #arrive(kind: ClientKind): void {
    const { random } = this.#options;
    const due = (this.#due.get(kind) ?? 0) + kind.perSecond * 2 * random.next();
    const arriving = Math.floor(due);
    this.#due.set(kind, due - arriving);
    for (let i = 0; i < arriving; i++) this.#connect(kind);
  }

  #connect(kind: ClientKind): void {
    const { clock, random, loadBalancers, serves } = this.#options;
    const count = this.#counts.get(kind.name);
    if (count !== undefined) count.total += 1;
    const instanceId = loadBalancers.route(kind.targetGroupArn);
    if (instanceId === undefined) {
      this.#fail(kind.name, 1, 'the load balancer had no target');
    } else if (!serves(instanceId)) {
      this.#fail(kind.name, 1, 'the load balancer sent it to a node that does not serve', instanceId);
    } else {
      const [shortest, longest] = kind.seconds;
      const now = clock.now();
      const endsAt = now + Math.round(1000 * (shortest + (longest - shortest) * random.next()));
      this.#open.add(kind.targetGroupArn, instanceId, { kind: kind.name, count: 1, startedAt: now, endsAt });
    }
  }

  #fail(kind: string, count: number, why: string, instanceId?: string): void {
    const counted = this.#counts.get(kind);
    if (counted !== undefined) counted.failed += count;
    this.#options.journal.record({ kind: 'request', outcome: 'failed', request: kind, count, why, ...(instanceId && { instanceId }) });
  }
}
