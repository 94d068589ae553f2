import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { JsonPath, Parallel, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { TaskName } from '../contract/tasks';
import type { Steps } from './steps';

/** The backup pair: both halves at once, each awaited until it is complete. Nothing of the cluster is changed before. */
export function backupPhase(steps: Steps, onError: IChainable, next: IChainable): IChainable {
  const both = Parallel.jsonPath(steps.scope, 'Back up the database and the shared home', {
    comment: 'One backup pair, under one id.',
    parameters: { plan: JsonPath.objectAt('$.plan') },
    resultPath: '$.backup',
  });
  both.branch(part(steps, 'the database', 'start-rds-snapshot', 'await-rds-snapshot'));
  both.branch(part(steps, 'the shared home', 'start-ebs-snapshots', 'await-ebs-snapshots'));
  both.addCatch(onError, { errors: ['States.ALL'], resultPath: '$.failure' });
  return both.next(next);
}

/** One half: a branch that ends with the complete `BackupPart`. The catch is that of the whole. */
function part(steps: Steps, what: string, start: TaskName, look: TaskName): IChainable {
  const begin = steps.task(`Back up ${what}`, {
    task: start,
    payload: { plan: '$.plan' },
    result: '$.backup',
    comment: 'Finds the snapshot of this run if there is one already.',
  });
  const first = steps.task(`Look at the backup of ${what}`, {
    task: look,
    payload: { plan: '$.plan', backup: '$.backup', since: '$.backup.startedAt' },
    result: '$.look',
    comment: 'Done when it is complete and available.',
  });
  const done = Pass.jsonPath(steps.scope, `The backup of ${what} is complete`, { outputPath: '$.look.backup' });
  begin.next(steps.loop({ first, question: `Is ${what} backed up?`, wait: `Wait for the backup of ${what}`, look: '$.look', then: done }));
  return begin;
}
