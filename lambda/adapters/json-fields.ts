/** Fields of JSON that somebody else wrote: what is not of the expected kind is empty. */

export type Json = Readonly<Record<string, unknown>>;

/** An object that is no list; undefined for anything else. */
export const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

/** A text; empty for anything else. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The objects of a list; none for anything else. */
export const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(object).filter((item) => item !== undefined) : [];
