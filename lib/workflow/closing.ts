import type { IChainable, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { takeDownBanner } from './banner';
import { failed, failingReport, WHAT_WAS_DONE } from './report';
import { releaseLock, restoreSettings } from './restore';
import type { Steps } from './steps';

/** The last steps of a run that did not succeed. */
export interface Closing {
  readonly settings: TaskStateBase;
  readonly banner: TaskStateBase;
  readonly report: IChainable;
}

/**
 * Settings, banner, lock, report: an error of one of these steps is kept at `$.restoreFailure`, and what can still be put back is. `$.end` says
 * how the run ends, and `again` where it begins anew when it is redriven, or does not hold the lock any more. Unless it was rolled back, upgrade mode may be on: the record stays, whatever the nodes are.
 */
export function closing(steps: Steps, again: IChainable): Closing {
  const report = failingReport(steps, {
    name: 'Report the failure',
    unreported: 'Upgrade failed, but not reported',
    payload: {
      outcome: '$.end.outcome',
      ...WHAT_WAS_DONE,
      made: '$.capacity.made',
      held: '$.capacity.held',
      finalized: '$.finalized',
      reason: '$.decision.reason',
      failure: '$.failure',
      restoreFailure: '$.restoreFailure',
    },
    comment: 'What happened, what was put back, and what to do.',
    told: 'The failure is told',
    first: (told) => unlessHeld(steps, told),
    ends: Choice.jsonPath(steps.scope, 'How did the run end?')
      .when(Condition.stringEquals('$.outcome', 'ROLLED_BACK'), failed(steps, 'Upgrade rolled back', again))
      .otherwise(failed(steps, 'Upgrade failed', again)),
  });
  const release = releaseLock(steps.catching(report, '$.restoreFailure'), 'Release the lock after the failure');
  const banner = takeDownBanner(
    steps.catching(release, '$.restoreFailure', again),
    'Take down the banner after the failure',
    '$.plan',
    '$.end.made',
    '$.finalized',
  );
  const settings = restoreSettings(
    steps.catching(banner, '$.restoreFailure', again),
    "Restore the group's settings after the failure",
    '$.end.made',
  );
  settings.next(banner);
  banner.next(release);
  release.next(report);
  return { settings, banner, report };
}

/**
 * A run that stopped because its maintenance window ends did what was planned: its execution succeeds, with the report as its output. So
 * nobody is woken, and no recovery is started. The report of any other end has an error.
 */
function unlessHeld(steps: Steps, failure: IChainable): IChainable {
  const planned = Condition.and(Condition.stringEquals('$.outcome', 'HELD'), Condition.stringEquals('$.error', ''));
  return Choice.jsonPath(steps.scope, 'Does the run wait for the next window?')
    .when(planned, new Succeed(steps.scope, 'Held until the next window'))
    .otherwise(failure);
}
