import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { JsonPath, Parallel } from 'aws-cdk-lib/aws-stepfunctions';
import type { BackupPartConfig } from '../backup-part';
import type { Steps } from './steps';

/** The parts of the backup, as the workflow knows them: it makes the same states for each and knows nothing of kinds. */
export interface BackupParts {
  readonly parts: readonly BackupPartConfig[];
  /** Name of the Auto Scaling group: whose backups they are. */
  readonly clusterName: string;
}

/** A state with a branch for each part. */
export interface EachPart {
  readonly comment: string;
  /** Fields of the state that the branches need. */
  readonly fields: readonly string[];
  /** Where the results go, in the order of the parts; without it they are dropped. */
  readonly result?: string;
  /** The states of one part; an error of any ends all. */
  readonly branch: (steps: Steps, part: BackupPartConfig, index: number) => IChainable;
}

/** All parts at once. */
export function eachPart(
  steps: Steps,
  name: string,
  parts: readonly BackupPartConfig[],
  { comment, fields, result, branch }: EachPart,
): Parallel {
  const state = Parallel.jsonPath(steps.scope, name, {
    comment,
    parameters: Object.fromEntries(fields.map((field) => [field, JsonPath.objectAt(`$.${field}`)])),
    resultPath: result ?? JsonPath.DISCARD,
  });
  const inside = steps.catchingNothing();
  for (const [index, part] of parts.entries()) state.branch(branch(inside, part, index));
  steps.catch(state);
  return state;
}

/** What a function is told of its part: `part` in every payload. */
export function partRef({ name, title, specification }: BackupPartConfig): object {
  return { name, title, specification: specification as unknown };
}

/** Looks at every part: the results are `PartObservation`s. */
export function observeParts(
  steps: Steps,
  { parts, clusterName }: BackupParts,
  names: { readonly all: string; readonly one: (title: string) => string; readonly comment: string; readonly result: string },
): Parallel {
  return eachPart(steps, names.all, parts, {
    comment: names.comment,
    fields: [],
    result: names.result,
    branch: (inside, part) =>
      inside.call(names.one(part.title), {
        function: part.tasks.observe,
        payload: { part: partRef(part), clusterName },
        comment: 'The source, and the backups of it that this cluster has. Nothing is changed.',
      }),
  });
}
