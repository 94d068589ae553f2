import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { ApprovalsSpec } from '../contract/approvals';
import { backupPhase } from './backup';
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

/** The machine `RollingUpgrade`: the phases in their order, each with the way it fails. */
export function rollingUpgrade(steps: Steps, props: Omit<RollingUpgradeProps, 'again'>): IChainable {
  const { backup, tidyBackups: tidy, replaceNode, approvals } = props;
  const take = takeRequest(steps);
  const failure = failurePhase(steps, { ...props, again: take });
  const caught = steps.catching(failure.start);
  const discards = backup.parts.length > 0 && !props.keepFailedParts;
  const discarding = discards ? steps.catching(discardFailed(steps, backup, tidy, failure.start)) : caught;
  const errors = { failed: failure.start, releaseLock: failure.releaseLock, report: failure.report };
  const finish = finishPhase(steps, { ...backup, tidy, errors, approvals, again: take });
  const surge = surgePhase(caught, rollPhase(caught, { replaceNode, approvals, refused: failure.start, again: take }, finish));
  failure.retry.next(surge);
  const prepare = preparePhase(caught, surge);
  const begin = backupPhase({ ...backup, tidy, failed: caught, discarding }, prepare);
  return requestPhase(steps, { take, backup, approvals, refusal: refusal(steps, approvals, take), replaceNode, next: begin });
}
