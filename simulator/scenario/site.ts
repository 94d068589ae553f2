/** Fixed names of the simulated account. The world is built from them, and the deployable app is told them as its settings. */

const account = '111122223333';
const region = 'eu-central-1';
const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${account}:${resource}`;
const loadBalancing = (resource: string): string => arn('elasticloadbalancing', resource);

/** The simulated site: an Auto Scaling group behind an ALB and an NLB, an RDS database, and a file server with two EBS volumes. */
export const SITE = {
  account,
  region,
  groupName: 'bitbucket-nodes',
  launchTemplateId: 'lt-0b17b0c4e7000001a',
  launchTemplateName: 'bitbucket-node',
  instanceType: 'm6i.2xlarge',
  nodeRoleName: 'bitbucket-node',
  nodeRoleArn: `arn:aws:iam::${account}:role/bitbucket-node`,
  instanceProfileArn: `arn:aws:iam::${account}:instance-profile/bitbucket-node`,
  httpTargetGroupArn: loadBalancing('targetgroup/bitbucket-http/6d0ecf831eec9f09'),
  sshTargetGroupArn: loadBalancing('targetgroup/bitbucket-ssh/1f4b9f3a7c2d8e60'),
  host: 'bitbucket.example.com',
  httpPort: 7990,
  sshPort: 7999,
  credentialsSecretArn: arn('secretsmanager', 'secret:bitbucket/admin-Ab12Cd'),
  vpcId: 'vpc-0b17b0c4e7000002b',
  vpcCidr: '10.20.0.0/16',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  subnetIds: ['subnet-0b17b0c4e7000003c', 'subnet-0b17b0c4e7000004d'],
  routeTableIds: ['rtb-0b17b0c4e700000a1', 'rtb-0b17b0c4e700000b2'],
  securityGroupId: 'sg-0b17b0c4e7000005e',
  databaseId: 'bitbucket-db',
  databaseSizeGiB: 100,
  fileServerInstanceId: 'i-0b17b0c4e7000006f',
  volumeIds: ['vol-0b17b0c4e70000070', 'vol-0b17b0c4e70000081'],
  volumeSizeGiB: 500,
  imageTagKey: 'BitbucketVersion',
  topicName: 'bitbucket-upgrades',
} as const;

/** What is in the credentials secret: nothing that is secret, but nothing of it may appear anywhere. */
export const CREDENTIALS = { username: 'svc-rolling-upgrade', password: 'correct-Horse-7&battery' } as const;

/** Base URL of Bitbucket under a context path. */
export function baseUrl(contextPath: string): string {
  return `https://${SITE.host}${contextPath}`;
}

/** The image that holds a version: `9.4.20` is in `ami-0b00009000400020f`. */
export function imageId(version: string): string {
  const [numbers = '', label = ''] = version.split(/-(.*)/s);
  const digits = numbers.split('.').map((part) => part.padStart(4, '0'));
  const ending =
    label === '' ? 0 : 1 + (Array.from(label, (character) => character.charCodeAt(0)).reduce((sum, code) => sum + code, 0) % 255);
  return `ami-0b0${digits.join('')}${ending.toString(16).padStart(2, '0')}`;
}
