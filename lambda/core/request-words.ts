/** What is wrong with a request, in words: what was given, what is allowed, and what was perhaps meant. */
import type { ErrorObject } from 'ajv/dist/2020';
import type { RequestInput } from '../../lib/contract/request-schema';
import { LATEST_BUGFIX, REQUEST_SCHEMA } from '../../lib/contract/request-schema';
import { versionProblem } from './versions';

/** One mistake, and the key of the request that it is in; empty when it is the request itself. */
export interface Mistake {
  readonly key: string;
  readonly message: string;
}

const { properties } = REQUEST_SCHEMA;
const KEYS = Object.keys(properties);
const REASON = properties.overrides.additionalProperties;

/** A request that is as it should be. */
export const EXAMPLE = `{"targetVersion": "${properties.targetVersion.examples[0]}"}`;

/** What each key must be. */
const EXPECTED: Readonly<Record<keyof RequestInput, string>> = {
  targetVersion: `a version such as "${properties.targetVersion.examples[0]}", or "${LATEST_BUGFIX}"`,
  imageId: `an image's id such as "${properties.imageId.examples[0]}"`,
  dryRun: 'true or false',
  overrides: `an object with a reason for each check, such as ${JSON.stringify(properties.overrides.examples[0])}`,
  maintenanceWindow: `an object such as ${properties.maintenanceWindow.examples.map((example) => JSON.stringify(example)).join(' or ')}`,
};

/** The errors of the validation in words. What follows from another of the same place is left out. */
export function mistakes(errors: readonly ErrorObject[]): readonly Mistake[] {
  const all = errors.map((error) => {
    const [key = '', name] = error.instancePath.split('/').slice(1).map(unescaped);
    return { key, message: wording(error, key, name) };
  });
  return all.filter(({ message }, index) => all.findIndex((other) => other.message === message) === index);
}

function wording({ keyword, params, data, message = '' }: ErrorObject, key: string, name: string | undefined): string {
  if (key === '' && keyword === 'additionalProperties') return unknownKey(String(params['additionalProperty']));
  if (key === '') return `The input must be a JSON object such as ${EXAMPLE}; it is ${describe(data)}.`;
  if (key === 'maintenanceWindow')
    return wrongWindow(keyword, name ?? '', keyword === 'additionalProperties' ? params['additionalProperty'] : data);
  if (name !== undefined) {
    const limits = `in ${REASON.minLength} to ${REASON.maxLength} characters`;
    return `overrides: ${JSON.stringify(name.slice(0, 60))} must say ${limits} why the check may fail; it says ${describe(data)}.`;
  }
  if (!isKey(key)) return `${key} ${message}; it is ${describe(data)}.`;
  if (key === 'targetVersion' && typeof data === 'string') return wrongVersion(data);
  return `${key} must be ${EXPECTED[key]}; it is ${describe(data)}.`;
}

/** @param value what was given; of a key that there is none of, its name */
function wrongWindow(keyword: string, name: string, value: unknown): string {
  const { minutes } = properties.maintenanceWindow.properties;
  if (keyword === 'additionalProperties') return `maintenanceWindow: ${describe(value)} is no key of it. Allowed are opens, minutes.`;
  if (name === 'minutes') {
    return `maintenanceWindow: minutes must be a whole number from ${minutes.minimum} to ${minutes.maximum}; it is ${describe(value)}.`;
  }
  if (name === 'opens') return wrongOpening(value);
  return `maintenanceWindow must be ${EXPECTED.maintenanceWindow}; it is ${describe(value)}.`;
}

/** Also of what the schema lets through, such as a day in month 13. */
export const wrongOpening = (value: unknown): string =>
  `maintenanceWindow: opens must be a time with its zone such as "${properties.maintenanceWindow.examples[1].opens}"; it is ${describe(value)}.`;

function wrongVersion(text: string): string {
  if (editDistance(text.toLowerCase(), LATEST_BUGFIX.toLowerCase()) <= NEAR) {
    return `targetVersion must be ${EXPECTED.targetVersion}; it is ${describe(text)}. Did you mean "${LATEST_BUGFIX}"?`;
  }
  return `targetVersion must be ${EXPECTED.targetVersion}: ${versionProblem(text.slice(0, 60)) ?? `it is ${describe(text)}.`}`;
}

/** For people: a value as JSON, cut when it is long. */
export function describe(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined; // undefined for what JSON cannot write
  return text === undefined ? 'missing' : text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function unknownKey(key: string): string {
  const nearest = KEYS.map((known) => ({ known, distance: editDistance(key.toLowerCase(), known.toLowerCase()) })).sort(
    (a, b) => a.distance - b.distance,
  )[0];
  const hint = nearest && nearest.distance <= NEAR ? ` Did you mean "${nearest.known}"?` : '';
  return `"${key.slice(0, 60)}" is no key of a request.${hint} Allowed are ${KEYS.join(', ')}.`;
}

const isKey = (key: string): key is keyof RequestInput => key in EXPECTED;

/** A segment of a JSON pointer: https://datatracker.ietf.org/doc/html/rfc6901#section-4 */
const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** Most edits between what was written and what was meant. */
const NEAR = 3;

/** Levenshtein distance: insertions, deletions and substitutions from `a` to `b`, of which only the beginnings count. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a.slice(0, 100)).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
