/**
 * Things that are dear to make and may be used again by whoever comes next, by key. What is taken is its taker's alone until it is given back;
 * when there are too many, those that were given back longest ago go first.
 */
export class Pool<T> {
  private readonly idle: { readonly key: string; readonly item: T }[] = [];

  constructor(private readonly limit: number) {}

  take(key: string): T | undefined {
    const at = this.idle.map((candidate) => candidate.key).lastIndexOf(key);
    return at === -1 ? undefined : this.idle.splice(at, 1)[0]?.item;
  }

  give(key: string, item: T): void {
    this.idle.push({ key, item });
    if (this.idle.length > this.limit) this.idle.shift();
  }
}
