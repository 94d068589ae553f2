import { EventHeap } from './heap';
import type { Clock, Timer } from './ports';

/** When every simulation starts: a maintenance window on a Tuesday. Virtual time never depends on the real clock. */
export const START_TIME = Date.UTC(2026, 0, 6, 1, 0, 0);

/** Events that run at one instant of virtual time before the clock says that somebody loops. */
const MAX_EVENTS_AT_ONCE = 1_000_000;

interface Entry extends Timer {
  readonly time: number;
  readonly sequence: number;
  event: (() => void) | undefined;
}

/** A turn of the real event loop: every microtask and `nextTick` that is runnable has run when it resolves. */
const realTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/**
 * Virtual time as a queue of events. Time jumps to the next event when nothing is left to run now, so that minutes of waiting cost nothing.
 * The world's events are synchronous; only an event that wakes asynchronous code (it calls {@link wake}) is followed by a turn of the real event loop.
 */
export class VirtualClock implements Clock {
  private readonly heap = new EventHeap<Entry>();
  private time = START_TIME;
  private sequence = 0;
  private awake = true;

  now(): number {
    return this.time;
  }

  at(time: number, event: () => void): Timer {
    if (!Number.isFinite(time)) throw new RangeError(`An event was scheduled at ${time}; a time in milliseconds is needed.`);
    const entry: Entry = {
      time: Math.max(time, this.time),
      sequence: this.sequence++,
      event,
      cancel: () => {
        entry.event = undefined;
      },
    };
    this.heap.push(entry);
    return entry;
  }

  after(milliseconds: number, event: () => void): Timer {
    return this.at(this.time + Math.max(0, milliseconds), event);
  }

  /** Says that asynchronous code (a promise, a Lambda) has something to do now: it runs before the next event. */
  wake(): void {
    this.awake = true;
  }

  /** `after`, for an event that wakes asynchronous code. */
  afterWaking(milliseconds: number, event: () => void): Timer {
    return this.after(milliseconds, () => {
      this.awake = true;
      event();
    });
  }

  /** Resolves when virtual time has advanced by so much: for asynchronous code that lives in the simulation. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.afterWaking(milliseconds, resolve);
    });
  }

  /** Resolves when asynchronous code has nothing left to do at this instant. */
  async settle(): Promise<void> {
    this.awake = true;
    while (this.isAwake()) {
      this.awake = false;
      await realTurn();
    }
  }

  /** A method, since what runs meanwhile may change the answer. */
  private isAwake(): boolean {
    return this.awake;
  }

  /**
   * Runs events until `until` holds. `waitingFor` names what hangs, for the error when nothing is scheduled any more.
   *
   * @throws Error when the queue runs empty before `until` holds.
   */
  async run(until: () => boolean, waitingFor: () => string = () => 'the end of the simulation'): Promise<void> {
    let atOnce = 0;
    for (;;) {
      if (this.awake) await this.settle();
      if (until()) return;
      const next = this.heap.pop();
      if (next === undefined) {
        throw new Error(
          `Nothing is scheduled any more at ${new Date(this.time).toISOString()}, but the simulation still waits for ${waitingFor()}.`,
        );
      }
      if (next.event === undefined) continue;
      atOnce = next.time === this.time ? atOnce + 1 : 0;
      if (atOnce > MAX_EVENTS_AT_ONCE) {
        throw new Error(
          `Virtual time stands still at ${new Date(this.time).toISOString()}: more than ${MAX_EVENTS_AT_ONCE} events ran at once.`,
        );
      }
      this.time = next.time;
      const { event } = next;
      next.event = undefined;
      event();
    }
  }
}
