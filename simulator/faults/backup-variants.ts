import type { Variant } from './variants';

export const AWS_BACKUP: Variant = {
  capacity: 'surge',
  failurePolicy: 'go-forward',
  backup: { method: 'aws-backup', sharedHome: 'efs', retention: { keepLast: 1 }, earlierBackups: 2 },
};

/** The kinds of backup that the campaign has beside the default one. */
export const BACKUP_VARIANTS: readonly Variant[] = [
  {
    capacity: 'surge',
    failurePolicy: 'roll-back',
    backup: { database: 'aurora', sharedHome: 'ebs-tag', mesh: 1, mirrors: 1, freeze: true },
  },
  {
    capacity: 'within-capacity',
    failurePolicy: 'hold',
    backup: { sharedHome: 'ebs-instance', retention: { keepLast: 1 }, earlierBackups: 2, foreignSnapshots: 8 },
  },
  AWS_BACKUP,
];
