/** The Lambda tasks of the workflow. Each name is a folder of `lambda/`, a bundle in `assets/` and a function in the template. */
export const TASKS = [
  'resolve-request',
  'plan-upgrade',
  'check-preconditions',
  'acquire-lock',
  'start-rds-snapshot',
  'await-rds-snapshot',
  'start-ebs-snapshots',
  'await-ebs-snapshots',
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
  'finalize-upgrade',
  'restore-capacity',
  'decide-recovery',
  'ask-operator',
  'plan-recovery',
  'cancel-upgrade-mode',
  'restore-settings',
  'release-lock',
  'report-run',
  'end-run',
] as const;

/** The name of one Lambda task. */
export type TaskName = (typeof TASKS)[number];

/** The tasks that change the cluster: none of them does so before it has seen that its run holds the lock. */
export const ACTING_TASKS = [
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
] as const satisfies readonly TaskName[];
