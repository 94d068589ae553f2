import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { couldNotReport } from './report';
import type { Steps } from './steps';

/** Where the errors of the last phase lead. */
export interface FinishErrors {
  /** Until the upgrade is final. */
  readonly failed: IChainable;
  /** Once it is final, capacity is as it was: what is left is to release the lock and to tell. */
  readonly releaseLock: IChainable;
  /** Once the lock was tried as well. */
  readonly report: IChainable;
}

/** From the last replaced node to a final upgrade, settings as they were, and the report. */
export function finishPhase(steps: Steps, errors: FinishErrors): IChainable {
  return verify(steps.catching(errors.failed), finalize(steps.catching(errors.failed), close(steps, errors)));
}

function verify(steps: Steps, next: IChainable): IChainable {
  const step = {
    task: 'verify-cluster',
    result: '$.verified',
    comment: 'Every node on the target version, good, seen by all others; none of the original version is left.',
  } as const;
  return steps.loop({
    first: steps.task('Verify the upgraded cluster', { ...step, payload: { plan: '$.plan' } }),
    question: 'Is the upgraded cluster whole?',
    wait: 'Wait for the upgraded cluster',
    again: steps.task('Look at the upgraded cluster', { ...step, payload: { plan: '$.plan', since: '$.verified.since' } }),
    look: '$.verified',
    then: next,
  });
}

function finalize(steps: Steps, next: IChainable): IChainable {
  const step = { task: 'finalize-upgrade', result: '$.finalized' } as const;
  return steps.loop({
    first: steps.task('Finalize the upgrade', {
      ...step,
      payload: { plan: '$.plan' },
      comment: 'From here on there is no way back but the backup pair.',
    }),
    question: 'Is the upgrade final?',
    wait: 'Wait for the upgrade to be final',
    again: steps.task('Look at the finalized upgrade', {
      ...step,
      payload: { plan: '$.plan', since: '$.finalized.since' },
      comment: 'Done when the cluster is stable on the target version with upgrade mode off.',
    }),
    look: '$.finalized',
    then: next,
  });
}

function close(steps: Steps, errors: FinishErrors): IChainable {
  const restore = steps.catching(errors.releaseLock).task("Restore the group's settings", {
    task: 'restore-settings',
    payload: { plan: '$.plan', made: 'upgraded', finalized: true },
    result: '$.settings',
    comment: 'Sizes and scaling processes as they were; the record is removed.',
  });
  const release = steps.catching(errors.report).task("Release the cluster's lock", {
    task: 'release-lock',
    payload: { plan: '$.plan' },
    result: '$.released',
    comment: 'Only if this run holds it.',
  });
  const report = couldNotReport(steps).task('Report the upgrade', {
    task: 'report-run',
    payload: {
      outcome: 'SUCCEEDED',
      run: '$.run',
      request: '$.request',
      plan: '$.plan',
      checks: '$.checks',
      backup: '$.backup',
      rolled: '$.rolled',
    },
    comment: 'What was done, how long each node took, and the backup pair.',
  });
  return restore.next(release).next(report).next(new Succeed(steps.scope, 'Upgrade complete'));
}
