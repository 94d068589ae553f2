import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, IntegrationPattern, JsonPath, Pass, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { BackupPartConfig } from '../backup-part';
import type { BackupParts } from './each-part';
import { eachPart, partRef } from './each-part';
import { START_RETRY } from './retries';
import type { Steps } from './steps';

/** The machine `TidyBackups`; none when nothing is backed up. */
export type TidyMachine = IStateMachine | undefined;

/**
 * The machine `TidyBackups`: input `{plan, clusterName, mark, discard}`. All parts at once; it catches nothing: an error ends the nested execution, and the
 * main one decides what to do about it.
 */
export function tidyAllParts(steps: Steps, { parts }: BackupParts): IChainable {
  return eachPart(steps, 'Tidy all parts', parts, {
    comment: 'Exactly the backups of this cluster with the ids that are given: some are marked, some deleted.',
    fields: ['clusterName', 'mark', 'discard'],
    branch: tidyPart,
  });
}

function tidyPart(steps: Steps, part: BackupPartConfig): IChainable {
  const { title } = part;
  return steps.repeat({
    function: part.tasks.tidy,
    payload: { part: partRef(part), clusterName: '$.clusterName', mark: '$.mark', discard: '$.discard' },
    look: '$.tidied',
    first: `Tidy the backups of ${title}`,
    again: `Tidy the backups of ${title} again`,
    question: `Are the backups of ${title} tidy?`,
    wait: `Wait to tidy the backups of ${title}`,
    comment: 'By exact tags, never by the prefix of a name.',
    commentAgain: 'What could not be deleted yet.',
    then: Pass.jsonPath(steps.scope, `The backups of ${title} are tidy`, { outputPath: '$.tidied' }),
  });
}

/** What a nested execution of `TidyBackups` is told: paths, or constants. */
export interface TidyStep {
  readonly comment: string;
  readonly input: { readonly clusterName: string; readonly mark: unknown; readonly discard: unknown };
}

/** A nested execution of `TidyBackups`, awaited. Its looks do not add to this history. */
export function tidyBackups(steps: Steps, name: string, machine: TidyMachine, { comment, input }: TidyStep): StepFunctionsStartExecution {
  if (!machine) throw new Error(`'${name}' needs the machine TidyBackups`);
  const path = (value: unknown): unknown => (typeof value === 'string' && value.startsWith('$.') ? JsonPath.objectAt(value) : value);
  const state = StepFunctionsStartExecution.jsonPath(steps.scope, name, {
    comment,
    stateMachine: machine,
    integrationPattern: IntegrationPattern.RUN_JOB,
    associateWithParent: true,
    input: TaskInput.fromObject({
      plan: JsonPath.objectAt('$.plan'),
      clusterName: input.clusterName,
      mark: path(input.mark),
      discard: path(input.discard),
    }),
    resultPath: JsonPath.DISCARD,
  });
  state.addRetry(START_RETRY);
  steps.catch(state);
  return state;
}

/** A list of one id, for `discard`. https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-arrays */
export function only(path: string): unknown {
  return JsonPath.array(JsonPath.stringAt(path));
}

/**
 * What leads from a failed backup to the failure phase: its parts are deleted first, but never those of an earlier run, whose nodes may be upgraded:
 * there is no other way back for them. An error of the deletion is kept at `$.tidyFailure`, and tells nothing of the failure itself.
 */
export function discardFailed(steps: Steps, { clusterName }: BackupParts, machine: TidyMachine, next: IChainable): IChainable {
  const discard = tidyBackups(steps.catching(next, '$.tidyFailure'), 'Discard the failed backup', machine, {
    comment: 'Its parts are no way back. Nothing else was changed.',
    input: { clusterName, mark: [], discard: only('$.plan.backupId') },
  });
  discard.next(next);
  return Choice.jsonPath(steps.scope, 'Did this run begin the backup?')
    .when(Condition.and(Condition.isPresent('$.plan.reusesBackup'), Condition.booleanEquals('$.plan.reusesBackup', true)), next)
    .otherwise(discard);
}
