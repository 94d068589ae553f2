import type { Load } from './facts';

/** What one node measured: ISO 8601 times and percentages. */
export type Series = readonly { readonly time: string; readonly value: number }[];

/** The busiest period of all nodes together; undefined when nothing was measured. A node that told nothing in a period adds nothing to it. */
export function busiest(series: readonly Series[]): Load | undefined {
  const sums = new Map<string, number>();
  for (const { time, value } of series.flat()) sums.set(time, (sums.get(time) ?? 0) + value);
  let peak: { readonly at: string; readonly sum: number } | undefined;
  for (const [at, sum] of sums) if (peak === undefined || sum > peak.sum) peak = { at, sum };
  return peak && { peak: peak.sum, peakAt: peak.at, nodes: series.filter(({ length }) => length > 0).length };
}
