import { AutoScalingClient, CreateOrUpdateTagsCommand, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateSnapshotsCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsError } from '../../../../simulator/kernel/ports';
import { client } from './support/wire-client';

test('awsQuery: lists, structures, booleans, numbers, times and empty lists arrive and come back', async () => {
  let seen: unknown;
  const made = new Date('2026-01-02T03:04:05.000Z');
  const group = {
    AutoScalingGroupName: 'g',
    MinSize: 1,
    MaxSize: 4,
    DesiredCapacity: 2,
    DefaultCooldown: 300,
    AvailabilityZones: ['a', 'b'],
    HealthCheckType: 'EC2',
    CreatedTime: made,
  };
  const asg = client(AutoScalingClient, 'client-auto-scaling', 'DescribeAutoScalingGroups', (input) => {
    seen = input;
    return {
      AutoScalingGroups: [{ ...group, TargetGroupARNs: [], NewInstancesProtectedFromScaleIn: false, Tags: [{ Key: 'a', Value: '<&">' }] }],
    };
  });
  const answer = await asg.send(
    new DescribeAutoScalingGroupsCommand({
      AutoScalingGroupNames: ['g', 'h'],
      Filters: [{ Name: 'tag:a', Values: ['1', '2'] }],
      MaxRecords: 5,
      IncludeInstances: true,
    }),
  );
  expect(seen).toEqual({
    AutoScalingGroupNames: ['g', 'h'],
    Filters: [{ Name: 'tag:a', Values: ['1', '2'] }],
    MaxRecords: 5,
    IncludeInstances: true,
  });
  expect(answer.AutoScalingGroups).toEqual([
    { ...group, TargetGroupARNs: [], NewInstancesProtectedFromScaleIn: false, Tags: [{ Key: 'a', Value: '<&">' }] },
  ]);
});

test('ec2Query: flattened lists with names of their own arrive and come back', async () => {
  let seen: unknown;
  const ec2 = client(EC2Client, 'client-ec2', 'CreateSnapshots', (input) => {
    seen = input;
    return {
      Snapshots: [{ SnapshotId: 'snap-1', Encrypted: true, VolumeSize: 8, StartTime: new Date(0), Tags: [{ Key: 'k', Value: 'v' }] }],
    };
  });
  const request = {
    InstanceSpecification: { InstanceId: 'i-1', ExcludeBootVolume: true, ExcludeDataVolumeIds: ['vol-1', 'vol-2'] },
    TagSpecifications: [{ ResourceType: 'snapshot' as const, Tags: [{ Key: 'k', Value: 'v' }] }],
  };
  const { Snapshots } = await ec2.send(new CreateSnapshotsCommand(request));
  expect(seen).toEqual(request);
  expect(Snapshots).toEqual([
    { SnapshotId: 'snap-1', Encrypted: true, VolumeSize: 8, StartTime: new Date(0), Tags: [{ Key: 'k', Value: 'v' }] },
  ]);
});

test('awsQuery without a result and with an empty value', async () => {
  let seen: unknown;
  const asg = client(AutoScalingClient, 'client-auto-scaling', 'CreateOrUpdateTags', (input) => ((seen = input), {}));
  await asg.send(
    new CreateOrUpdateTagsCommand({
      Tags: [{ Key: 'k', Value: '', ResourceId: 'g', ResourceType: 'auto-scaling-group', PropagateAtLaunch: false }],
    }),
  );
  expect(seen).toEqual({ Tags: [{ Key: 'k', Value: '', ResourceId: 'g', ResourceType: 'auto-scaling-group', PropagateAtLaunch: false }] });
});

test('awsJson: times and documents of attribute values come back', async () => {
  const startDate = new Date('2026-01-02T03:04:05.678Z');
  const sfn = client(SFNClient, 'client-sfn', 'DescribeExecution', ({ executionArn }: { executionArn: string }) => ({
    executionArn,
    stateMachineArn: 'm',
    status: 'RUNNING',
    startDate,
  }));
  expect(await sfn.send(new DescribeExecutionCommand({ executionArn: 'e' }))).toMatchObject({
    executionArn: 'e',
    status: 'RUNNING',
    startDate,
  });
  const Item = { id: { S: 'x' }, list: { L: [{ N: '1' }, { BOOL: true }] }, bytes: { B: new Uint8Array([1, 2]) } };
  const db = client(DynamoDBClient, 'client-dynamodb', 'GetItem', () => ({ Item }));
  expect((await db.send(new GetItemCommand({ TableName: 't', Key: { id: { S: 'x' } } }))).Item).toEqual(Item);
});

const failing = (code: string) => () => {
  throw new AwsError(code, 'why <not>', 400);
};

