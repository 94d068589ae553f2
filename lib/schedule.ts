import type { ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** What an execution is asked to do: its input. */
export interface UpgradeRequest {
  /**
   * Version to upgrade to, for example `9.4.23`: a later bug-fix version of the one that runs; or `TargetVersion.LATEST_BUGFIX`.
   *
   * @default - the version of `imageId`, or else the `defaultTargetVersion` of the construct
   */
  readonly targetVersion?: string;

  /**
   * Image to use, for example `ami-0123456789abcdef0`.
   *
   * @default - what `nodeImages` says
   */
  readonly imageId?: string;

  /**
   * Whether to end with the plan, and change nothing.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Checks that may fail, by name, each with the reason, of 10 to 500 characters: it is recorded in the report.
   *
   * For example `{ 'app-compatibility': 'all apps were tested on staging, CHG-4711' }`.
   *
   * @default - none
   */
  readonly overrides?: Record<string, string>;
}

/** Options of `BitbucketRollingUpgrade.schedule`. */
export interface UpgradeScheduleOptions {
  /** When a run starts, with its time zone: `ScheduleExpression.cron({ weekDay: 'SUN', hour: '2', minute: '0', timeZone: TimeZone.EUROPE_BERLIN })`. */
  readonly schedule: ScheduleExpression;

  /**
   * What each run is asked to do.
   *
   * @default - an upgrade to the `defaultTargetVersion` of the construct
   */
  readonly request?: UpgradeRequest;

  /**
   * A window after the scheduled time in which the run may start.
   *
   * @default TimeWindow.off()
   */
  readonly flexibleWindow?: TimeWindow;

  /**
   * Where starts go that could not be delivered.
   *
   * @default - one new encrypted queue for all schedules of the construct
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * What the schedule is for.
   *
   * @default - a sentence that names the Auto Scaling group
   */
  readonly description?: string;

  /**
   * Whether the schedule starts anything.
   *
   * @default true
   */
  readonly enabled?: boolean;
}
