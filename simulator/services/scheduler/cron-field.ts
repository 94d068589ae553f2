/** Least and greatest value of a field, and the names that its values have. */
export interface FieldRange {
  readonly name: string;
  readonly least: number;
  readonly greatest: number;
  /** The first is the name of `least`. */
  readonly names?: readonly string[];
}

/**
 * The values that a field of a cron expression allows: numbers, names, lists, ranges, steps, `*`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 * @throws Error that names the field and what it may be
 */
export function fieldValues(text: string, range: FieldRange): number[] {
  const { least, greatest } = range;
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [span = '', step, more] = item.split('/');
    const [from = '', to, tooMany] = span === '*' ? [String(least), String(greatest)] : span.split('-');
    const first = value(from, range);
    const last = to !== undefined ? value(to, range) : step !== undefined ? greatest : first;
    const every = step === undefined ? 1 : Number(step);
    const right = [first, last, every].every((number) => Number.isInteger(number)) && more === undefined && tooMany === undefined;
    if (!right || every < 1 || first < least || last > greatest || first > last) throw wrong(text, range);
    for (let number = first; number <= last; number += every) values.add(number);
  }
  return [...values].sort((a, b) => a - b);
}

function value(text: string, { least, names }: FieldRange): number {
  const index = names?.indexOf(text.toUpperCase()) ?? -1;
  if (index >= 0) return least + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** The error for a field that is not understood. */
export function wrong(text: string, { name, least, greatest, names }: FieldRange): Error {
  const named = names === undefined ? '' : ` or ${names[0] ?? ''}-${names.at(-1) ?? ''}`;
  return new Error(
    `"${text}" is not understood as the ${name} of a cron expression: allowed are ${least}-${greatest}${named}, lists, ranges, steps`,
  );
}
