import type { Group } from '../core/observation';

/** The Auto Scaling group. Errors: AwsThrottled, AwsUnavailable, AccessDenied, AwsRejected. */
export interface ScalingGroup {
  observe(): Promise<Group>;
  suspend(processes: readonly string[]): Promise<void>;
  resume(processes: readonly string[]): Promise<void>;
  writeTags(tags: Readonly<Record<string, string>>): Promise<void>;
  removeTags(keys: readonly string[]): Promise<void>;
  /** Changes the sizes that are given. */
  resize(sizes: { readonly min?: number; readonly max?: number; readonly desired?: number }): Promise<void>;
  enterStandby(instanceId: string, decrement: boolean): Promise<void>;
  exitStandby(instanceId: string): Promise<void>;
  terminate(instanceId: string, decrement: boolean): Promise<void>;
  /** Makes the group name this version of its launch template; everything else stays as it is. */
  useTemplateVersion(version: string): Promise<void>;
  /** Why the newest activity failed; undefined when it did not. */
  failedActivity(): Promise<string | undefined>;
  /** State of the instance refresh that is going on; undefined when none is. */
  activeRefresh(): Promise<string | undefined>;
}
