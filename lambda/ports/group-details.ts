import type { GroupSettings, LifecycleHook, ScheduledAction, WarmPool } from '../core/checks/facts';

/** What matters of an Auto Scaling group only before an upgrade. Errors: AwsThrottled, AwsUnavailable, AccessDenied, AwsRejected. */
export interface GroupDetails {
  /** With the ids of the subnets that it launches in. */
  settings(): Promise<GroupSettings & { readonly warmPool: WarmPool | undefined; readonly subnets: readonly string[] }>;
  scheduledActions(): Promise<readonly ScheduledAction[]>;
  hooks(): Promise<readonly LifecycleHook[]>;
}
