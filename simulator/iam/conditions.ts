import { matchesArn, matchesGlob } from './wildcards';

/** The values of a request's condition keys; names in lower case. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

type Compare = (wanted: string, given: string) => boolean;

const numeric =
  (test: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    test(Number(given), Number(wanted));
const date =
  (test: (given: number, wanted: number) => boolean): Compare =>
  (wanted, given) =>
    test(Date.parse(given), Date.parse(wanted));

const equal: Compare = (wanted, given) => wanted === given;
const equalIgnoringCase: Compare = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();

/** Operators and whether they are negated. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, negated: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negated: true },
  StringLike: { compare: matchesGlob },
  StringNotLike: { compare: matchesGlob, negated: true },
  ArnEquals: { compare: matchesArn },
  ArnLike: { compare: matchesArn },
  ArnNotEquals: { compare: matchesArn, negated: true },
  ArnNotLike: { compare: matchesArn, negated: true },
  Bool: { compare: equalIgnoringCase },
  NumericEquals: { compare: numeric((a, b) => a === b) },
  NumericNotEquals: { compare: numeric((a, b) => a === b), negated: true },
  NumericLessThan: { compare: numeric((a, b) => a < b) },
  NumericLessThanEquals: { compare: numeric((a, b) => a <= b) },
  NumericGreaterThan: { compare: numeric((a, b) => a > b) },
  NumericGreaterThanEquals: { compare: numeric((a, b) => a >= b) },
  DateEquals: { compare: date((a, b) => a === b) },
  DateNotEquals: { compare: date((a, b) => a === b), negated: true },
  DateLessThan: { compare: date((a, b) => a < b) },
  DateLessThanEquals: { compare: date((a, b) => a <= b) },
  DateGreaterThan: { compare: date((a, b) => a > b) },
  DateGreaterThanEquals: { compare: date((a, b) => a >= b) },
};

interface Parsed {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
}

/** @throws Error for an operator that is not modelled: nothing unknown ever passes. */
export function parseOperator(text: string): Parsed {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text);
  const operator = match?.[2] ?? '';
  if (operator !== 'Null' && !Object.hasOwn(OPERATORS, operator))
    throw new Error(`The simulator does not model the condition operator ${text}.`);
  return { quantifier: match?.[1] as Parsed['quantifier'], operator, ifExists: match?.[3] !== undefined };
}

/** Whether one condition (an operator on a key) holds. */
export function conditionHolds(operatorText: string, key: string, wanted: readonly string[], context: RequestContext): boolean {
  const { quantifier, operator, ifExists } = parseOperator(operatorText);
  const given = context.get(key.toLowerCase());
  if (operator === 'Null') return wanted.some((value) => (value === 'true') === (given === undefined));
  const known = OPERATORS[operator];
  if (known === undefined) return false; // parseOperator has thrown
  const negated = known.negated === true;
  if (given === undefined) return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === undefined);
  const one = (value: string): boolean => wanted.some((pattern) => known.compare(pattern, value)) !== negated;
  if (quantifier === 'ForAllValues') return given.every(one);
  if (quantifier === 'ForAnyValue') return given.some(one);
  return negated ? given.every(one) : given.some(one);
}
