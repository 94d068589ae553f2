/**
 * The error names of the workflow: what handlers throw (as the error's `name`) and what `Retry` and `Catch` name.
 * A name that is not in this file is terminal.
 */

/** The call may work a moment later; nothing was decided. The same task is tried again. */
export const RETRYABLE_ERRORS = [
  'AwsThrottled', // an AWS API said that it was called too often
  'AwsUnavailable', // an AWS API answered 5xx, or the connection failed
  'BitbucketUnavailable', // Bitbucket answered 5xx, or the connection failed, or timed out
  'ReplacementStopping', // a nested execution of a run that was ended has not stopped yet
] as const;

/** Trying again cannot help: somebody has to look, or the workflow has to turn back. */
export const TERMINAL_ERRORS = [
  'RequestRefused', // the request or the cluster's state does not allow this upgrade; nothing was changed
  'AnotherRunActive', // another execution holds this cluster's lock; nothing was changed
  'LockLost', // this run does not hold the lock (any more): what it found and planned is not true any more
  'ConfigurationInvalid', // an environment variable of a function is missing or malformed
  'AccessDenied', // an IAM policy does not allow a call
  'CredentialsRefused', // Bitbucket answered 401: never retried, since failed logins lock the account
  'PermissionMissing', // Bitbucket answered 403: no system administrator, or not a cluster
  'AwsRejected', // an AWS API refused a call for another reason
  'BackupFailed', // a part of the backup pair failed or took too long
  'UpgradeModeRefused', // Bitbucket did not enter the expected upgrade state
  'NodeNotDrained', // the old node could not be taken out of the load balancers
  'ReplacementFailed', // the replacement did not become good in time: a fresh instance may
  'WrongVersion', // the replacement runs another version than the plan's: its image, or a version file on the shared home, is wrong
  'BakeFailed', // an alarm went off, or the new node stopped being good, while it was watched
  'ClusterUnexpected', // the cluster is not as the plan needs it
  'FinalizeFailed', // finalization failed or took too long
  'ApprovalRejected', // a person refused the plan, the first node, or finalizing
  'ApprovalMissing', // nobody answered in time whether the run may go on, or nobody could be asked
  'WindowClosing', // no further node would be good before the end of the maintenance window: the run stops until the next one
  'RestoreFailed', // capacity or settings could not be put back
] as const;

export type RetryableErrorName = (typeof RETRYABLE_ERRORS)[number];
export type TerminalErrorName = (typeof TERMINAL_ERRORS)[number];
export type ErrorName = RetryableErrorName | TerminalErrorName;
