import type { EngineEvent } from './engine';

type Fields = Readonly<Record<string, unknown>>;

/** Where an execution is: what a redrive goes on from. Only what it has entered and not left, and what branches of a Parallel state gave. */
export class Position {
  /** Input of each state that was entered and not left: at most one of the top level, and one of each branch. */
  readonly #open = new Map<string, unknown>();
  /** Output of each state of a branch that was left. */
  readonly #left = new Map<string, unknown>();
  #over = false;

  /** Takes note of what the engine tells; what it tells after the end is how it comes to rest. */
  note({ type, state }: EngineEvent): void {
    if (/^Execution(Succeeded|Failed|Aborted|Timeout)$/.test(type)) this.#over = true;
    if (this.#over || state === undefined) return;
    if (type === 'StateEntered') {
      if (state.type === 'Parallel') this.#left.clear();
      this.#open.set(state.name, state.input);
    } else if (type === 'StateExited') {
      this.#open.delete(state.name);
      this.#left.set(state.name, state.output);
    }
  }

  /** Nothing moves it any more: the execution has ended. */
  freeze(): void {
    this.#over = true;
  }

  /** The execution goes on: the states are entered again. */
  thaw(): void {
    this.#over = false;
  }

  /** The one state of these that the execution is in, with its input. */
  within(states: Fields): { readonly name: string; readonly input: unknown } | undefined {
    const name = Object.keys(states).find((each) => this.#open.has(each));
    return name === undefined ? undefined : { name, input: this.#open.get(name) };
  }

  /** The output of a branch that has ended. */
  outputOf(states: Fields): { readonly output: unknown } | undefined {
    const last = Object.entries(states).find(([name, state]) => this.#left.has(name) && isLast(state as Fields));
    return last && { output: this.#left.get(last[0]) };
  }
}

const isLast = (state: Fields): boolean => state['End'] === true || state['Type'] === 'Succeed';
