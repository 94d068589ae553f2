import type { Duration } from 'aws-cdk-lib';

/** What a {@link BackupRetention} comes to. */
export interface BackupRetentionConfig {
  /**
   * How many backups are kept.
   *
   * @default - as many as `keepDays` says
   */
  readonly keepLast?: number;

  /**
   * For how many days backups are kept.
   *
   * @default - as long as `keepLast` says
   */
  readonly keepDays?: number;

  /** What is wrong with the arguments; empty when nothing is. */
  readonly problems: string[];
}

/**
 * Which backups of finished upgrades are kept. After an upgrade has succeeded the others of this cluster are deleted; those of running
 * and of failed upgrades, and whatever carries other tags, never are.
 */
export class BackupRetention {
  /**
   * The last backups are kept.
   *
   * @param count how many, with that of the upgrade that has just succeeded; at least 1
   */
  public static last(count: number): BackupRetention {
    const whole = Number.isInteger(count) && count >= 1;
    return new BackupRetention({
      keepLast: count,
      problems: whole ? [] : [`retention: last(${count}) must be a whole number of at least 1, known at synth time`],
    });
  }

  /**
   * The backups of the last days are kept, and always that of the upgrade that has just succeeded.
   *
   * @param age whole days, at least 1; Atlassian advises to keep backups for a month
   */
  public static within(age: Duration): BackupRetention {
    const days = age.isUnresolved() ? NaN : age.toDays({ integral: false });
    const whole = Number.isInteger(days) && days >= 1;
    return new BackupRetention({
      keepDays: days,
      problems: whole ? [] : [`retention: within(${age.isUnresolved() ? 'a token' : age.toHumanString()}) must be whole days, at least 1`],
    });
  }

  private constructor(private readonly config: BackupRetentionConfig) {}

  /** What the retention comes to. */
  public bind(): BackupRetentionConfig {
    return this.config;
  }
}
