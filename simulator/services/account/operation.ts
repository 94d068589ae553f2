import type { Authorization, Caller } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';

/** The output of an SDK command without what the wire adds. */
export type Output<T> = Omit<T, '$metadata'>;

/** An operation whose input and output are known: an `AwsOperation`. */
interface Typed<Input, Result> {
  readonly mutates: boolean;
  authorize(input: Input): readonly Authorization[];
  call(input: Input, caller: Caller): Output<Result>;
}

/** An operation with the SDK's input and output types. */
export const operation = <Input, Result>(typed: Typed<Input, Result>): Typed<Input, Result> => typed;

/** A reading operation that has no resource-level permissions (most `Describe`s): allowed on `*` or not at all. */
export const reading = <Input, Result>(
  action: string,
  call: (input: Input) => Output<Result>,
  context: Authorization['context'] = {},
): Typed<Input, Result> => ({ mutates: false, authorize: () => [{ action, resources: ['*'], context }], call });

/** Refuses parameters that are valid on AWS but have no effect here: a silent success would be a lie. */
export function refuseUnmodelled(operationName: string, input: object, modelled: readonly string[]): void {
  const unmodelled = Object.entries(input)
    .filter(([key, value]) => value !== undefined && !modelled.includes(key))
    .map(([key]) => key);
  if (unmodelled.length > 0)
    throw new AwsError('NotImplemented', `The simulator does not model ${unmodelled.join(', ')} of ${operationName}.`, 501);
}

/** One page of a list: `token` is what the last page answered. */
export function page<T>(items: readonly T[], size: number, token: string | undefined): { items: T[]; next?: string } {
  const start = token === undefined ? 0 : Number(token);
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length && { next: String(end) }) };
}

/** An SDK tag list of a record. */
export const tagList = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A record of an SDK tag list. */
export const tagRecord = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** Condition keys `PREFIX/KEY` = value of each tag: `aws:ResourceTag/Name`. */
export const tagKeys = (prefixes: readonly string[], tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(prefixes.flatMap((prefix) => Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value])));

/** Condition keys of tags that a request gives: `aws:RequestTag/KEY` and `aws:TagKeys`. */
export const requestTags = (tags: Readonly<Record<string, string>>): Record<string, string | readonly string[]> =>
  Object.keys(tags).length === 0 ? {} : { ...tagKeys(['aws:RequestTag'], tags), 'aws:TagKeys': Object.keys(tags) };
