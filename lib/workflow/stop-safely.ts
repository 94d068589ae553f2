import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import { reportAndFail } from './report';
import type { Steps } from './steps';

/** The ways into the phase. */
export interface StopSafely {
  /** For any error after the lock was taken: `$.failure` says which. */
  readonly start: IChainable;
  /** For an error once nothing but the lock is left to put back. */
  readonly releaseLock: IChainable;
  /** For an error once nothing is left to put back. */
  readonly report: IChainable;
}

/**
 * After a failure: nothing more is replaced, capacity and settings are put back, upgrade mode is turned off where that is legal, and the
 * run fails with what happened and what to do. An error of one of these steps is kept at `$.restoreFailure`, and what can still be
 * put back is.
 */
export function stopSafely(steps: Steps): StopSafely {
  const report = reportAndFail(
    steps,
    { report: 'Report the failure', fail: 'Upgrade failed', unreported: 'Upgrade failed, but not reported' },
    'FAILED',
    {
      run: '$.run',
      request: '$.request',
      plan: '$.plan',
      checks: '$.checks',
      backup: '$.backup',
      rolled: '$.rolled',
      made: '$.capacity.made',
      finalized: '$.finalized',
      failure: '$.failure',
      restoreFailure: '$.restoreFailure',
    },
    'What happened, what was put back, and what to do.',
  );
  const release = keeping(steps, report).task('Release the lock after the failure', {
    task: 'release-lock',
    payload: { plan: '$.plan' },
    result: '$.released',
    comment: 'Only if this run holds it.',
  });
  release.next(report);
  const settings = keeping(steps, release).task("Restore the group's settings after the failure", {
    task: 'restore-settings',
    payload: { plan: '$.plan', made: '$.capacity.made', finalized: false },
    result: '$.settings',
    comment: 'Sizes and scaling processes as they were. What a next run needs to continue stays recorded.',
  });
  settings.next(release);
  return { start: capacity(steps, backToOriginal(steps, settings), settings), releaseLock: release, report };
}

/** Steps of which an error is kept, and the next thing that can still be put back is tried. */
function keeping(steps: Steps, next: IChainable): Steps {
  return steps.catching(next, '$.restoreFailure');
}

function capacity(steps: Steps, original: IChainable, settings: IChainable): IChainable {
  const step = { task: 'restore-capacity', result: '$.capacity' } as const;
  const made = Choice.jsonPath(steps.scope, 'What is the cluster made of?')
    .when(Condition.stringEquals('$.capacity.made', 'original'), original)
    .otherwise(settings);
  // Without capacity nobody knows what the cluster is made of: it stays as it is.
  const kept = keeping(steps, settings);
  return steps.loop({
    first: kept.task('Restore capacity', {
      ...step,
      payload: { plan: '$.plan' },
      comment: 'An old node in Standby returns to service; what did not become good goes. One step a look.',
    }),
    question: 'Is capacity restored?',
    wait: 'Wait for capacity',
    again: kept.task('Look at the restored capacity', {
      ...step,
      payload: { plan: '$.plan', since: '$.capacity.since' },
      comment: 'The next step, if there is one.',
    }),
    look: '$.capacity',
    then: made,
  });
}

/**
 * Only original nodes serve: the run is undone. While the group would still launch the target version, upgrade mode stays on: so an error
 * of the first step skips the second.
 */
function backToOriginal(steps: Steps, settings: IChainable): IChainable {
  const staysOn = steps.shape('Upgrade mode stays on', { made: 'mixed' }, '$.capacity'); // so what a next run needs stays recorded
  staysOn.next(settings);
  const kept = keeping(steps, staysOn);
  const step = { task: 'cancel-upgrade-mode', result: '$.cancelled' } as const;
  const cancel = steps.loop({
    first: kept.task('Turn off upgrade mode', {
      ...step,
      payload: { plan: '$.plan' },
      comment: 'Legal while only original nodes are in the cluster.',
    }),
    question: 'Is upgrade mode off?',
    wait: 'Wait until upgrade mode is off',
    again: kept.task('Look whether upgrade mode is off', {
      ...step,
      payload: { plan: '$.plan', since: '$.cancelled.since' },
      comment: 'Done when the cluster is stable.',
    }),
    look: '$.cancelled',
    then: settings,
  });
  return kept
    .task('Point the group back at the original image', {
      task: 'point-at-image',
      payload: { plan: '$.plan', image: 'original' },
      result: '$.image',
      comment: 'Nothing happens if the group never pointed elsewhere.',
    })
    .next(cancel);
}
