import { secretArn, targetGroupArn } from './construct';

/** The settings that the deployable app cannot do without, as they come from a command line. */
export const EXAMPLE_CONTEXT: Readonly<Record<string, string>> = {
  groupName: 'bitbucket-nodes',
  launchTemplateId: 'lt-0123456789abcdef0',
  nodeRoleArn: 'arn:aws:iam::111122223333:role/bitbucket-node',
  targetGroupArns: `${targetGroupArn('bitbucket-http')},${targetGroupArn('bitbucket-ssh')}`,
  baseUrl: 'https://bitbucket.example.com',
  credentialsSecretArn: secretArn('bitbucket-admin'),
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  databaseInstanceId: 'bitbucket-db',
  fileServerInstanceId: 'i-0123456789abcdef0',
  sharedHomeVolumeIds: 'vol-0123456789abcdef0',
};
