/** An example cluster, the construct on it, and what its template says. Test files mock `lib/private/bundle` with `placeholder-bundle`. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { BitbucketRollingUpgradeProps } from '../../lib';
import { BitbucketRollingUpgrade, Database, NodeImages, SharedHome } from '../../lib';

/** ARN of the target group with this name. */
export function targetGroupArn(name: string): string {
  return `arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/${name}/0123456789abcdef`;
}

/** The example cluster's target group with this name. */
export function targetGroup(stack: Stack, name: string): ITargetGroup {
  return ApplicationTargetGroup.fromTargetGroupAttributes(stack, `TargetGroup-${name}`, { targetGroupArn: targetGroupArn(name) });
}

/** Props of the construct for the example cluster. */
export function exampleProps(stack: Stack): BitbucketRollingUpgradeProps {
  return {
    autoScalingGroup: AutoScalingGroup.fromAutoScalingGroupName(stack, 'Group', 'bitbucket-nodes'),
    launchTemplate: ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, 'LaunchTemplate', { launchTemplateId: 'lt-0123456789abcdef0' }),
    nodeRole: iam.Role.fromRoleArn(stack, 'NodeRole', 'arn:aws:iam::111122223333:role/bitbucket-node', { mutable: false }),
    targetGroups: [targetGroup(stack, 'http'), targetGroup(stack, 'ssh')],
    baseUrl: 'https://bitbucket.example.com/',
    adminCredentials: Secret.fromSecretCompleteArn(stack, 'Credentials', secretArn('bitbucket-admin')),
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
      privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
    }),
    nodeImages: NodeImages.byTag({ owners: ['111122223333'] }),
    database: Database.rdsInstance(
      DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Database', {
        instanceIdentifier: 'bitbucket-db',
        instanceEndpointAddress: 'db.example.com',
        port: 5432,
        securityGroups: [],
      }),
    ),
    sharedHome: SharedHome.ebsVolumes({
      fileServerInstanceId: 'i-0123456789abcdef0',
      volumes: [volume(stack, 'vol-0123456789abcdef0'), volume(stack, 'vol-0123456789abcdef1')],
    }),
  };
}

/** ARN of the secret with this name. */
export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-a1b2c3`;
}

/** The EBS volume with this id. */
export function volume(stack: Stack, volumeId: string): ec2.IVolume {
  return ec2.Volume.fromVolumeAttributes(stack, `Volume-${volumeId}`, { volumeId, availabilityZone: 'eu-central-1a' });
}

/** A stack with the construct on the example cluster. */
export interface Example {
  readonly stack: Stack;
  readonly upgrade: BitbucketRollingUpgrade;
}

/** Defines the construct on the example cluster, with other props where `overrides` gives them. */
export function example(overrides: (stack: Stack) => Partial<BitbucketRollingUpgradeProps> = () => ({})): Example {
  const stack = new Stack(new App(), 'Stack');
  const upgrade = new BitbucketRollingUpgrade(stack, 'Upgrade', { ...exampleProps(stack), ...overrides(stack) });
  return { stack, upgrade };
}

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** All resources of a type, by logical id. */
export function resourcesOf(stack: Stack, type: string): Record<string, TemplateResource> {
  return Template.fromStack(stack).findResources(type) as Record<string, TemplateResource>;
}
