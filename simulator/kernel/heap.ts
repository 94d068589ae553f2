/** A binary heap of timed events: the earliest first, and of two at one time the one that was scheduled first. */
export interface Scheduled {
  readonly time: number;
  readonly sequence: number;
}

/** Whether `a` comes before `b`. */
const before = (a: Scheduled, b: Scheduled): boolean => a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

/** A priority queue in the order of time, then of scheduling. */
export class EventHeap<T extends Scheduled> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || before(above, item)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      let child = items[left];
      if (child === undefined) break;
      let next = left;
      const right = items[left + 1];
      if (right !== undefined && before(right, child)) {
        child = right;
        next = left + 1;
      }
      if (before(last, child)) break;
      items[at] = child;
      at = next;
    }
    items[at] = last;
    return first;
  }
}
