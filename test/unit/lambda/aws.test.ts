/** The AWS adapters: errors by name, idempotency, and what is easily asked the wrong way. */
import { AutoScalingClient, DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { alarms } from '../../../lambda/adapters/alarms';
import { translate } from '../../../lambda/adapters/aws-errors';
import { ec2 as ec2Client } from '../../../lambda/adapters/ec2-client';
import { readEnvironment } from '../../../lambda/adapters/environment';
import { executions } from '../../../lambda/adapters/executions';
import { images } from '../../../lambda/adapters/images';
import { instances } from '../../../lambda/adapters/instances';
import { lock } from '../../../lambda/adapters/lock';
import { parameters } from '../../../lambda/adapters/parameters';
import { scalingGroup } from '../../../lambda/adapters/scaling-group';
import { stacks } from '../../../lambda/adapters/stacks';
import { ENV } from '../../../lib/contract/environment';

const autoScaling = mockClient(AutoScalingClient);
const ec2 = mockClient(EC2Client);
const dynamo = mockClient(DynamoDBClient);
const sfn = mockClient(SFNClient);
const ssm = mockClient(SSMClient);
const cloudWatch = mockClient(CloudWatchClient);
const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => {
  [autoScaling, ec2, dynamo, sfn, ssm, cloudWatch, cloudFormation].forEach((mock) => mock.reset());
});

const coded = (name: string, extra: object = {}): Error => Object.assign(new Error('said'), { name, ...extra });

describe('an error of AWS', () => {
  test.each([
    ['ThrottlingException', {}, 'AwsThrottled'],
    ['RequestLimitExceeded', {}, 'AwsThrottled'],
    ['SnapshotCreationPerVolumeRateExceeded', {}, 'AwsThrottled'],
    ['UnauthorizedOperation', {}, 'AccessDenied'],
    ['AccessDeniedException', {}, 'AccessDenied'],
    ['AccessDenied', { $metadata: { httpStatusCode: 403 } }, 'AccessDenied'],
    ['InternalFailure', { $metadata: { httpStatusCode: 500 } }, 'AwsUnavailable'],
    ['ResourceContentionFault', { $metadata: { httpStatusCode: 400 } }, 'AwsUnavailable'],
    ['Error', { code: 'ECONNRESET' }, 'AwsUnavailable'],
    ['TimeoutError', {}, 'AwsUnavailable'],
    ['ValidationError', { $metadata: { httpStatusCode: 400 } }, 'AwsRejected'],
  ])('%s %j becomes %s', (name, extra, expected) => {
    const error = translate(coded(name, extra), 'EnterStandby of i-1');
    expect(error.name).toBe(expected);
    expect(error.message).toContain('EnterStandby of i-1');
  });
  test('is known by its code where the name is that of a shape', () => {
    expect(translate(coded('SomethingFault', { Code: 'Throttling' }), 'x').name).toBe('AwsThrottled');
  });
});

describe('the group', () => {
  const described = {
    AutoScalingGroupName: 'g',
    MinSize: 1,
    MaxSize: 4,
    DesiredCapacity: 2,
    DefaultCooldown: 0,
    AvailabilityZones: [],
    HealthCheckType: 'ELB',
    CreatedTime: new Date(0),
    TargetGroupARNs: ['arn:tg'],
    SuspendedProcesses: [{ ProcessName: 'AZRebalance' }],
    Tags: [{ Key: 'k', Value: 'v' }],
    Instances: [
      {
        InstanceId: 'i-1',
        LifecycleState: 'InService' as const,
        AvailabilityZone: 'a',
        HealthStatus: 'Healthy',
        ProtectedFromScaleIn: false,
      },
    ],
  };
  const mixed = {
    InstancesDistribution: { OnDemandBaseCapacity: 1 },
    LaunchTemplate: {
      LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'name', Version: '3' },
      Overrides: [{ InstanceType: 'm5.large' }],
    },
  };
  const answer = (change: object): void => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...described, ...change }] });
  };

  test('is observed with its launch template, wherever it names it', async () => {
    answer({ LaunchTemplate: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'name', Version: '$Latest' } });
    await expect(scalingGroup('g').observe()).resolves.toMatchObject({
      sizes: { min: 1, max: 4, desired: 2 },
      tags: { k: 'v' },
      launchTemplate: { id: 'lt-1', versionSpec: '$Latest', within: 'group' },
    });
    answer({ MixedInstancesPolicy: mixed });
    await expect(scalingGroup('g').observe()).resolves.toMatchObject({
      launchTemplate: { versionSpec: '3', within: 'mixed-instances-policy' },
      overridesWithTemplates: [],
    });
    answer({ LaunchTemplate: { LaunchTemplateId: 'lt-1' } });
    await expect(scalingGroup('g').observe()).resolves.toMatchObject({ launchTemplate: { versionSpec: '$Default' } });
    answer({ LaunchConfigurationName: 'lc' });
    expect((await scalingGroup('g').observe()).launchTemplate).toBeUndefined();
  });
  test('that is gone says so', async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    await expect(scalingGroup('g').observe()).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
  test('keeps its mixed instances policy but for the version, and names the template once', async () => {
    answer({ MixedInstancesPolicy: mixed });
    autoScaling.on(UpdateAutoScalingGroupCommand).resolves({});
    await scalingGroup('g').useTemplateVersion('4');
    expect(autoScaling.commandCalls(UpdateAutoScalingGroupCommand)[0]?.args[0].input).toEqual({
      AutoScalingGroupName: 'g',
      MixedInstancesPolicy: {
        ...mixed,
        LaunchTemplate: { ...mixed.LaunchTemplate, LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '4' } },
      },
    });
  });
});

