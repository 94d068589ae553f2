import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';

/** How the fields of a resource are filtered: a filter's name to the values that the resource has for it. */
export type Filterable<T> = Readonly<Record<string, (item: T) => readonly (string | undefined)[]>>;

/** `*` is any number of characters, `?` is one, `\` escapes them. */
const matches = (pattern: string, value: string): boolean => {
  if (!/[*?\\]/.test(pattern)) return pattern === value;
  const expression = pattern.replace(/\\?[\s\S]/gu, (token) =>
    token === '*' ? '.*' : token === '?' ? '.' : (token.length === 2 ? token.slice(1) : token).replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'),
  );
  return new RegExp(`^${expression}$`, 'su').test(value);
};

/**
 * The items that pass every filter; a filter passes when one of its values matches. `tag:KEY` and `tag-key` work for everything that has tags.
 * A filter that is not modelled is an error that names it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function filtered<T extends { readonly tags: Readonly<Record<string, string>> }>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Filterable<T>,
): T[] {
  const tests = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const valuesOf = name.startsWith('tag:')
      ? (item: T) => [item.tags[name.slice('tag:'.length)]]
      : name === 'tag-key'
        ? (item: T) => Object.keys(item.tags)
        : fields[name];
    if (valuesOf === undefined) {
      const known = ['tag:KEY', 'tag-key', ...Object.keys(fields)].join(', ');
      throw new AwsError('InvalidParameterValue', `The filter '${name}' is not modelled by the simulator. Modelled: ${known}.`);
    }
    return (item: T) => valuesOf(item).some((value) => value !== undefined && values.some((pattern) => matches(pattern, value)));
  });
  return items.filter((item) => tests.every((passes) => passes(item)));
}

/** The things with these ids (all when none is given), in the order of `items`; an unknown id is the error `code`. */
export function byId<T extends { readonly id: string }>(
  items: readonly T[],
  ids: readonly string[] | undefined,
  unknown: (missing: readonly string[]) => AwsError,
): T[] {
  if (ids === undefined || ids.length === 0) return [...items];
  const missing = ids.filter((id) => !items.some((item) => item.id === id));
  if (missing.length > 0) throw unknown(missing);
  return items.filter((item) => ids.includes(item.id));
}
