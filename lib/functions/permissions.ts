import type { TaskName } from '../contract/tasks';
import { ACTING_TASKS } from '../contract/tasks';
import { launchFromTemplate, onGroup, onGroupTags, onLaunchTemplate } from './group-permissions';
import type { Permission, PermissionTargets } from './permission';
import { describe } from './permission';

const GROUP = 'autoscaling:DescribeAutoScalingGroups';
const IMAGES = 'ec2:DescribeImages';
const INSTANCES = 'ec2:DescribeInstances';
const TEMPLATE_VERSIONS = 'ec2:DescribeLaunchTemplateVersions';
const TARGETS = 'elasticloadbalancing:DescribeTargetHealth';

/** What a look at the whole cluster reads. */
const CLUSTER = [GROUP, INSTANCES, TARGETS];

/** What a look at a replacement reads. */
const REPLACEMENT = ['autoscaling:DescribeScalingActivities', ...CLUSTER];

/**
 * What each task may call: no more and no less than the table "What each task calls" of `docs/architecture.md`, but for the
 * lock that acting tasks look at, the secrets, the network and the executions, which are granted where those are known.
 */
const PERMISSIONS: Readonly<Record<TaskName, (targets: PermissionTargets) => Permission[]>> = {
  'resolve-request': (targets) => [describe(GROUP, IMAGES), ...imageParameters(targets)],
  'plan-upgrade': (targets) => [describe(GROUP, INSTANCES, TEMPLATE_VERSIONS), onLock(targets, 'GetItem')],
  'check-cluster': () => [describe(...CLUSTER, IMAGES)],
  'check-group': (targets) => [
    describe(GROUP, ...['InstanceRefreshes', 'ScheduledActions', 'LifecycleHooks'].map((what) => `autoscaling:Describe${what}`)),
    describe(INSTANCES, IMAGES, 'ec2:DescribeSnapshots'),
    describe('elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroupAttributes'),
    stacks(targets),
  ],
  'check-account': (targets) => [
    describe(GROUP),
    onLock(targets, 'GetItem'),
    ...load(targets),
    ...alarms(targets.startsWithAlarms),
    ...calendars(targets),
    ...launching(targets),
  ],
  'judge-checks': () => [],
  'acquire-lock': (targets) => [onLock(targets, 'GetItem', 'PutItem')],
  'judge-readiness': () => [],
  'judge-skew': () => [],
  'choose-expired-backups': () => [],
  'put-up-banner': (targets) => [onLock(targets, 'PutItem')],
  'hold-group': (targets) => [describe(GROUP), onGroup(targets, 'SuspendProcesses'), onGroupTags(targets, 'CreateOrUpdateTags')],
  'enable-upgrade-mode': () => [],
  'point-at-image': (targets) => [describe(GROUP, TEMPLATE_VERSIONS), onGroup(targets, 'UpdateAutoScalingGroup'), ...launching(targets)],
  'add-surge': (targets) => [describe(GROUP), onGroup(targets, 'UpdateAutoScalingGroup')],
  'choose-node': () => [describe(...CLUSTER)],
  'stand-by': (targets) => [describe(GROUP), onGroup(targets, 'EnterStandby')],
  'await-drained': () => [describe(GROUP, TARGETS)],
  'await-replacement': () => [describe(...REPLACEMENT)],
  'bake-node': (targets) => [describe(...REPLACEMENT), ...alarms(targets.bakesWithAlarms)],
  'retire-node': (targets) => [describe(GROUP), onGroup(targets, 'TerminateInstanceInAutoScalingGroup')],
  'verify-cluster': () => [describe(...CLUSTER)],
  'compare-apps': (targets) => [onLock(targets, 'GetItem')],
  'finalize-upgrade': () => [describe(GROUP, INSTANCES)],
  'restore-capacity': (targets) => [
    describe(...CLUSTER),
    onGroup(targets, 'UpdateAutoScalingGroup', 'EnterStandby', 'ExitStandby', 'TerminateInstanceInAutoScalingGroup'),
  ],
  'decide-recovery': () => [],
  'ask-operator': onTopic,
  'ask-approval': (targets) => [...onTopic(targets), onLock(targets, 'GetItem')],
  'judge-approval': () => [],
  announce: onTopic,
  'plan-recovery': (targets) => [describe(GROUP, INSTANCES, TEMPLATE_VERSIONS), onLock(targets, 'GetItem')],
  'cancel-upgrade-mode': () => [describe(GROUP, INSTANCES)],
  'restore-settings': (targets) => [
    describe(GROUP),
    onGroup(targets, 'ResumeProcesses', 'UpdateAutoScalingGroup'),
    onGroupTags(targets, 'DeleteTags'),
  ],
  'take-down-banner': (targets) => [onLock(targets, 'PutItem', 'DeleteItem')],
  'release-lock': (targets) => [onLock(targets, 'DeleteItem')],
  'report-run': onTopic,
  'end-run': () => [answers()],
};

/** The statements of one task's policy. */
export function permissionsOf(task: TaskName, targets: PermissionTargets): Permission[] {
  const acting: readonly TaskName[] = ACTING_TASKS;
  return [...PERMISSIONS[task](targets), ...(acting.includes(task) ? [onLock(targets, 'GetItem')] : [])];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */
function answers(): Permission {
  const reason = 'AWS offers no resource-level permissions to answer a task token; the task answers only its own';
  return { actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'], resources: ['*'], reason };
}

function imageParameters({ partition, region, account, imageParameterPrefix }: PermissionTargets): Permission[] {
  if (imageParameterPrefix === undefined) return [];
  const resource = `arn:${partition}:ssm:${region}:${account}:parameter${imageParameterPrefix}/*`;
  return [
    {
      actions: ['ssm:GetParameter', 'ssm:GetParametersByPath'],
      resources: [resource],
      reason: 'one parameter a version, and the versions to come are not known',
    },
  ];
}

function onTopic({ topicArn }: PermissionTargets): Permission[] {
  return topicArn === undefined ? [] : [{ actions: ['sns:Publish'], resources: [topicArn] }];
}

/** Whether an update of the stack that made the group is under way. */
function stacks({ partition, region, account }: PermissionTargets): Permission {
  return {
    actions: ['cloudformation:DescribeStacks'],
    resources: [`arn:${partition}:cloudformation:${region}:${account}:stack/*/*`],
    reason: "which stack made the group is known only from the group's own tags",
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
function alarms(areRead: boolean): Permission[] {
  if (!areRead) return [];
  const reason = 'composite alarms are described only to those who may describe all; whether an imported alarm is one is not known';
  return [{ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'], reason }];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
function load({ readsLoad }: PermissionTargets): Permission[] {
  if (!readsLoad) return [];
  const reason = 'AWS offers no resource-level permissions to read metrics';
  return [{ actions: ['cloudwatch:GetMetricData'], resources: ['*'], reason }];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
function calendars({ changeCalendarArns }: PermissionTargets): Permission[] {
  return changeCalendarArns.length === 0 ? [] : [{ actions: ['ssm:GetCalendarState'], resources: changeCalendarArns }];
}

/** What it takes to point the group at an image. `check-account` has it too, for its dry runs: AWS answers them by what their caller may do. */
function launching(targets: PermissionTargets): Permission[] {
  return [onLaunchTemplate(targets), ...launchFromTemplate(targets)];
}

function onLock({ lockTableArn }: PermissionTargets, ...actions: string[]): Permission {
  return { actions: actions.map((action) => `dynamodb:${action}`), resources: [lockTableArn] };
}
