import type { LaunchTemplateSpecification, Tag, UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import type { Authorization } from '../../kernel/ports';
import { requestTags, tagKeys, tagRecord } from '../account/operation';
import { resourceTags } from '../ec2/authorizations';
import type { LaunchTemplate, LaunchTemplateVersion } from '../ec2/launch-templates';
import type { AutoScaling } from './auto-scaling';
import type { Group } from './group';

type Context = Record<string, string | readonly string[]>;

/** Role ARN of an instance profile. */
export type RoleOf = (instanceProfileArn: string) => string | undefined;

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
    return spec === undefined ? update : [...update, ...this.launching(this.autoScaling.find(input.AutoScalingGroupName), spec)];
  }

  private launching(group: Group | undefined, spec: LaunchTemplateSpecification): Authorization[] {
    const { launchTemplates } = this.autoScaling.ec2;
    const template = launchTemplates.find(spec);
    const version = template && resolved(() => launchTemplates.version(template, spec.Version));
    if (template === undefined || version === undefined) return []; // the call fails for that reason
    return [...this.runInstances(group, template, version), ...this.tagOnLaunch(version), ...this.passRole(version)];
  }

  /** One check for each resource that `RunInstances` touches; with a launch template each has the key `ec2:LaunchTemplate`. */
  private runInstances(group: Group | undefined, template: LaunchTemplate, { data }: LaunchTemplateVersion): Authorization[] {
    const { account, ec2 } = this.autoScaling;
    const action = 'ec2:RunInstances';
    const own = (resource: string) => account.arn('ec2', resource);
    const inTemplate = { 'ec2:Region': account.region, 'ec2:LaunchTemplate': own(`launch-template/${template.id}`) };
    const check = (resource: string, context: Context, isInTemplate = true): Authorization => ({
      action,
      resources: [resource],
      context: { ...inTemplate, 'ec2:IsLaunchTemplateResource': String(isInTemplate), ...context },
    });
    const image = ec2.images.find(data.ImageId ?? '');
    const profile = data.IamInstanceProfile?.Arn;
    const imageKeys = image && {
      'ec2:ImageID': image.id,
      'ec2:Owner': image.ownerAlias ?? image.ownerId,
      'ec2:Public': String(image.public),
      ...resourceTags(image.tags),
    };
    const instanceKeys = { 'ec2:InstanceType': data.InstanceType ?? '', ...(profile !== undefined && { 'ec2:InstanceProfile': profile }) };
    const requested = (type: 'instance' | 'volume') => requestTags(tagsOf(data, type));
    return [
      check(account.publicArn('ec2', `image/${data.ImageId ?? '*'}`), { ...imageKeys }),
      check(own('instance/*'), { ...instanceKeys, ...requested('instance') }),
      check(own('network-interface/*'), {}),
      check(own('volume/*'), requested('volume')),
      check(own(`launch-template/${template.id}`), resourceTags(template.tags)),
      ...(data.SecurityGroupIds ?? []).map((id) => check(own(`security-group/${id}`), { 'ec2:SecurityGroupID': id })),
      ...(group?.subnets ?? []).map(({ id, availabilityZone }) =>
        check(own(`subnet/${id}`), { 'ec2:SubnetID': id, 'ec2:AvailabilityZone': availabilityZone }, false),
      ),
    ];
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
  private tagOnLaunch({ data }: LaunchTemplateVersion): Authorization[] {
    const { account } = this.autoScaling;
    return (['instance', 'volume'] as const)
      .filter((type) => Object.keys(tagsOf(data, type)).length > 0)
      .map((type) => ({
        action: 'ec2:CreateTags',
        resources: [account.arn('ec2', `${type}/*`)],
        context: { 'ec2:Region': account.region, 'ec2:CreateAction': 'RunInstances', ...requestTags(tagsOf(data, type)) },
      }));
  }

  private passRole({ data }: LaunchTemplateVersion): Authorization[] {
    const role = this.roleOf(data.IamInstanceProfile?.Arn ?? '');
    if (role === undefined) return [];
    return [{ action: 'iam:PassRole', resources: [role], context: { 'iam:PassedToService': 'ec2.amazonaws.com' } }];
  }
}

const groupTags = (group: Group | undefined): Record<string, string> =>
  tagKeys(
    ['aws:ResourceTag', 'autoscaling:ResourceTag'],
    Object.fromEntries([...(group?.tags ?? [])].map(([key, { value }]) => [key, value] as const)),
  );

const tagsOf = (data: LaunchTemplateVersion['data'], type: 'instance' | 'volume'): Record<string, string> =>
  tagRecord((data.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags }) => Tags ?? []));

function resolved<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
