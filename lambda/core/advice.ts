import { isPaused, pausedSteps } from './paused';
import type { ReportGround } from './report';

/** What to do about an error, where its own message does not say so. */
const REMEDIES: Readonly<Record<string, string>> = {
  AccessDenied: 'Allow the named call, or deploy the stack again if a policy was edited by hand.',
  AwsThrottled: 'AWS was called too often for too long: look at what else calls it in this account, then start again.',
  AwsUnavailable: 'AWS did not answer for too long: look at the AWS Health Dashboard, then start again.',
  BitbucketUnavailable:
    'Bitbucket did not answer for too long: look at the nodes and at the security groups between the functions and Bitbucket.',
  BackupFailed:
    'What the run had made of its backup is deleted, unless it is configured to be kept or a warning says that it could not be.',
  ApprovalRejected: 'Settle with whoever rejected it what has to be different.',
  ApprovalMissing: 'See that somebody who may answer reads the topic, or give them more time.',
  'States.Timeout': 'The execution took longer than its time-out, which can be configured.',
};

const UNRELEASED = 'The lock of the cluster could not be released: the recovery that starts now does so, or the next start takes it over.';

const UNRESTORED = 'Put back by hand what is named as not restored.';

/** What the report found out already. */
interface Found {
  /** The failure came after the point of no return. */
  readonly isFinal: boolean;
  /** Something could not be put back. */
  readonly isUnrestored: boolean;
}

/** What a person should do after the run, in order. */
export function nextSteps(ground: ReportGround, error: string | undefined, found: Found): readonly string[] {
  const { outcome, plan, made, noBackupBecause, request } = ground;
  const remedy = error === undefined ? undefined : REMEDIES[error];
  const overrides = Object.keys(request?.overrides ?? {}).length > 0 ? `, "overrides": ${JSON.stringify(request?.overrides)}` : '';
  const again = `start an execution with {"targetVersion": "${plan?.toVersion || '...'}"${overrides}}`;
  switch (outcome) {
    case 'SUCCEEDED':
      return [
        'Update the apps (Administration > Manage apps) and test; mirrors and Mesh nodes are upgraded apart from this.',
        noBackupBecause
          ? 'There is no way back to the version before: no backup was made.'
          : `There is no way back to the version before except the backup ${plan?.backupId ?? ''}: keep it, and restore all of its parts or none.`,
      ];
    case 'DRY_RUN':
      return plan?.action === 'nothing' ? [] : [`To do it, ${again}.`];
    case 'REFUSED':
      return [
        ...(remedy === undefined ? [] : [remedy]),
        ...(found.isUnrestored ? [UNRELEASED] : []),
        'Nothing was changed. Correct the above, then start again.',
      ];
    case 'NOTHING_TO_DO':
      return [];
    case 'ROLLED_BACK':
      return [
        ...(remedy === undefined ? [] : [remedy]),
        ...(found.isUnrestored ? [UNRESTORED] : []),
        `Remove the cause, then ${again}: it uses the same backup while that is young enough, and makes a new one otherwise.`,
      ];
    case 'HELD':
      if (isPaused(ground)) return pausedSteps(ground, again);
      return [
        ...(remedy === undefined ? [] : [remedy]),
        `To go on: remove the cause, then ${again}: it continues from here. Any other target is refused until then.`,
        `To go back to ${plan?.fromVersion ?? 'the version before'}: start it likewise; when it fails again it rolls back by the policy, or holds and takes the answer roll-back.`,
        'Until then install no apps, and do not turn upgrade mode off by hand.',
      ];
    case 'RECOVERED':
      return [
        ...(found.isUnrestored ? [UNRESTORED] : []),
        made === 'original'
          ? `To upgrade, ${again}.`
          : `To finish the upgrade, ${again}: it goes on from here. Until then install no apps.`,
      ];
    case 'FAILED':
      return [
        ...(remedy === undefined ? [] : [remedy]),
        ...(found.isUnrestored ? [UNRESTORED] : []),
        found.isFinal
          ? `Put the settings of the group back: ${again}, which finds every node upgraded and restores what is recorded on the group.`
          : made === 'original'
            ? `Remove the cause, then ${again}.`
            : `Remove the cause, then ${again}: it goes on from here. Until then install no apps, and do not turn upgrade mode off by hand.`,
      ];
  }
}
