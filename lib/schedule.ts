import type { Duration } from 'aws-cdk-lib';
import type { ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { MaintenanceWindow } from './maintenance-window';

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

  /**
   * When nodes may be begun: only if they would be good before its end. The run then stops, serving, and the next start goes on.
   *
   * For a schedule, use the `maintenanceWindow` of its options: it opens at the scheduled time, so that a late start has no longer a window.
   *
   * @default - at any time
   */
  readonly maintenanceWindow?: MaintenanceWindow;
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
   * How long after the scheduled time nodes may be begun: no node is begun that would not be good before. The run then stops, serving, and the
   * next start goes on. From 15 minutes to 24 hours, in whole minutes, and longer than the flexible window.
   *
   * An upgrade that takes several windows uses its backup again for as long as the backup's `reuseWithin` says.
   *
   * @default - nodes are begun at any time
   */
  readonly maintenanceWindow?: Duration;

  /**
   * How many times a start is tried again that Step Functions did not take: from 0 to 185.
   *
   * @default 20
   */
  readonly retryAttempts?: number;

  /**
   * How long after its time a start is still tried: from 1 minute to 24 hours. One that is too late is outside the maintenance window.
   *
   * @default Duration.hours(1)
   */
  readonly maximumEventAge?: Duration;

  /**
   * Where starts go that could not be delivered. The alarm `scheduleDeadLetterAlarm` is on the new queue; whoever gives a queue has an alarm on it.
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
