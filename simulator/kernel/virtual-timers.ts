import { promisify } from 'node:util';
import type { Timer } from './ports';
import type { Tenancy } from './tenancy';

/** What `setTimeout` gives to sandboxed code: it can be cleared by itself or by its number, as Node's `Timeout`. */
export class VirtualTimeout {
  timer: Timer | undefined;

  constructor(
    readonly id: number,
    private readonly owner: VirtualTimers,
  ) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  close(): this {
    this.owner.clear(this);
    return this;
  }

  refresh(): this {
    this.owner.restart(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }
}

type Callback = (...args: unknown[]) => void;

interface Running {
  readonly callback: Callback;
  readonly args: readonly unknown[];
  readonly milliseconds: number;
  readonly repeats: boolean;
}

/** The timer functions of one sandbox on the virtual time of the simulation that it is in. `leave` stops them all, as when a Lambda environment freezes for good. */
export class VirtualTimers {
  private readonly running = new Map<VirtualTimeout, Running>();
  private nextId = 1;

  constructor(private readonly tenancy: Tenancy) {}

  readonly setTimeout = Object.assign(
    (callback: Callback, milliseconds?: number, ...args: unknown[]) => this.start(callback, milliseconds, args, false),
    {
      [promisify.custom]: (milliseconds?: number, value?: unknown) =>
        new Promise((resolve) => {
          this.start(resolve, milliseconds, [value], false);
        }),
    },
  );

  readonly setInterval = (callback: Callback, milliseconds?: number, ...args: unknown[]): VirtualTimeout =>
    this.start(callback, milliseconds, args, true);

  readonly setImmediate = (callback: Callback, ...args: unknown[]): VirtualTimeout => this.start(callback, 0, args, false);

  readonly clearTimeout = (timeout: unknown): void => {
    if (timeout instanceof VirtualTimeout) {
      this.clear(timeout);
    } else if (typeof timeout === 'number') {
      for (const candidate of this.running.keys()) if (candidate.id === timeout) this.clear(candidate);
    }
  };

  clear(timeout: VirtualTimeout): void {
    timeout.timer?.cancel();
    this.running.delete(timeout);
  }

  restart(timeout: VirtualTimeout): void {
    const running = this.running.get(timeout);
    if (running === undefined) return;
    timeout.timer?.cancel();
    this.schedule(timeout, running);
  }

  /** Timers are numbered from 1 in each simulation. */
  enter(): void {
    this.nextId = 1;
  }

  leave(): void {
    for (const timeout of this.running.keys()) timeout.timer?.cancel();
    this.running.clear();
  }

  private start(callback: Callback, milliseconds: number | undefined, args: readonly unknown[], repeats: boolean): VirtualTimeout {
    const timeout = new VirtualTimeout(this.nextId++, this);
    if (!this.tenancy.inside) return timeout;
    const running = { callback, args, milliseconds: Math.max(repeats ? 1 : 0, milliseconds ?? 0), repeats };
    this.running.set(timeout, running);
    this.schedule(timeout, running);
    return timeout;
  }

  private schedule(timeout: VirtualTimeout, running: Running): void {
    timeout.timer = this.tenancy.clock.afterWaking(running.milliseconds, () => {
      if (running.repeats) this.schedule(timeout, running);
      else this.running.delete(timeout);
      running.callback(...running.args);
    });
  }
}

/** A `Date` whose present is virtual. */
export function virtualDate(tenancy: Tenancy, RealDate: DateConstructor): DateConstructor {
  class VirtualDate extends RealDate {
    constructor(...args: unknown[]) {
      if (args.length === 0) super(tenancy.now);
      else super(...(args as [number]));
    }

    static override now(): number {
      return tenancy.now;
    }
  }
  // `Date()` without `new` gives a string, which a class cannot do; nobody needs it here.
  return VirtualDate as unknown as DateConstructor;
}
