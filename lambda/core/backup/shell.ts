/** Commands of a restore, as a POSIX shell takes them. */
import type { Tags } from './tags';

/** Words that a shell leaves as they are. */
const PLAIN = /^[A-Za-z0-9_/:.,=@%+-]+$/;

/** One word for the shell, whatever is in it. */
export const quote = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** What is written behind an option: one word, several, or (`true`, `false`) the option itself, or the same with `--no-`. Left out when undefined or empty. */
export type Value = string | number | boolean | readonly string[] | undefined;

/** A command of the AWS CLI: `aws('rds', 'wait', {...})`. Options as `--kebab-case`, in their order. */
export function aws(service: string, operation: string, options: Readonly<Record<string, Value>>): string {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === '' || (typeof value === 'object' && value.length === 0)) return [];
    if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${name}`];
    return [`--${name}`, ...(typeof value === 'object' ? value : [String(value)]).map(quote)];
  });
  return ['aws', service, operation, ...words].join(' ');
}

/** An option that has no `--no-` form: given, or left out. */
export const given = (condition: boolean): true | undefined => (condition ? true : undefined);

/** Tags as an option's value, in JSON. AWS's own tags cannot be given. */
export function tagList(tags: Tags): string | undefined {
  const own = Object.entries(tags).filter(([key]) => !key.startsWith('aws:'));
  return own.length > 0 ? JSON.stringify(own.map(([Key, Value]) => ({ Key, Value }))) : undefined;
}
