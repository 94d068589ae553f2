import type { Clock, Journal, JournalEntry } from './ports';

/** Everything that happened, in order, with its virtual time. */
export class EventJournal implements Journal {
  private readonly recorded: JournalEntry[] = [];
  private readonly listeners: ((entry: JournalEntry) => void)[] = [];

  constructor(private readonly clock: Clock) {}

  get entries(): readonly JournalEntry[] {
    return this.recorded;
  }

  record(entry: Omit<JournalEntry, 'time'> & { readonly kind: string }): void {
    const timed: JournalEntry = { time: this.clock.now(), ...entry };
    this.recorded.push(timed);
    for (const listener of this.listeners) listener(timed);
  }

  listen(listener: (entry: JournalEntry) => void): void {
    this.listeners.push(listener);
  }
}
