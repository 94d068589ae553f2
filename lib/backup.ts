import type { Duration } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BackupPartConfig } from './backup-part';
import type { BackupRetention } from './backup-retention';
import type { DatabaseConfig } from './database';
import { awsBackupPart } from './parts/aws-backup-part';
import { elsewhere, elsewhereByArn } from './private/elsewhere';
import { lifecycleOf, sourceProblems, sourceWarnings } from './private/aws-backup-rules';
import type { SharedHomeConfig } from './shared-home';

/** Options of every {@link Backup} strategy. */
export interface BackupOptions {
  /**
   * Most time between the moments at which the first and the last part were begun. A backup whose parts lie further apart has failed.
   *
   * Between 1 second and 1 hour.
   *
   * @default Duration.seconds(60)
   */
  readonly skewLimit?: Duration;

  /**
   * How long is waited until every part can begin (no other snapshot of the database is under way, no rate limit), and has begun.
   *
   * Between 1 minute and 6 hours.
   *
   * @default Duration.minutes(15)
   */
  readonly startLimit?: Duration;

  /**
   * How old the backup of an earlier run between the same versions may be, for a run that continues it to use it again.
   *
   * Up to 30 days; 0 for never.
   *
   * @default Duration.hours(24)
   */
  readonly reuseWithin?: Duration;

  /**
   * Whether the parts of a backup that failed are kept, to look at them. They are never part of a way back.
   *
   * @default false
   */
  readonly keepFailedParts?: boolean;

  /**
   * Which backups of finished upgrades are kept; after an upgrade has succeeded, the others of this cluster are deleted.
   *
   * @default - all of them: nothing is ever deleted
   */
  readonly retention?: BackupRetention;
}

/** Options of `Backup.awsBackup`. */
export interface AwsBackupOptions extends BackupOptions {
  /** The vault that the recovery points go to, in the account and region of the cluster. */
  readonly vault: backup.IBackupVault;

  /**
   * The role that AWS Backup works as.
   *
   * @default - one new role with the policy that AWS keeps for this, `AWSBackupServiceRolePolicyForBackup`
   */
  readonly role?: iam.IRole;

  /**
   * When AWS Backup deletes a recovery point by itself, finished upgrade or not. Whole days.
   *
   * @default - never
   */
  readonly deleteAfter?: Duration;

  /**
   * When a recovery point is moved to cold storage. Whole days, and at least 90 days before `deleteAfter`.
   *
   * Of what is backed up here only EFS knows cold storage: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
   *
   * @default - never
   */
  readonly moveToColdStorageAfter?: Duration;
}

/** What there is to back up. */
export interface BackupSources {
  /** Name of the Auto Scaling group: whose backup it is, in the tags of all that is made. */
  readonly clusterName: string;

  /** The database. */
  readonly database: DatabaseConfig;

  /** The shared home, and then the other homes. */
  readonly homes: SharedHomeConfig[];
}

/** What a {@link Backup} strategy comes to. */
export interface BackupConfig {
  /** The parts of the backup, with unique names; none when there is to be no backup. */
  readonly parts: BackupPartConfig[];

  /**
   * Why there is to be no backup: told before each upgrade.
   *
   * @default - there is one
   */
  readonly noneBecause?: string;

  /**
   * What the user of the strategy wants.
   *
   * @default - the default of each option
   */
  readonly options?: BackupOptions;

  /** What is wrong with the strategy's arguments; empty when nothing is. */
  readonly problems: string[];

  /** What speaks against it, though it is allowed: told before each upgrade. */
  readonly warnings: string[];
}

/** How the backup is made that is complete before the first node is touched: the only way back once an upgrade is final. */
export abstract class Backup {
  /** Each part by snapshots of its own kind: of RDS, of EBS; and for file systems by AWS Backup. All parts are begun at once. */
  public static snapshots(options: BackupOptions = {}): Backup {
    return new Snapshots(options);
  }

  /** All parts by on-demand jobs of AWS Backup. All of them are begun at once. */
  public static awsBackup(options: AwsBackupOptions): Backup {
    return new AwsBackup(options);
  }

  /**
   * No backup: there is no way back once an upgrade is final.
   *
   * @param reason why, for example `another tool makes one each night, and the window is agreed with its owner`: told before each upgrade
   */
  public static none(reason: string): Backup {
    return new NoBackup(reason);
  }

  /**
   * Binds the strategy to the upgrade that uses it.
   *
   * @param scope where its own functions go
   * @param sources what there is to back up; what a native part needs is made when the part's tasks are read
   */
  public abstract bind(scope: Construct, sources: BackupSources): BackupConfig;
}

class Snapshots extends Backup {
  public constructor(private readonly options: BackupOptions) {
    super();
  }

  public bind(_scope: Construct, { database, homes }: BackupSources): BackupConfig {
    return { parts: [database.part, ...homes.map(({ part }) => part)], options: this.options, problems: [], warnings: [] };
  }
}

class AwsBackup extends Backup {
  public constructor(private readonly options: AwsBackupOptions) {
    super();
  }

  public bind(scope: Construct, { database, homes }: BackupSources): BackupConfig {
    const { vault, role, deleteAfter, moveToColdStorageAfter } = this.options;
    const sources = [database, ...homes];
    const lifecycle = lifecycleOf(deleteAfter, moveToColdStorageAfter);
    const { deleteAfterDays, coldStorageAfterDays } = lifecycle;
    const what = `backup: vault '${vault.backupVaultName}'`;
    return {
      parts: sources.map(({ part, resourceArns }) =>
        awsBackupPart(scope, part, { vault, role, resourceArns, deleteAfterDays, coldStorageAfterDays }),
      ),
      options: this.options,
      problems: [
        ...new Set([...elsewhere(scope, what, vault), ...elsewhereByArn(scope, what, vault.backupVaultArn)]),
        ...lifecycle.problems,
        ...homes.flatMap(sourceProblems),
      ],
      warnings: [...homes.flatMap(sourceWarnings), ...lifecycle.warnings(sources)],
    };
  }
}

/** A reason that somebody can judge: not just a word. */
const LEAST_WORDS = 3;

class NoBackup extends Backup {
  public constructor(private readonly reason: string) {
    super();
  }

  public bind(): BackupConfig {
    const noneBecause = this.reason.trim();
    const words = noneBecause.split(/\s+/).filter((word) => word !== '').length;
    const problem = `backup: none('${noneBecause}') must say why, in ${LEAST_WORDS} words or more: it is told before each upgrade`;
    return { parts: [], noneBecause, problems: words < LEAST_WORDS ? [problem] : [], warnings: [] };
  }
}