test.each([
  [
    'rds',
    () => client(RDSClient, 'client-rds', 'DescribeDBSnapshots', failing('DBSnapshotNotFound')).send(new DescribeDBSnapshotsCommand({})),
    'DBSnapshotNotFoundFault',
    404,
  ],
  [
    'rds, by shape',
    () =>
      client(RDSClient, 'client-rds', 'DescribeDBSnapshots', failing('DBSnapshotNotFoundFault')).send(new DescribeDBSnapshotsCommand({})),
    'DBSnapshotNotFoundFault',
    404,
  ],
  [
    'elbv2',
    () =>
      client(ElasticLoadBalancingV2Client, 'client-elastic-load-balancing-v2', 'DescribeTargetHealth', failing('TargetGroupNotFound')).send(
        new DescribeTargetHealthCommand({ TargetGroupArn: 'x' }),
      ),
    'TargetGroupNotFoundException',
    400,
  ],
  [
    'ec2',
    () =>
      client(EC2Client, 'client-ec2', 'DescribeInstances', failing('InvalidInstanceID.NotFound')).send(new DescribeInstancesCommand({})),
    'InvalidInstanceID.NotFound',
    400,
  ],
  [
    'sfn',
    () =>
      client(SFNClient, 'client-sfn', 'DescribeExecution', failing('ExecutionDoesNotExist')).send(
        new DescribeExecutionCommand({ executionArn: 'e' }),
      ),
    'ExecutionDoesNotExist',
    400,
  ],
  [
    'secrets',
    () =>
      client(SecretsManagerClient, 'client-secrets-manager', 'GetSecretValue', failing('ResourceNotFoundException')).send(
        new GetSecretValueCommand({ SecretId: 's' }),
      ),
    'ResourceNotFoundException',
    400,
  ],
  [
    'ssm',
    () => client(SSMClient, 'client-ssm', 'GetParameter', failing('ParameterNotFound')).send(new GetParameterCommand({ Name: 'n' })),
    'ParameterNotFound',
    400,
  ],
  [
    'sns',
    () => client(SNSClient, 'client-sns', 'Publish', failing('NotFound')).send(new PublishCommand({ Message: 'm' })),
    'NotFoundException',
    404,
  ],
])('%s: the client raises its own error class', async (_service, send, name, status) => {
  await expect(send()).rejects.toMatchObject({ name, message: 'why <not>', $metadata: { httpStatusCode: status } });
});

test.each([
  [
    'ec2',
    () => client(EC2Client, 'client-ec2', 'DescribeInstances', () => ({}), { denied: true }).send(new DescribeInstancesCommand({})),
    'UnauthorizedOperation',
  ],
  [
    'autoscaling',
    () =>
      client(AutoScalingClient, 'client-auto-scaling', 'DescribeAutoScalingGroups', () => ({}), { denied: true }).send(
        new DescribeAutoScalingGroupsCommand({}),
      ),
    'AccessDenied',
  ],
  [
    'ssm',
    () => client(SSMClient, 'client-ssm', 'GetParameter', () => ({}), { denied: true }).send(new GetParameterCommand({ Name: 'n' })),
    'AccessDeniedException',
  ],
  [
    'sns',
    () => client(SNSClient, 'client-sns', 'Publish', () => ({}), { denied: true }).send(new PublishCommand({ Message: 'm' })),
    'AuthorizationErrorException',
  ],
])('%s: a call that no policy allows is refused in the words of that service', async (_service, send, name) => {
  await expect(send()).rejects.toMatchObject({ name, message: expect.stringContaining('User: x is not authorized') as string });
});

test('an operation that is not modelled is refused by name', async () => {
  const ec2 = client(EC2Client, 'client-ec2', 'DescribeInstances', () => ({}));
  await expect(ec2.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: 'i' } }))).rejects.toMatchObject({
    message: 'The simulator does not model ec2:CreateSnapshots.',
    $metadata: { httpStatusCode: 501 },
  });
});

test('a required member that is missing is refused', async () => {
  const ssm = client(SSMClient, 'client-ssm', 'GetParameter', () => ({}));
  await expect(ssm.send(new GetParameterCommand({ Name: undefined }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('Name') as string,
  });
});

test('a fault before the effect prevents it, a fault after it only hides it', async () => {
  for (const when of ['before', 'after'] as const) {
    let calls = 0;
    const fault = { when, code: 'Throttling', message: 'Rate exceeded', status: 400 };
    const asg = client(
      AutoScalingClient,
      'client-auto-scaling',
      'DescribeAutoScalingGroups',
      () => ((calls += 1), { AutoScalingGroups: [] }),
      { fault },
    );
    await expect(asg.send(new DescribeAutoScalingGroupsCommand({}))).rejects.toMatchObject({ name: 'Throttling' });
    expect(calls).toBe(when === 'before' ? 0 : 1);
  }
});

test('a service that answers what the API does not have is a mistake in the simulator', async () => {
  const asg = client(AutoScalingClient, 'client-auto-scaling', 'DescribeAutoScalingGroups', () => ({
    AutoScalingGroups: [{ MinimumSize: 1 }],
  }));
  await expect(asg.send(new DescribeAutoScalingGroupsCommand({}))).rejects.toThrow(
    'DescribeAutoScalingGroups.AutoScalingGroups.0.MinimumSize: the API has no such member',
  );
});
