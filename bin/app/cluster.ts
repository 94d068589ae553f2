import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { BitbucketRollingUpgradeProps } from '../../lib';
import { backupProps, NOT_USED } from './backup';
import type { Settings } from './settings';

/** The props that name the existing cluster. */
type ClusterProps = Pick<
  BitbucketRollingUpgradeProps,
  | 'autoScalingGroup'
  | 'launchTemplate'
  | 'nodeRole'
  | 'targetGroups'
  | 'baseUrl'
  | 'contextPath'
  | 'adminCredentials'
  | 'caCertificate'
  | 'vpc'
  | 'vpcSubnets'
  | 'securityGroups'
  | 'database'
  | 'sharedHome'
  | 'otherHomes'
  | 'backup'
>;

/** The cluster's resources, imported by their names: AWS is not asked. */
export function importCluster(scope: Construct, settings: Settings): ClusterProps {
  return {
    autoScalingGroup: AutoScalingGroup.fromAutoScalingGroupName(scope, 'Group', settings.groupName),
    launchTemplate: ec2.LaunchTemplate.fromLaunchTemplateAttributes(scope, 'LaunchTemplate', {
      launchTemplateId: settings.launchTemplateId,
    }),
    nodeRole: iam.Role.fromRoleArn(scope, 'NodeRole', settings.nodeRoleArn, { mutable: false }),
    // Only the ARN is used: whether a group belongs to an ALB or an NLB makes no difference here.
    targetGroups: settings.targetGroupArns.map((targetGroupArn, index) =>
      ApplicationTargetGroup.fromTargetGroupAttributes(scope, `TargetGroup${index + 1}`, { targetGroupArn }),
    ),
    baseUrl: settings.baseUrl,
    contextPath: settings.contextPath,
    adminCredentials: Secret.fromSecretCompleteArn(scope, 'Credentials', settings.credentialsSecretArn),
    caCertificate:
      settings.caCertificateSecretArn === undefined
        ? undefined
        : Secret.fromSecretCompleteArn(scope, 'CaCertificate', settings.caCertificateSecretArn),
    ...network(scope, settings),
    ...backupProps(scope, settings.backup),
  };
}

function network(scope: Construct, { vpcId, subnetIds, securityGroupIds }: Settings) {
  const securityGroups = securityGroupIds.map((id, index) =>
    ec2.SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${index + 1}`, id, { mutable: false }),
  );
  return {
    vpc: ec2.Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: [NOT_USED] }),
    vpcSubnets: {
      subnets: subnetIds.map((id, index) =>
        ec2.Subnet.fromSubnetAttributes(scope, `Subnet${index + 1}`, { subnetId: id, routeTableId: NOT_USED }),
      ),
    },
    securityGroups: securityGroups.length > 0 ? securityGroups : undefined,
  };
}
