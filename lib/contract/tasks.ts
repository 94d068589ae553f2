/** The Lambda tasks that every deployment has. Each name is a folder of `lambda/`, a bundle in `assets/` and a function in the template. */
export const TASKS = [
  'resolve-request',
  'plan-upgrade',
  'check-cluster',
  'check-group',
  'check-account',
  'judge-checks',
  'acquire-lock',
  'judge-readiness',
  'judge-skew',
  'choose-expired-backups',
  'put-up-banner',
  'hold-group',
  'enable-upgrade-mode',
  'point-at-image',
  'add-surge',
  'choose-node',
  'stand-by',
  'await-drained',
  'await-replacement',
  'bake-node',
  'retire-node',
  'verify-cluster',
  'compare-apps',
  'finalize-upgrade',
  'restore-capacity',
  'decide-recovery',
  'ask-operator',
  'announce',
  'plan-recovery',
  'cancel-upgrade-mode',
  'restore-settings',
  'take-down-banner',
  'release-lock',
  'report-run',
  'end-run',
] as const;

/** The Lambda tasks of approvals: only where a gate is configured. */
export const APPROVAL_TASKS = ['ask-approval', 'judge-approval'] as const;

/**
 * The Lambda tasks of the backup's own strategies, four for each way to make a part: what is there (`observe`), begin (`start`), how far
 * (`await`), mark and delete (`tidy`). Only those of the strategies in use are deployed; a strategy may bring others of its own.
 */
export const BACKUP_TASKS = [
  'observe-rds-snapshots',
  'start-rds-snapshot',
  'await-rds-snapshot',
  'tidy-rds-snapshots',
  'observe-ebs-snapshots',
  'start-ebs-snapshots',
  'await-ebs-snapshots',
  'tidy-ebs-snapshots',
  'observe-aws-backup',
  'start-aws-backup',
  'await-aws-backup',
  'tidy-aws-backup',
] as const;

/** The name of one Lambda task of the workflow itself. */
export type TaskName = (typeof TASKS)[number] | (typeof APPROVAL_TASKS)[number];

/** The tasks that change the cluster: none of them does so before it has seen that its run holds the lock. */
export const ACTING_TASKS = [
  'put-up-banner',
  'hold-group',
  'enable-upgrade-mode',
  'point-at-image',
  'add-surge',
  'stand-by',
  'retire-node',
  'finalize-upgrade',
  'restore-capacity',
  'cancel-upgrade-mode',
  'restore-settings',
  'take-down-banner',
] as const satisfies readonly TaskName[];

/** The name of one Lambda task of a way to back up. */
export type BackupTaskName = (typeof BACKUP_TASKS)[number];
