import { TAG_PREFIX } from '../contract/tags';
import type { Permission, PermissionTargets } from './permission';

/** Changes of the Auto Scaling group. */
export function onGroup(targets: PermissionTargets, ...actions: string[]): Permission {
  return {
    actions: actions.map((action) => `autoscaling:${action}`),
    resources: [targets.groupArn],
    reason: "the group's ARN holds an id that CloudFormation does not give; the group's name is exact",
  };
}

/** Changes of the group's tags: only those that this project writes. */
export function onGroupTags(targets: PermissionTargets, action: string): Permission {
  return { ...onGroup(targets, action), conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': [`${TAG_PREFIX}:*`] } } };
}

/** New versions of the launch template, and which one is its default. */
export function onLaunchTemplate(targets: PermissionTargets): Permission {
  return { actions: ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'], resources: [launchTemplateArn(targets)] };
}

/**
 * What Auto Scaling asks of a caller who names a launch template's version in a group: to be allowed to launch from it, to tag
 * what it launches, and to pass the instances' role on.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export function launchFromTemplate(targets: PermissionTargets): Permission[] {
  const { partition, region, account } = targets;
  return [
    {
      actions: ['ec2:RunInstances'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ec2:LaunchTemplate': launchTemplateArn(targets) } },
      reason: 'a launch names images, subnets, interfaces and volumes of its own; the condition allows launches from the one template only',
    },
    {
      actions: ['ec2:CreateTags'],
      resources: ['instance', 'volume', 'network-interface'].map((type) => `arn:${partition}:ec2:${region}:${account}:${type}/*`),
      conditions: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
      reason: 'what a launch creates has no id yet; the condition allows tags at the launch only',
    },
    {
      actions: ['iam:PassRole'],
      resources: [targets.nodeRoleArn],
      conditions: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    },
  ];
}

function launchTemplateArn({ partition, region, account, launchTemplateId }: PermissionTargets): string {
  return `arn:${partition}:ec2:${region}:${account}:launch-template/${launchTemplateId}`;
}
