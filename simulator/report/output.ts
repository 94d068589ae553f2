import type { Ending } from '../rules/rule';

/** What the workflow says to people at its end: the text of the output of an execution that succeeded; null when there is none. */
export function reportOf({ output }: Pick<Ending, 'output'>): string | null {
  const value: unknown = typeof output === 'string' ? JSON.parse(output) : output;
  const text = (value as { readonly text?: unknown } | null | undefined)?.text;
  return typeof text === 'string' ? text : null;
}
