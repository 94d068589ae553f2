import type { Snapshot } from '../../simulator/scenario/snapshot';
import { frame } from './frame';

/** What a view needs of the terminal. */
export interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

const FRAME_MILLISECONDS = 66;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/**
 * Redraws the state of the run in place, about 15 times a second, and holds virtual time back so that a person can follow:
 * each frame shows `secondsPerFrame` virtual seconds. A frame is one write, over the last one: nothing flickers.
 */
export class LiveView {
  readonly #terminal: Terminal;
  readonly #title: string;
  readonly #color: boolean;
  readonly #secondsPerFrame: number;
  #lines = 0;
  #drawnSecond = -Infinity;
  #drawnAt = 0;

  constructor(terminal: Terminal, title: string, color: boolean, secondsPerFrame: number) {
    this.#terminal = terminal;
    this.#title = title;
    this.#color = color;
    this.#secondsPerFrame = secondsPerFrame;
    terminal.write(HIDE_CURSOR);
  }

  /** Told each virtual second. Draws when a frame is due, and waits until its time has come. */
  tick(seconds: number, look: () => Snapshot): void {
    if (seconds - this.#drawnSecond < this.#secondsPerFrame) return;
    this.#drawnSecond = seconds;
    pause(this.#drawnAt + FRAME_MILLISECONDS - Date.now());
    this.#drawnAt = Date.now();
    this.#draw(look());
  }

  /** Draws the last frame and gives the terminal back. */
  end(last?: Snapshot): void {
    if (last !== undefined) this.#draw(last);
    this.#terminal.write(`${SHOW_CURSOR}\n`);
  }

  #draw(snapshot: Snapshot): void {
    const { columns = 80, rows = 40 } = this.#terminal;
    const all = frame(this.#title, snapshot, { width: columns, color: this.#color });
    const lines = all.length < rows ? all : [...all.slice(0, rows - 2), `and ${all.length - rows + 2} more nodes`];
    const up = this.#lines > 1 ? `\u001b[${this.#lines - 1}A` : '';
    this.#terminal.write(`${up}\r${lines.join(`${CLEAR_LINE}\n`)}${CLEAR_LINE}${CLEAR_BELOW}`);
    this.#lines = lines.length;
  }
}

/** Waits without giving way: the simulation stands still meanwhile. */
function pause(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
