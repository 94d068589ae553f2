/** One statement of a function's policy, with the reason for each wildcard in it. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why a wildcard in `resources` is right; needed when there is one. */
  readonly reason?: string;
}

/** What the permissions of the tasks name. All of them are ARNs or parts of ARNs, maybe with tokens. */
export interface PermissionTargets {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly groupName: string;
  readonly groupArn: string;
  readonly launchTemplateId: string;
  readonly nodeRoleArn: string;
  readonly lockTableArn: string;
  /** Path of the SSM parameters that hold the images; undefined when none is read. */
  readonly imageParameterPrefix?: string;
  /** Undefined when nobody is told. */
  readonly topicArn?: string;
  /** Whether alarms are looked at while a new node is watched. */
  readonly bakesWithAlarms: boolean;
  /** Whether alarms are looked at before the upgrade. */
  readonly startsWithAlarms: boolean;
  /** Whether the load of the nodes is looked at: not when an extra node serves. */
  readonly readsLoad: boolean;
  /** ARNs of the change calendars. */
  readonly changeCalendarArns: readonly string[];
}

/** Read actions that know no resource-level permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export function describe(...actions: string[]): Permission {
  return { actions, resources: ['*'], reason: 'AWS offers no resource-level permissions for these Describe actions' };
}
