import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { ApprovalsSpec } from '../contract/approvals';
import type { Announcement } from './announce';
import { backupPhase } from './backup';
import { putUpBanner } from './banner';
import type { BackupParts } from './each-part';
import type { FailureProps } from './failure';
import { failurePhase } from './failure';
import { finishPhase } from './finish';
import { preparePhase } from './prepare';
import { refusal, requestPhase, takeRequest } from './request';
import { rollPhase } from './roll';
import type { Steps } from './steps';
import { surgePhase } from './surge';
import type { TidyMachine } from './tidy-backups';
import { discardFailed } from './tidy-backups';

/** What the machine is made with. */
export interface RollingUpgradeProps extends FailureProps {
  readonly backup: BackupParts;
  readonly tidyBackups: TidyMachine;
  /** Whether the parts of a backup that failed are kept. */
  readonly keepFailedParts: boolean;
  readonly approvals: ApprovalsSpec;
}

const STARTED: Announcement = {
  name: 'Announce the upgrade',
  event: 'started',
  payload: { checks: '$.checks' },
  comment: 'The plan in short, how long it takes, and that apps must not be changed meanwhile.',
};

/** The machine `RollingUpgrade`: the phases in their order, each with the way it fails. */
export function rollingUpgrade(steps: Steps, props: Omit<RollingUpgradeProps, 'again'>): IChainable {
  const { backup, tidyBackups: tidy, replaceNode, approvals, announce } = props;
  const take = takeRequest(steps);
  const failure = failurePhase(steps, { ...props, again: take });
  const caught = steps.catching(failure.start);
  const discards = backup.parts.length > 0 && !props.keepFailedParts;
  const discarding = discards ? steps.catching(discardFailed(steps, backup, tidy, failure.start)) : caught;
  const errors = { failed: failure.start, takeDownBanner: failure.takeDownBanner, report: failure.report };
  const finish = finishPhase(steps, { ...backup, tidy, errors, approvals, again: take });
  const surge = surgePhase(caught, rollPhase(caught, { replaceNode, approvals, announce, refused: failure.start, again: take }, finish));
  failure.retry.next(surge);
  const prepare = preparePhase(caught, surge);
  const banner = putUpBanner(steps, take, backupPhase({ ...backup, tidy, failed: caught, discarding }, prepare));
  const begin = announce(steps, STARTED, banner);
  return requestPhase(steps, { take, backup, approvals, refusal: refusal(steps, approvals, take), replaceNode, next: begin });
}
