import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { ApprovalsSpec } from '../contract/approvals';
import { compareApps, takeDownBanner } from './banner';
import type { BackupParts } from './each-part';
import { observeParts } from './each-part';
import { finalizeGate } from './gates';
import { couldNotReport, WHAT_WAS_DONE } from './report';
import { releaseLock } from './restore';
import type { Steps } from './steps';
import type { TidyMachine } from './tidy-backups';
import { tidyBackups } from './tidy-backups';

/** Where the errors of the last phase lead. */
export interface FinishErrors {
  /** Until the upgrade is final. */
  readonly failed: IChainable;
  /** Once it is final, capacity is as it was: what is left is to take down the banner, to release the lock and to tell. */
  readonly takeDownBanner: IChainable;
  /** Once the lock was tried as well. */
  readonly report: IChainable;
}

/** What the phase is made with. */
export interface FinishProps extends BackupParts {
  readonly errors: FinishErrors;
  readonly tidy: TidyMachine;
  readonly approvals: ApprovalsSpec;
  /** Where the run begins anew when it does not hold the lock any more. */
  readonly again: IChainable;
}

/** From the last replaced node to a final upgrade, settings as they were, and the report. */
export function finishPhase(steps: Steps, props: FinishProps): IChainable {
  const { errors, approvals, again } = props;
  const failed = steps.catching(errors.failed);
  const final = finalize(failed, close(steps, props));
  // Whoever was asked may have taken days.
  return verify(failed, (verified) =>
    compareApps(steps, finalizeGate(steps, approvals, { passed: final, approved: verified, refused: errors.failed, again })),
  );
}

/** @param next what comes when the cluster is whole; it is told where to verify it again */
function verify(steps: Steps, next: (verified: IChainable) => IChainable): IChainable {
  const step = {
    task: 'verify-cluster',
    result: '$.verified',
    comment: 'Every node on the target version, good, seen by all others; none of the original version is left.',
  } as const;
  const first = steps.task('Verify the upgraded cluster', { ...step, payload: { plan: '$.plan' } });
  return steps.loop({
    first,
    question: 'Is the upgraded cluster whole?',
    wait: 'Wait for the upgraded cluster',
    again: steps.task('Look at the upgraded cluster', { ...step, payload: { plan: '$.plan', since: '$.verified.since' } }),
    look: '$.verified',
    then: next(first),
  });
}

function finalize(steps: Steps, next: IChainable): IChainable {
  return steps.repeat({
    function: 'finalize-upgrade',
    payload: { plan: '$.plan' },
    look: '$.finalized',
    first: 'Finalize the upgrade',
    again: 'Look at the finalized upgrade',
    question: 'Is the upgrade final?',
    wait: 'Wait for the upgrade to be final',
    comment: 'From here on there is no way back but the backup pair.',
    commentAgain: 'Done when the cluster is stable on the target version with upgrade mode off.',
    then: next,
  });
}

function close(steps: Steps, props: FinishProps): IChainable {
  const { errors } = props;
  const restore = steps.catching(errors.takeDownBanner).task("Restore the group's settings", {
    task: 'restore-settings',
    payload: { plan: '$.plan', made: 'upgraded', finalized: true },
    result: '$.settings',
    comment: 'Sizes and scaling processes as they were; the record is removed.',
  });
  const banner = takeDownBanner(steps.catching(errors.takeDownBanner), 'Take down the banner', '$.plan', 'upgraded', '$.finalized');
  const release = releaseLock(steps.catching(errors.report), "Release the cluster's lock");
  const report = couldNotReport(steps).task('Report the upgrade', {
    task: 'report-run',
    payload: {
      outcome: 'SUCCEEDED',
      ...WHAT_WAS_DONE,
      tidy: '$.tidy',
    },
    comment: 'What was done, how long each node took, and the backup with the steps that restore it.',
  });
  report.next(new Succeed(steps.scope, 'Upgrade complete'));
  restore.next(banner);
  banner.next(release);
  release.next(keep(steps.catching(report, '$.tidyFailure'), props, report));
  return restore;
}

/** Deletion is after success only. An error is a warning of the report: the upgrade itself is done. */
function keep(steps: Steps, props: FinishProps, next: IChainable): IChainable {
  if (props.parts.length === 0) return next;
  const look = observeParts(steps, props, {
    all: 'Look at the backups that are kept',
    one: (title) => `Look at the backups of ${title}`,
    comment: 'By exact tags, of this cluster only.',
    result: '$.observations',
  });
  const choose = steps.task('Choose the backups that may go', {
    task: 'choose-expired-backups',
    payload: { plan: '$.plan', observations: '$.observations' },
    result: '$.tidy',
    comment: 'None unless a retention was asked for; that of this run is marked as that of a finished upgrade.',
  });
  const tidy = tidyBackups(steps, 'Tidy the backups', props.tidy, {
    comment: 'What was chosen is marked and deleted.',
    input: { clusterName: props.clusterName, mark: '$.tidy.mark', discard: '$.tidy.discard' },
  });
  return look.next(choose).next(tidy).next(next);
}
