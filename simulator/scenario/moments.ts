import type { Clock, Journal } from '../kernel/ports';
import type { Moment } from './fault';

/** Finds the moments at which faults come. */
export class Moments {
  readonly #clock: Clock;
  readonly #journal: Journal;

  constructor(clock: Clock, journal: Journal) {
    this.#clock = clock;
    this.#journal = journal;
  }

  /** At a moment that counts from now, or from the nth time that an execution enters a state. */
  at({ seconds, state, nth }: Moment, act: () => void): void {
    if (state === undefined) this.#after(seconds, act);
    else {
      this.entered({ state, nth }, () => {
        this.#after(seconds, act);
      });
    }
  }

  /** When a state is entered for the nth time; `machine`: a part of the logical id of its state machine. */
  entered(where: { readonly machine?: string; readonly state: string; readonly nth: number }, act: (execution: string) => void): void {
    let times = 0;
    this.#journal.listen(({ kind, change, machine, state, execution }) => {
      if (kind !== 'state' || change !== 'entered' || state !== where.state) return;
      if (where.machine !== undefined && !String(machine).includes(where.machine)) return;
      times += 1;
      if (times === where.nth) act(String(execution));
    });
  }

  /** So many seconds after an instance was good: a certain one, or the nth new one. */
  good(which: { readonly instanceId: string } | { readonly nth: number }, seconds: number, act: () => void): void {
    let times = 0;
    this.#journal.listen(({ kind, instanceId }) => {
      if (kind !== 'good') return;
      times += 1;
      const meant = 'nth' in which ? times === which.nth : instanceId === which.instanceId;
      if (meant) this.#after(seconds, act);
    });
  }

  #after(seconds: number, act: () => void): void {
    this.#clock.after(seconds * 1000, act);
  }
}
