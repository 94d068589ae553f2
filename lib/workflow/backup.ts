import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { BackupPartConfig } from '../backup-part';
import type { BackupParts } from './each-part';
import { eachPart, observeParts, partRef } from './each-part';
import type { Steps } from './steps';
import type { TidyMachine } from './tidy-backups';
import { tidyBackups } from './tidy-backups';

/** What the phase is made with. */
export interface BackupPhaseProps extends BackupParts {
  readonly tidy: TidyMachine;
  /** Where an error leads before anything was begun. */
  readonly failed: Steps;
  /** Where an error leads from there on. */
  readonly discarding: Steps;
}

/**
 * The backup: what an earlier run left unfinished goes, all parts are begun at once and awaited until each is complete and verified. Nothing of
 * the cluster is changed before.
 */
export function backupPhase(props: BackupPhaseProps, next: IChainable): IChainable {
  if (props.parts.length === 0) return next;
  return unfinished(props, readiness(props, begin(props, complete(props, next))));
}

/** What an earlier run left goes first: a pair is never mixed of two runs. */
function unfinished({ failed, tidy, clusterName }: BackupPhaseProps, next: IChainable): IChainable {
  const discard = tidyBackups(failed, 'Discard what was left unfinished', tidy, {
    comment: 'Backups of this cluster that will never be complete.',
    input: { clusterName, mark: [], discard: '$.plan.unfinishedBackups' },
  });
  discard.next(next);
  return Choice.jsonPath(failed.scope, 'Is a backup left unfinished?')
    .when(Condition.isPresent('$.plan.unfinishedBackups[0]'), discard)
    .otherwise(next);
}

/** All parts are begun together or not at all: none while the source of another is busy. */
function readiness(props: BackupPhaseProps, next: IChainable): IChainable {
  const { failed: steps } = props;
  const comment = 'A source that is busy (a snapshot of it is under way) is awaited.';
  const observe = observeParts(steps, props, {
    all: 'Can the backup begin?',
    one: (title) => `Look whether ${title} is ready`,
    comment,
    result: '$.sources',
  });
  const observeAgain = observeParts(steps, props, {
    all: 'Can the backup begin now?',
    one: (title) => `Look again whether ${title} is ready`,
    comment,
    result: '$.sources',
  });
  const step = { task: 'judge-readiness', result: '$.ready', comment: 'Within the limit for the begin of a backup.' } as const;
  const payload = { plan: '$.plan', observations: '$.sources' };
  const judge = steps.task('Judge whether all is ready', { ...step, payload });
  const judgeAgain = steps.task('Judge again whether all is ready', { ...step, payload: { ...payload, since: '$.ready.since' } });
  const wait = steps.wait('Wait until all is ready', '$.ready');
  const ready = Choice.jsonPath(steps.scope, 'Is all ready?').when(Condition.stringEquals('$.ready.verdict', 'done'), next).otherwise(wait);
  observe.next(judge).next(ready);
  wait.next(observeAgain).next(judgeAgain).next(ready);
  return observe;
}

function begin({ discarding: steps, parts }: BackupPhaseProps, next: IChainable): IChainable {
  const all = eachPart(steps, 'Begin the backup', parts, {
    comment: 'All parts at the same moment, under one id.',
    fields: ['plan'],
    result: '$.backup',
    branch: beginPart,
  });
  const skew = steps.task('Were all parts begun together?', {
    task: 'judge-skew',
    payload: { plan: '$.plan', backup: '$.backup' },
    result: '$.skew',
    comment: 'From the moment of the first part to that of the last.',
  });
  return all.next(skew).next(next);
}

/** A branch that ends with the `BackupPart`. */
function beginPart(steps: Steps, part: BackupPartConfig): IChainable {
  const { title } = part;
  return steps.repeat({
    function: part.tasks.start,
    payload: { part: partRef(part), plan: '$.plan' },
    look: '$.begun',
    first: `Begin the backup of ${title}`,
    again: `Try again to begin the backup of ${title}`,
    question: `Has the backup of ${title} begun?`,
    wait: `Wait to begin the backup of ${title}`,
    comment: 'Finds what this run, or the one that it continues, has begun.',
    then: Pass.jsonPath(steps.scope, `The backup of ${title} has begun`, { outputPath: '$.begun.backup' }),
  });
}

function complete({ discarding: steps, parts }: BackupPhaseProps, next: IChainable): IChainable {
  const all = eachPart(steps, 'Await the backup', parts, {
    comment: 'Until every part is complete and verified.',
    fields: ['plan', 'backup'],
    result: '$.backup',
    branch: awaitPart,
  });
  return all.next(next);
}

/** A branch that ends with the complete `BackupPart`. */
function awaitPart(steps: Steps, part: BackupPartConfig, index: number): IChainable {
  const { title } = part;
  const take = steps.pick(`Take the backup of ${title}`, `$.backup[${index}]`, '$.backup');
  const look = steps.call(`Look at the backup of ${title}`, {
    function: part.tasks.look,
    payload: { part: partRef(part), plan: '$.plan', backup: '$.backup', since: '$.backup.startedAt' },
    result: '$.look',
    comment: 'Done when it is available, encrypted like its source, tagged, and of a plausible size.',
  });
  const done = Pass.jsonPath(steps.scope, `The backup of ${title} is complete`, { outputPath: '$.look.backup' });
  return take.next(
    steps.loop({ first: look, question: `Is ${title} backed up?`, wait: `Wait for the backup of ${title}`, look: '$.look', then: done }),
  );
}
