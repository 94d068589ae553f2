import type { LaunchTemplateSpecification, UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../kernel/ports';
import { refuseUnmodelled } from '../account/operation';
import type { AutoScaling } from './auto-scaling';
import { updatedSizes } from './capacity';
import type { Group } from './group';
import { TERMINATION_POLICIES } from './termination-policy';

const MODELLED = [
  'AutoScalingGroupName',
  'LaunchTemplate',
  'MixedInstancesPolicy',
  'MinSize',
  'MaxSize',
  'DesiredCapacity',
  'DefaultCooldown',
  'HealthCheckType',
  'HealthCheckGracePeriod',
  'TerminationPolicies',
  'NewInstancesProtectedFromScaleIn',
];

/**
 * Changes a group. What is not given stays; instances that run stay as they are; everything is checked before anything changes.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
export function updateGroup(autoScaling: AutoScaling, input: UpdateAutoScalingGroupType): void {
  refuseUnmodelled('UpdateAutoScalingGroup', input, MODELLED);
  const group = autoScaling.get(input.AutoScalingGroupName);
  const change = {
    ...(input.MinSize !== undefined && { min: input.MinSize }),
    ...(input.MaxSize !== undefined && { max: input.MaxSize }),
    ...(input.DesiredCapacity !== undefined && { desired: input.DesiredCapacity }),
  };
  updatedSizes(group, change);
  checkPolicies(input.TerminationPolicies);
  checkTemplate(autoScaling, input);

  if (input.LaunchTemplate !== undefined) {
    group.launchTemplate = input.LaunchTemplate;
    group.mixedInstancesPolicy = undefined;
  }
  if (input.MixedInstancesPolicy !== undefined) changePolicy(group, input.MixedInstancesPolicy);
  group.defaultCooldown = input.DefaultCooldown ?? group.defaultCooldown;
  group.healthCheckType = input.HealthCheckType ?? group.healthCheckType;
  group.healthCheckGracePeriod = input.HealthCheckGracePeriod ?? group.healthCheckGracePeriod;
  group.terminationPolicies = input.TerminationPolicies ?? group.terminationPolicies;
  group.newInstancesProtectedFromScaleIn = input.NewInstancesProtectedFromScaleIn ?? group.newInstancesProtectedFromScaleIn;
  if (input.HealthCheckType !== undefined || input.HealthCheckGracePeriod !== undefined) autoScaling.health.noticeAll(group);
  autoScaling.resize(group, change, 'a user request update');
}

/** The parts of a mixed-instances policy that are not given stay as they are. */
function changePolicy(group: Group, policy: NonNullable<UpdateAutoScalingGroupType['MixedInstancesPolicy']>): void {
  const before = group.mixedInstancesPolicy;
  group.mixedInstancesPolicy = {
    ...before,
    ...policy,
    ...(policy.LaunchTemplate && { LaunchTemplate: { ...before?.LaunchTemplate, ...policy.LaunchTemplate } }),
  };
  group.launchTemplate = undefined;
}

function checkPolicies(policies: readonly string[] | undefined): void {
  const unknown = (policies ?? []).filter((policy) => TERMINATION_POLICIES[policy] === undefined);
  if (unknown.length === 0) return;
  throw new AwsError(
    'ValidationError',
    `Unknown termination policies: ${unknown.join(', ')}. Known: ${Object.keys(TERMINATION_POLICIES).join(', ')}.`,
  );
}

/** A launch template that could launch nothing is refused. */
function checkTemplate({ ec2 }: AutoScaling, input: UpdateAutoScalingGroupType): void {
  const policy = input.MixedInstancesPolicy?.LaunchTemplate;
  if (policy?.Overrides?.some(({ WeightedCapacity, InstanceRequirements }) => (WeightedCapacity ?? InstanceRequirements) !== undefined))
    throw new AwsError(
      'NotImplemented',
      'The simulator does not model WeightedCapacity and InstanceRequirements of a mixed-instances policy.',
      501,
    );
  const specs = [input.LaunchTemplate, policy?.LaunchTemplateSpecification].filter(
    (spec): spec is LaunchTemplateSpecification => spec !== undefined,
  );
  for (const spec of specs) {
    try {
      const { data } = ec2.launchTemplates.version(ec2.launchTemplates.get(spec), spec.Version);
      if (data.ImageId?.startsWith('resolve:ssm:') !== true) ec2.images.launchable(data.ImageId ?? '');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError('ValidationError', `You must use a valid fully-formed launch template. ${error.message}`);
    }
  }
}