describe('instances', () => {
  test('are asked by filter, so that an unknown one is no error, and many at a time', async () => {
    ec2
      .on(DescribeInstancesCommand)
      .resolves({ Reservations: [{ Instances: [{ InstanceId: 'i-1', LaunchTime: new Date(0), State: { Name: 'running' } }] }] });
    const ids = Array.from({ length: 201 }, (_, n) => `i-${n}`);
    await expect(instances().describe(ids)).resolves.toMatchObject([
      { instanceId: 'i-1', state: 'running', launchedAt: '1970-01-01T00:00:00.000Z' },
      {},
    ]);
    expect(ec2.commandCalls(DescribeInstancesCommand).map((call) => call.args[0].input.Filters?.[0]?.Values?.length)).toEqual([200, 1]);
    await expect(instances().describe([])).resolves.toEqual([]);
  });
});

describe('an image', () => {
  test('that does not exist is none', async () => {
    ec2.on(DescribeImagesCommand).rejects(coded('InvalidAMIID.NotFound'));
    await expect(images().byId('ami-1')).resolves.toBeUndefined();
  });
  test('with a tag are found by its key, page by page', async () => {
    ec2
      .on(DescribeImagesCommand)
      .resolvesOnce({ Images: [{ ImageId: 'ami-1', Tags: [{ Key: 'V', Value: '9.4.23' }] }], NextToken: 'more' })
      .resolvesOnce({ Images: [{ ImageId: 'ami-2' }] });
    const found = await images().withTag('V', ['self', '111122223333']);
    expect(found.map(({ imageId, tags }) => [imageId, tags['V']])).toEqual([
      ['ami-1', '9.4.23'],
      ['ami-2', undefined],
    ]);
    const [first, second] = ec2.commandCalls(DescribeImagesCommand).map((call) => call.args[0].input);
    expect(first).toMatchObject({ Owners: ['self', '111122223333'], Filters: [{ Name: 'tag-key', Values: ['V'] }] });
    expect(second?.NextToken).toBe('more');
  });
});

describe('parameters', () => {
  test('under a prefix are read page by page, by a path that a policy on what is under it covers', async () => {
    ssm
      .on(GetParametersByPathCommand)
      .resolvesOnce({ Parameters: [{ Name: '/ami/9.4.22', Value: ' ami-1 ' }], NextToken: 'more' })
      .resolvesOnce({ Parameters: [{ Name: '/ami/9.4.23', Value: 'ami-2' }] });
    await expect(parameters().under('/ami')).resolves.toEqual([
      { name: '/ami/9.4.22', value: 'ami-1' },
      { name: '/ami/9.4.23', value: 'ami-2' },
    ]);
    expect(ssm.commandCalls(GetParametersByPathCommand)[1]?.args[0].input).toEqual({ Path: '/ami/', NextToken: 'more' });
  });
});

describe('the lock', () => {
  test('is taken and given back on condition', async () => {
    dynamo.on(PutItemCommand).rejects(coded('ConditionalCheckFailedException'));
    dynamo.on(DeleteItemCommand).rejects(coded('ConditionalCheckFailedException'));
    const holder = { owner: 'me', since: 'now' };
    await expect(lock('t').take('c', holder, undefined)).resolves.toBe(false);
    await expect(lock('t').release('c', 'me')).resolves.toBe(false);
    dynamo.on(PutItemCommand).resolves({});
    await expect(lock('t').take('c', holder, { owner: 'dead', since: '' })).resolves.toBe(true);
    const [first, second] = dynamo.commandCalls(PutItemCommand).map((call) => call.args[0].input);
    expect(first?.ConditionExpression).toContain('attribute_not_exists');
    expect(second?.ExpressionAttributeValues).toMatchObject({ ':instead': { S: 'dead' } });
  });
  test('holder that is not known any more does not run', async () => {
    sfn.on(DescribeExecutionCommand).rejects(coded('ExecutionDoesNotExist'));
    await expect(executions().isRunning('arn')).resolves.toBe(false);
    await expect(executions().look('arn')).resolves.toEqual({ isRunning: false, startedAt: undefined });
    sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING', startDate: new Date('2026-01-06T01:00:00Z') });
    await expect(executions().isRunning('arn')).resolves.toBe(true);
    await expect(executions().look('arn')).resolves.toEqual({ isRunning: true, startedAt: '2026-01-06T01:00:00.000Z' });
  });
});

