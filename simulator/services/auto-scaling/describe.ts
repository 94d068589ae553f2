import type {
  AutoScalingGroup,
  AutoScalingInstanceDetails,
  Instance,
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
  TagDescription,
} from '@aws-sdk/client-auto-scaling';
import type { Ec2 } from '../ec2/ec2';
import type { Group, Member } from './group';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html */
export const describeGroup = (ec2: Ec2, group: Group): AutoScalingGroup => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  ...(group.launchTemplate !== undefined && { LaunchTemplate: named(ec2, group.launchTemplate) }),
  ...(group.mixedInstancesPolicy !== undefined && { MixedInstancesPolicy: describePolicy(ec2, group.mixedInstancesPolicy) }),
  MinSize: group.min,
  MaxSize: group.max,
  DesiredCapacity: group.desired,
  DefaultCooldown: group.defaultCooldown,
  AvailabilityZones: group.zones,
  LoadBalancerNames: [],
  TargetGroupARNs: [...group.targetGroupArns],
  HealthCheckType: group.healthCheckType,
  HealthCheckGracePeriod: group.healthCheckGracePeriod,
  Instances: [...group.members.values()].map(describeMember),
  CreatedTime: new Date(group.createdAt),
  SuspendedProcesses: [...group.suspended].map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
  VPCZoneIdentifier: group.subnets.map(({ id }) => id).join(','),
  EnabledMetrics: [],
  Tags: describeTags(group),
  TerminationPolicies: [...group.terminationPolicies],
  NewInstancesProtectedFromScaleIn: group.newInstancesProtectedFromScaleIn,
  ...(group.maxInstanceLifetime !== undefined && { MaxInstanceLifetime: group.maxInstanceLifetime }),
  ...(group.warmPool !== undefined && { WarmPoolConfiguration: group.warmPool, WarmPoolSize: 0 }),
  TrafficSources: group.targetGroupArns.map((Identifier) => ({ Identifier, Type: 'elbv2' })),
});

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html */
const describeMember = (member: Member): Instance => ({
  InstanceId: member.id,
  InstanceType: member.instance.instanceType,
  AvailabilityZone: member.instance.availabilityZone,
  LifecycleState: member.state,
  HealthStatus: member.health,
  LaunchTemplate: templateOf(member),
  ProtectedFromScaleIn: member.protectedFromScaleIn,
});

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingInstanceDetails.html */
export const describeDetails = (group: Group, member: Member): AutoScalingInstanceDetails => ({
  ...describeMember(member),
  LifecycleState: member.state,
  AutoScalingGroupName: group.name,
  HealthStatus: member.health.toUpperCase(),
});

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TagDescription.html */
export const describeTags = (group: Group): TagDescription[] =>
  [...group.tags].map(([Key, { value, propagate }]) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    Key,
    Value: value,
    PropagateAtLaunch: propagate,
  }));

const templateOf = ({ launchTemplate: { id, name, version } }: Member): LaunchTemplateSpecification => ({
  LaunchTemplateId: id,
  LaunchTemplateName: name,
  Version: version,
});

/** The answer names a launch template by id and name, however the call named it. */
function named(ec2: Ec2, spec: LaunchTemplateSpecification): LaunchTemplateSpecification {
  const { id, name } = ec2.launchTemplates.get(spec);
  return { LaunchTemplateId: id, LaunchTemplateName: name, Version: spec.Version ?? '$Default' };
}

function describePolicy(ec2: Ec2, policy: MixedInstancesPolicy): MixedInstancesPolicy {
  const spec = policy.LaunchTemplate?.LaunchTemplateSpecification;
  if (spec === undefined) return policy;
  return { ...policy, LaunchTemplate: { ...policy.LaunchTemplate, LaunchTemplateSpecification: named(ec2, spec) } };
}
