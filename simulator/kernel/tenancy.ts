import type { VirtualClock } from './clock';
import type { Internet } from './internet';
import type { Random } from './ports';

/** The simulation that a sandbox is in: its time, its chance, its network, and where its words go. */
export interface Tenant {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly internet: Internet;
  /** Told each line written to the console or the standard streams. */
  readonly log: (level: string, text: string) => void;
  /** Milliseconds by which `Date` is wrong now; timers are not. */
  readonly skew?: () => number;
}

/** Whose simulation a sandbox is in now: everything that evaluated code sees of the world asks here, so that it may move to another simulation. */
export class Tenancy {
  private tenant: Tenant | undefined;
  private mathRandom: Random | undefined;
  private cryptoRandom: Random | undefined;

  enter(tenant: Tenant): void {
    this.tenant = tenant;
    this.mathRandom = tenant.random.fork('Math');
    this.cryptoRandom = tenant.random.fork('crypto');
  }

  leave(): void {
    this.tenant = undefined;
  }

  get inside(): boolean {
    return this.tenant !== undefined;
  }

  get clock(): VirtualClock {
    return this.current.clock;
  }

  /** Wall-clock time as evaluated code sees it. */
  get now(): number {
    const { clock, skew } = this.current;
    return clock.now() + (skew?.() ?? 0);
  }

  get internet(): Internet {
    return this.current.internet;
  }

  /** Behind `Math.random`. */
  get chance(): Random {
    return this.mathRandom ?? this.current.random;
  }

  /** Behind the `crypto` module. */
  get secrets(): Random {
    return this.cryptoRandom ?? this.current.random;
  }

  log(level: string, text: string): void {
    this.current.log(level, text);
  }

  private get current(): Tenant {
    if (this.tenant === undefined) throw new Error('Sandboxed code ran outside of any simulation.');
    return this.tenant;
  }
}
