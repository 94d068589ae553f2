import type { Random } from './ports';

/** A 32-bit hash of a name (FNV-1a), so that forks are independent by name and not by the order in which they are made. */
function hash(text: string, start: number): number {
  let value = start ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Mulberry32 (public domain): small, fast, good enough for latencies and faults; never for secrets. */
class Seeded implements Random {
  private state: number;

  constructor(private readonly seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('There is nothing to pick from.');
    return items[this.integer(0, items.length - 1)] as T;
  }

  fork(name: string): Random {
    return new Seeded(hash(name, Math.imul(this.seed, 0x9e3779b1)));
  }
}

/** A reproducible stream: the same seed gives the same numbers; forks depend on the seed and their name only. */
export function seeded(seed: number): Random {
  return new Seeded(hash(`seed ${seed}`, 0));
}

/** So many random bytes of a stream. */
export function randomBytesOf(random: Random, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = random.integer(0, 255);
  return bytes;
}

/** A random UUID (version 4) of a stream. */
export function uuidOf(random: Random): string {
  const bytes = randomBytesOf(random, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
