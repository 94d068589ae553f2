import type { Activity as SdkActivity, ScalingActivityStatusCode } from '@aws-sdk/client-auto-scaling';
import type { Account } from '../account/account';
import { uuid } from '../account/account';
import type { Group } from './group';

/** A scaling activity. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
export interface Activity {
  readonly id: string;
  readonly description: string;
  readonly cause: string;
  readonly zone: string;
  readonly startedAt: number;
  status: ScalingActivityStatusCode;
  progress: number;
  endedAt?: number;
  statusMessage?: string;
}

/** The time as it stands in causes: `2026-01-02T03:04:05Z`. */
export const timestamp = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z/u, 'Z');

/** Keeps what the groups did and why: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html */
export class Activities {
  constructor(private readonly account: Account) {}

  begin(group: Group, what: Pick<Activity, 'description' | 'cause' | 'zone' | 'status' | 'progress'>): Activity {
    const activity: Activity = { id: uuid(this.account.random), startedAt: this.account.clock.now(), ...what };
    group.activities.push(activity);
    this.record(group, activity);
    return activity;
  }

  /** A launch of long ago that succeeded. */
  past(group: Group, instanceId: string, zone: string, startedAt: number, seconds: number): void {
    group.activities.push({
      id: uuid(this.account.random),
      description: `Launching a new EC2 instance: ${instanceId}`,
      cause:
        `At ${timestamp(startedAt)} an instance was started in response to a difference between desired and actual capacity, ` +
        `increasing the capacity.`,
      zone,
      startedAt,
      endedAt: startedAt + seconds * 1000,
      status: 'Successful',
      progress: 100,
    });
  }

  continue(group: Group, activity: Activity | undefined, status: ScalingActivityStatusCode, progress: number): void {
    if (activity === undefined || activity.endedAt !== undefined || activity.status === status) return;
    activity.status = status;
    activity.progress = progress;
    this.record(group, activity);
  }

  end(group: Group, activity: Activity | undefined, status: 'Successful' | 'Failed' | 'Cancelled' = 'Successful', message?: string): void {
    if (activity === undefined || activity.endedAt !== undefined) return;
    activity.status = status;
    activity.progress = 100;
    activity.endedAt = this.account.clock.now();
    if (message !== undefined) activity.statusMessage = message;
    this.record(group, activity);
  }

  private record(group: Group, { id, description, cause, status, statusMessage }: Activity): void {
    const entry = { kind: 'activity', id, group: group.name, description, cause, status };
    this.account.journal.record({ ...entry, ...(statusMessage !== undefined && { statusMessage }) });
  }
}

/** The activity as the API tells it. */
export const describeActivity = (group: Group, activity: Activity): SdkActivity => ({
  ActivityId: activity.id,
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  Description: activity.description,
  Cause: activity.cause,
  StatusCode: activity.status,
  StatusMessage: activity.statusMessage,
  StartTime: new Date(activity.startedAt),
  ...(activity.endedAt !== undefined && { EndTime: new Date(activity.endedAt) }),
  Progress: activity.progress,
  Details: JSON.stringify({ 'Availability Zone': activity.zone }),
});
