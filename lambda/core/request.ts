import type { Problem } from '../../lib/contract/events';
import { versionProblem } from './versions';

/** The request as it was written; what was wrong is in `problems`, and absent here. */
export interface ParsedRequest {
  readonly targetVersion?: string;
  readonly imageId?: string;
  readonly dryRun: boolean;
  readonly problems: readonly Problem[];
}

const KEYS = ['targetVersion', 'imageId', 'dryRun'] as const;
const EXAMPLE = '{"targetVersion": "9.4.23"}';
const problem = (message: string): Problem => ({ check: 'request', message });

/**
 * Reads an execution's input: `targetVersion` (default: the configured one), `imageId` (default: what the node images
 * strategy says), `dryRun` (default: false). Finds every mistake at once; never throws.
 */
export function parseRequest(input: unknown, defaultTargetVersion: string): ParsedRequest {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { dryRun: false, problems: [problem(`The input must be a JSON object such as ${EXAMPLE}; it is ${describe(input)}.`)] };
  }
  const given = input as Readonly<Record<string, unknown>>;
  const problems: Problem[] = Object.keys(given)
    .filter((key) => !(KEYS as readonly string[]).includes(key))
    .map((key) => problem(unknownKey(key)));

  const dryRun = given['dryRun'] ?? false;
  if (typeof dryRun !== 'boolean') problems.push(problem(`dryRun must be true or false; it is ${describe(dryRun)}.`));

  const imageId = given['imageId'];
  const imageOk = typeof imageId === 'string' && /^ami-[0-9a-f]{8,17}$/.test(imageId);
  if (imageId !== undefined && !imageOk)
    problems.push(problem(`imageId must be an image's id such as "ami-0123456789abcdef0"; it is ${describe(imageId)}.`));

  // An image names its own version; the default is for requests that name neither.
  const version = given['targetVersion'] ?? (imageOk ? undefined : defaultTargetVersion || undefined);
  let targetVersion: string | undefined;
  if (version === undefined && imageId === undefined) {
    problems.push(problem(`No targetVersion is given, and none is configured as default. Give one, for example ${EXAMPLE}.`));
  } else if (version !== undefined && typeof version !== 'string') {
    problems.push(problem(`targetVersion must be a string such as "9.4.23"; it is ${describe(version)}.`));
  } else if (version !== undefined) {
    const wrong = versionProblem(version);
    if (wrong === undefined) targetVersion = version;
    else problems.push(problem(`targetVersion: ${wrong}`));
  }
  return {
    ...(targetVersion !== undefined && { targetVersion }),
    ...(imageOk && { imageId }),
    dryRun: dryRun === true,
    problems,
  };
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined; // undefined for what JSON cannot write
  return text === undefined ? 'missing' : text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function unknownKey(key: string): string {
  const nearest = KEYS.map((known) => ({ known, distance: editDistance(key.toLowerCase(), known.toLowerCase()) })).sort(
    (a, b) => a.distance - b.distance,
  )[0];
  const hint = nearest && nearest.distance <= 3 ? ` Did you mean "${nearest.known}"?` : '';
  return `"${key.slice(0, 60)}" is no key of a request.${hint} Allowed are ${KEYS.join(', ')}.`;
}

/** Levenshtein distance: insertions, deletions and substitutions from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
