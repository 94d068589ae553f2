/** What the restore of a DB instance and of a DB cluster have in common. */
import { aws, quote } from './shell';

/** Settings that a restore does not take over, and both have. */
export interface Aftercare {
  readonly backupRetentionPeriod: number;
  readonly preferredBackupWindow: string;
  readonly preferredMaintenanceWindow: string;
}

/** Settings of an instance's observation. */
export interface Insight {
  /** Seconds between two figures of Enhanced Monitoring; 0 for none. */
  readonly monitoringInterval: number;
  readonly monitoringRoleArn: string;
  readonly performanceInsights: boolean;
  readonly performanceInsightsKmsKeyId: string;
  /** Days. */
  readonly performanceInsightsRetention: number;
}

/** Longest identifier of a DB instance or cluster. */
const LONGEST = 63;
const SUFFIX = '-before-restore';

/** The identifier that the old database gets, so that its own becomes free. */
export const oldName = (id: string): string => `${id.slice(0, LONGEST - SUFFIX.length).replace(/-+$/, '')}${SUFFIX}`;

/**
 * Waits until something is available. Under its new name it is not known at first, and the waiter gives up then:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RenameInstance.html
 */
export const untilAvailable = (kind: 'db-instance' | 'db-cluster', id: string): string =>
  `until aws rds wait ${kind}-available --${kind}-identifier ${quote(id)}; do sleep 15; done`;

/** Renames a DB instance, so that its identifier, and with it the endpoint's name, becomes free. */
export const renameInstance = (id: string): string =>
  aws('rds', 'modify-db-instance', { 'db-instance-identifier': id, 'new-db-instance-identifier': oldName(id), 'apply-immediately': true });

/** Options of {@link Aftercare}. */
export const aftercare = ({ backupRetentionPeriod, preferredBackupWindow, preferredMaintenanceWindow }: Aftercare) => ({
  'backup-retention-period': backupRetentionPeriod,
  'preferred-backup-window': preferredBackupWindow,
  'preferred-maintenance-window': preferredMaintenanceWindow,
});

/** Options of {@link Insight}; none when nothing is turned on. */
export const insight = (now: Insight) => ({
  'monitoring-interval': now.monitoringInterval > 0 ? now.monitoringInterval : undefined,
  'monitoring-role-arn': now.monitoringInterval > 0 ? now.monitoringRoleArn : undefined,
  'enable-performance-insights': now.performanceInsights ? true : undefined,
  'performance-insights-kms-key-id': now.performanceInsights ? now.performanceInsightsKmsKeyId : undefined,
  'performance-insights-retention-period':
    now.performanceInsights && now.performanceInsightsRetention > 0 ? now.performanceInsightsRetention : undefined,
});

/** What people must know of the master password: it is that of the snapshot, and a secret that RDS manages is not taken over. */
export const masterPassword = (secretArn: string): readonly string[] =>
  secretArn === ''
    ? []
    : [
        `# RDS managed the master password in ${secretArn}. The restored database has the password of the moment of the snapshot; --manage-master-user-password makes a new secret.`,
      ];
