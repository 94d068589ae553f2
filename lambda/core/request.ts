import type { ValidateFunction } from 'ajv/dist/2020';
import { Ajv2020 } from 'ajv/dist/2020';
import type { Problem } from '../../lib/contract/events';
import type { RequestInput, WindowInput } from '../../lib/contract/request-schema';
import { LATEST_BUGFIX, REQUEST_SCHEMA } from '../../lib/contract/request-schema';
import { EXAMPLE, describe, mistakes, wrongOpening } from './request-words';
import { versionProblem } from './versions';

/** The request as it was written; what was wrong is in `problems`, and absent here. */
export interface ParsedRequest {
  /** A version, or LATEST_BUGFIX. */
  readonly targetVersion?: string;
  readonly imageId?: string;
  readonly dryRun: boolean;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly maintenanceWindow?: WindowInput;
  readonly problems: readonly Problem[];
}

/**
 * Compiled once for each process. `verbose` keeps what was given, for the messages. That the schema is one is tested, not looked at here:
 * it would take most of the start.
 */
const validate: ValidateFunction = new Ajv2020({ allErrors: true, verbose: true, validateSchema: false }).compile(REQUEST_SCHEMA);

const problem = (message: string): Problem => ({ check: 'request', message });

/**
 * Reads an execution's input by its schema: `targetVersion` (default: the configured one), `imageId` (default: what the node images
 * strategy says), `dryRun` (default: false), `overrides` and `maintenanceWindow`
 * (default: none). Finds every mistake at once; never throws.
 */
export function parseRequest(input: unknown, defaultTargetVersion: string): ParsedRequest {
  validate(input);
  const found = mistakes(validate.errors ?? []);
  const problems = found.map(({ message }) => problem(message));
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return { dryRun: false, problems };
  const given = input as RequestInput;
  const isRight = (key: keyof RequestInput): boolean => given[key] !== undefined && !found.some((mistake) => mistake.key === key);

  const imageId = isRight('imageId') ? given.imageId : undefined;
  if (imageId !== undefined && given.targetVersion === LATEST_BUGFIX) {
    problems.push(problem(`targetVersion ${LATEST_BUGFIX} finds its image by itself: leave it out, or leave imageId ${imageId} out.`));
  }
  // An image names its own version; the default is for requests that name neither.
  const fallback = imageId === undefined ? defaultTargetVersion : '';
  const wanted = 'targetVersion' in given ? (isRight('targetVersion') ? given.targetVersion : undefined) : fallback || undefined;
  if (wanted === undefined && !('targetVersion' in given) && !('imageId' in given)) {
    problems.push(problem(`No targetVersion is given, and none is configured as default. Give one, for example ${EXAMPLE}.`));
  }
  // The schema lets through what looks like a version and is none, such as 9.04.1.
  const wrong = wanted === undefined || wanted === LATEST_BUGFIX ? undefined : versionProblem(wanted);
  if (wrong !== undefined) problems.push(problem(`targetVersion ${describe(wanted)}: ${wrong}`));
  const window = isRight('maintenanceWindow') ? given.maintenanceWindow : undefined;
  const isTime = window?.opens === undefined || !Number.isNaN(Date.parse(window.opens));
  if (!isTime) problems.push(problem(wrongOpening(window.opens)));
  const isUsable = wanted !== undefined && wrong === undefined && !(wanted === LATEST_BUGFIX && imageId !== undefined);
  return {
    ...(isUsable && { targetVersion: wanted }),
    ...(imageId !== undefined && { imageId }),
    dryRun: given.dryRun === true,
    ...(isRight('overrides') && given.overrides && { overrides: given.overrides }),
    ...(window && isTime && { maintenanceWindow: window }),
    problems,
  };
}
