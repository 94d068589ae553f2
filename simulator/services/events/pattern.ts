/** An event pattern: the fields that must be there, each with the values that it may have. */
export interface Pattern {
  readonly [field: string]: Pattern | readonly Matcher[];
}

type Scalar = string | number | boolean | null;
type Matcher =
  | Scalar
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly exists: boolean }
  | { readonly 'anything-but': Scalar | readonly Scalar[] };

const MATCHERS = ['prefix', 'suffix', 'exists', 'anything-but'];

const isMatcherList = (value: Pattern | readonly Matcher[]): value is readonly Matcher[] => Array.isArray(value);

/** What a pattern uses that is not modelled: a pattern that is not understood must not match by chance. */
export function patternProblems(pattern: Pattern, path = ''): string[] {
  return Object.entries(pattern).flatMap(([field, value]) => {
    const here = `${path}${field}`;
    if (!isMatcherList(value)) return patternProblems(value, `${here}.`);
    return value.flatMap((matcher) => {
      if (typeof matcher !== 'object' || matcher === null) return [];
      const [name = ''] = Object.keys(matcher);
      const operand = (matcher as Record<string, unknown>)[name];
      const nested = typeof operand === 'object' && operand !== null && !Array.isArray(operand);
      return MATCHERS.includes(name) && !nested
        ? []
        : [`the simulator does not model ${JSON.stringify(matcher)} in an event pattern (${here})`];
    });
  });
}

/** Whether an event matches. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
export function matches(pattern: Pattern, event: unknown): boolean {
  const fields = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = fields[field];
    if (!isMatcherList(wanted)) return matches(wanted, value);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return wanted.some((matcher) => values.some((candidate) => passes(matcher, candidate)));
  });
}

function passes(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher !== 'object' || matcher === null) return value === matcher;
  if ('exists' in matcher) return (value !== undefined) === matcher.exists;
  if ('prefix' in matcher) return typeof value === 'string' && value.startsWith(matcher.prefix);
  if ('suffix' in matcher) return typeof value === 'string' && value.endsWith(matcher.suffix);
  const but = matcher['anything-but'];
  return value !== undefined && !(Array.isArray(but) ? but.includes(value) : but === value);
}