describe('alarms', () => {
  test('of both types are asked by name; one that does not exist is not told', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [{ AlarmName: 'errors', StateValue: 'OK' }],
      CompositeAlarms: [{ AlarmName: 'all', StateValue: 'ALARM' }],
    });
    await expect(alarms().states(['errors', 'all', 'gone'])).resolves.toEqual(
      new Map([
        ['errors', 'OK'],
        ['all', 'ALARM'],
      ]),
    );
    expect(cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toMatchObject({
      AlarmNames: ['errors', 'all', 'gone'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    });
    await expect(alarms().states([])).resolves.toEqual(new Map());
  });
});

describe('a stack', () => {
  test('has a status, unless there is none', async () => {
    const CreationTime = new Date(0);
    cloudFormation
      .on(DescribeStacksCommand)
      .resolvesOnce({ Stacks: [{ StackName: 's', CreationTime, StackStatus: 'UPDATE_IN_PROGRESS' }] })
      .rejects(coded('ValidationError'));
    await expect(stacks().status('arn:stack')).resolves.toBe('UPDATE_IN_PROGRESS');
    await expect(stacks().status('arn:stack')).resolves.toBeUndefined();
  });
});

test('no client tries again by itself: that is left to the state machine', async () => {
  expect(await ec2Client().config.maxAttempts()).toBe(1);
});

describe('the environment', () => {
  test('tells everything that is missing or malformed at once', () => {
    const read = () =>
      readEnvironment(
        (from) => ({
          group: from.text(ENV.GROUP_NAME),
          limits: from.limits(),
          images: from.nodeImages(),
          capacity: from.capacity(),
          access: from.bitbucket(),
        }),
        {
          [ENV.LIMITS]: '{"bootTimeout": 0}',
          [ENV.NODE_IMAGES]: '{',
          [ENV.CAPACITY]: 'half',
          [ENV.NODE_PROTOCOL]: 'gopher',
          [ENV.NODE_PORT]: 'x',
          [ENV.BASE_URL]: 'bitbucket',
        },
      );
    expect(read).toThrow(expect.objectContaining({ name: 'ConfigurationInvalid' }) as Error);
    for (const name of [
      ENV.GROUP_NAME,
      ENV.LIMITS,
      ENV.NODE_IMAGES,
      ENV.CAPACITY,
      ENV.NODE_PROTOCOL,
      ENV.NODE_PORT,
      ENV.BASE_URL,
      ENV.CREDENTIALS_SECRET_ARN,
    ]) {
      expect(read).toThrow(name);
    }
  });
  test('tells how new nodes are watched, and what follows a failure', () => {
    const read = (variables: NodeJS.ProcessEnv) =>
      readEnvironment(
        (from) => ({ bake: from.bake(), policy: from.failurePolicy(), budget: from.count(ENV.REPLACEMENT_BUDGET) }),
        variables,
      );
    const bake = { first: 600, each: 0, alarms: ['errors'] };
    expect(read({ [ENV.BAKE]: JSON.stringify(bake), [ENV.FAILURE_POLICY]: 'go-forward', [ENV.REPLACEMENT_BUDGET]: '0' })).toEqual({
      bake,
      policy: 'go-forward',
      budget: 0,
    });
    const wrong = () => read({ [ENV.BAKE]: '{"first": -1}', [ENV.FAILURE_POLICY]: 'pray', [ENV.REPLACEMENT_BUDGET]: 'two' });
    for (const name of [ENV.BAKE, ENV.FAILURE_POLICY, ENV.REPLACEMENT_BUDGET]) expect(wrong).toThrow(name);
  });
  test('is read without a trailing slash of the base URL', () => {
    const access = readEnvironment((from) => from.bitbucket(), {
      [ENV.BASE_URL]: 'https://bitbucket.example.com/git/',
      [ENV.NODE_PORT]: '7990',
      [ENV.NODE_PROTOCOL]: 'http',
      [ENV.CREDENTIALS_SECRET_ARN]: 'arn',
    });
    expect(access).toMatchObject({ baseUrl: 'https://bitbucket.example.com/git', nodePort: 7990, caCertificateSecretArn: '' });
  });
});
