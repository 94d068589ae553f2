import type { Authorization } from '../../kernel/ports';
import { requestTags, tagRecord } from '../account/operation';
import type { Subnet } from './addresses';
import { resourceTags } from './authorizations';
import type { Ec2 } from './ec2';
import type { LaunchTemplate, LaunchTemplateVersion, TemplateName } from './launch-templates';

type Context = Record<string, string | readonly string[]>;

/** Role ARN of an instance profile. */
export type RoleOf = (instanceProfileArn: string) => string | undefined;

/**
 * What launching from a launch template needs: `ec2:RunInstances`, `ec2:CreateTags` when the template tags, and `iam:PassRole` of the node role.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html
 * @param subnets where it is launched: not what the template says
 * @param imageId another image than the template's
 */
export function launchAuthorizations(
  ec2: Ec2,
  roleOf: RoleOf,
  spec: TemplateName & { readonly Version?: string | undefined },
  subnets: readonly Subnet[],
  imageId?: string,
): Authorization[] {
  const { launchTemplates } = ec2;
  const template = launchTemplates.find(spec);
  const version = template && resolved(() => launchTemplates.version(template, spec.Version));
  if (template === undefined || version === undefined) return []; // the call fails for that reason
  return [...runInstances(ec2, subnets, template, version, imageId), ...tagOnLaunch(ec2, version), ...passRole(roleOf, version)];
}

/** One check for each resource that `RunInstances` touches; with a launch template each has the key `ec2:LaunchTemplate`. */
function runInstances(
  ec2: Ec2,
  subnets: readonly Subnet[],
  template: LaunchTemplate,
  { data }: LaunchTemplateVersion,
  given: string | undefined,
): Authorization[] {
  const { account } = ec2;
  const action = 'ec2:RunInstances';
  const own = (resource: string): string => account.arn('ec2', resource);
  const inTemplate = { 'ec2:Region': account.region, 'ec2:LaunchTemplate': own(`launch-template/${template.id}`) };
  const check = (resource: string, context: Context, isInTemplate = true): Authorization => ({
    action,
    resources: [resource],
    context: { ...inTemplate, 'ec2:IsLaunchTemplateResource': String(isInTemplate), ...context },
  });
  const imageId = given ?? data.ImageId ?? '';
  const image = ec2.images.find(imageId);
  const profile = data.IamInstanceProfile?.Arn;
  const imageKeys = image && {
    'ec2:ImageID': image.id,
    'ec2:Owner': image.ownerAlias ?? image.ownerId,
    'ec2:Public': String(image.public),
    ...resourceTags(image.tags),
  };
  const instanceKeys = { 'ec2:InstanceType': data.InstanceType ?? '', ...(profile !== undefined && { 'ec2:InstanceProfile': profile }) };
  const requested = (type: 'instance' | 'volume'): Context => requestTags(tagsOf(data, type));
  return [
    check(account.publicArn('ec2', `image/${imageId === '' ? '*' : imageId}`), { ...imageKeys }, given === undefined),
    check(own('instance/*'), { ...instanceKeys, ...requested('instance') }),
    check(own('network-interface/*'), {}),
    check(own('volume/*'), requested('volume')),
    check(own(`launch-template/${template.id}`), resourceTags(template.tags)),
    ...(data.SecurityGroupIds ?? []).map((id) => check(own(`security-group/${id}`), { 'ec2:SecurityGroupID': id })),
    ...subnets.map(({ id, availabilityZone }) =>
      check(
        own(`subnet/${id}`),
        { 'ec2:SubnetID': id, ...(availabilityZone !== '' && { 'ec2:AvailabilityZone': availabilityZone }) },
        false,
      ),
    ),
  ];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
function tagOnLaunch({ account }: Ec2, { data }: LaunchTemplateVersion): Authorization[] {
  return (['instance', 'volume'] as const)
    .filter((type) => Object.keys(tagsOf(data, type)).length > 0)
    .map((type) => ({
      action: 'ec2:CreateTags',
      resources: [account.arn('ec2', `${type}/*`)],
      context: { 'ec2:Region': account.region, 'ec2:CreateAction': 'RunInstances', ...requestTags(tagsOf(data, type)) },
    }));
}

function passRole(roleOf: RoleOf, { data }: LaunchTemplateVersion): Authorization[] {
  const role = roleOf(data.IamInstanceProfile?.Arn ?? '');
  if (role === undefined) return [];
  return [{ action: 'iam:PassRole', resources: [role], context: { 'iam:PassedToService': 'ec2.amazonaws.com' } }];
}

const tagsOf = (data: LaunchTemplateVersion['data'], type: 'instance' | 'volume'): Record<string, string> =>
  tagRecord((data.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags }) => Tags ?? []));

function resolved<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
