import type { TaskName } from '../contract/tasks';
import { awaitRdsSnapshot, startEbsSnapshots, startRdsSnapshot } from './backup-permissions';
import { launchFromTemplate, onGroup, onGroupTags, onLaunchTemplate } from './group-permissions';
import type { Permission, PermissionTargets } from './permission';
import { describe } from './permission';

const GROUP = 'autoscaling:DescribeAutoScalingGroups';
const INSTANCES = 'ec2:DescribeInstances';
const TEMPLATE_VERSIONS = 'ec2:DescribeLaunchTemplateVersions';
const TARGETS = 'elasticloadbalancing:DescribeTargetHealth';

/** What a look at the whole cluster reads. */
const CLUSTER = [GROUP, INSTANCES, TARGETS];

/**
 * What each task may call: no more and no less than the table "What each task calls" of `docs/architecture.md`, but for the
 * secrets, the network and the executions, which are granted where those are known.
 */
const PERMISSIONS: Readonly<Record<TaskName, (targets: PermissionTargets) => Permission[]>> = {
  'resolve-request': (targets) => [describe('ec2:DescribeImages'), ...imageParameters(targets)],
  'plan-upgrade': () => [describe(GROUP, INSTANCES, TEMPLATE_VERSIONS)],
  'check-preconditions': (targets) => [
    describe(GROUP, 'autoscaling:DescribeInstanceRefreshes', INSTANCES, 'ec2:DescribeImages', 'ec2:DescribeVolumes'),
    describe('elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroupAttributes', TARGETS),
    { actions: ['rds:DescribeDBInstances'], resources: [targets.databaseInstanceArn] },
    onLock(targets, 'GetItem'),
  ],
  'acquire-lock': (targets) => [onLock(targets, 'GetItem', 'PutItem')],
  'start-rds-snapshot': startRdsSnapshot,
  'await-rds-snapshot': awaitRdsSnapshot,
  'start-ebs-snapshots': startEbsSnapshots,
  'await-ebs-snapshots': () => [describe('ec2:DescribeSnapshots')],
  'hold-group': (targets) => [describe(GROUP), onGroup(targets, 'SuspendProcesses'), onGroupTags(targets, 'CreateOrUpdateTags')],
  'enable-upgrade-mode': () => [],
  'point-at-image': (targets) => [
    describe(GROUP, TEMPLATE_VERSIONS),
    onGroup(targets, 'UpdateAutoScalingGroup'),
    onLaunchTemplate(targets),
    ...launchFromTemplate(targets),
  ],
  'add-surge': (targets) => [describe(GROUP), onGroup(targets, 'UpdateAutoScalingGroup')],
  'choose-node': () => [describe(...CLUSTER)],
  'stand-by': (targets) => [describe(GROUP), onGroup(targets, 'EnterStandby')],
  'await-drained': () => [describe(GROUP, TARGETS)],
  'await-replacement': () => [describe('autoscaling:DescribeScalingActivities', ...CLUSTER)],
  'retire-node': (targets) => [describe(GROUP), onGroup(targets, 'TerminateInstanceInAutoScalingGroup')],
  'verify-cluster': () => [describe(...CLUSTER)],
  'finalize-upgrade': () => [describe(GROUP, INSTANCES)],
  'restore-capacity': (targets) => [
    describe(...CLUSTER),
    onGroup(targets, 'UpdateAutoScalingGroup', 'EnterStandby', 'ExitStandby', 'TerminateInstanceInAutoScalingGroup'),
  ],
  'cancel-upgrade-mode': () => [],
  'restore-settings': (targets) => [
    describe(GROUP),
    onGroup(targets, 'ResumeProcesses', 'UpdateAutoScalingGroup'),
    onGroupTags(targets, 'DeleteTags'),
  ],
  'release-lock': (targets) => [onLock(targets, 'DeleteItem')],
  'report-run': ({ topicArn }) => (topicArn === undefined ? [] : [{ actions: ['sns:Publish'], resources: [topicArn] }]),
};

/** The statements of one task's policy. */
export function permissionsOf(task: TaskName, targets: PermissionTargets): Permission[] {
  return PERMISSIONS[task](targets);
}

function imageParameters({ partition, region, account, imageParameterPrefix }: PermissionTargets): Permission[] {
  if (imageParameterPrefix === undefined) return [];
  const resource = `arn:${partition}:ssm:${region}:${account}:parameter${imageParameterPrefix}/*`;
  return [
    { actions: ['ssm:GetParameter'], resources: [resource], reason: 'one parameter a version, and the versions to come are not known' },
  ];
}

function onLock({ lockTableArn }: PermissionTargets, ...actions: string[]): Permission {
  return { actions: actions.map((action) => `dynamodb:${action}`), resources: [lockTableArn] };
}
