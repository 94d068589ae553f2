import type { Tag, UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import type { Authorization } from '../../kernel/ports';
import { requestTags, tagKeys, tagRecord } from '../account/operation';
import { launchAuthorizations } from '../ec2/launch-authorizations';
import type { RoleOf } from '../ec2/launch-authorizations';
import type { AutoScaling } from './auto-scaling';
import type { Group } from './group';

type Context = Record<string, string | readonly string[]>;

/**
 * What Auto Scaling checks: resource types and condition keys of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html
 */
export class GroupAuthorizations {
  constructor(
    private readonly autoScaling: AutoScaling,
    private readonly roleOf: RoleOf,
  ) {}

  /** The action on one group. */
  group(action: string, name: string | undefined, context: Context = {}): Authorization[] {
    const group = this.autoScaling.find(name);
    const unknown = this.autoScaling.account.arn('autoscaling', `autoScalingGroup:*:autoScalingGroupName/${name ?? '*'}`);
    return [{ action: `autoscaling:${action}`, resources: [group?.arn ?? unknown], context: { ...groupTags(group), ...context } }];
  }

  tags(action: string, tags: readonly Tag[] | undefined): Authorization[] {
    const names = [...new Set((tags ?? []).map(({ ResourceId }) => ResourceId ?? ''))];
    return names.flatMap((name) => this.group(action, name, requestTags(tagRecord(tags?.filter(({ ResourceId }) => ResourceId === name)))));
  }

  /**
   * A call that names a launch template also needs what launching from it needs: `ec2:RunInstances`, `ec2:CreateTags` when the template tags, and
   * `iam:PassRole` of the node role. "Permissions validation for ec2:RunInstances and iam:PassRole" in
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
   */
  update(input: UpdateAutoScalingGroupType): Authorization[] {
    const spec = input.LaunchTemplate ?? input.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
    const context: Context = {
      ...(input.MinSize !== undefined && { 'autoscaling:MinSize': String(input.MinSize) }),
      ...(input.MaxSize !== undefined && { 'autoscaling:MaxSize': String(input.MaxSize) }),
      ...(spec !== undefined && { 'autoscaling:LaunchTemplateVersionSpecified': String(spec.Version !== undefined) }),
    };
    const update = this.group('UpdateAutoScalingGroup', input.AutoScalingGroupName, context);
    if (spec === undefined) return update;
    const subnets = this.autoScaling.find(input.AutoScalingGroupName)?.subnets ?? [];
    return [...update, ...launchAuthorizations(this.autoScaling.ec2, this.roleOf, spec, subnets)];
  }
}

const groupTags = (group: Group | undefined): Record<string, string> =>
  tagKeys(
    ['aws:ResourceTag', 'autoscaling:ResourceTag'],
    Object.fromEntries([...(group?.tags ?? [])].map(([key, { value }]) => [key, value] as const)),
  );
