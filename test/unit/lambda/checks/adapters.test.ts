/** What the checks ask AWS, and what they make of the answers. */
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLaunchTemplateVersionCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  ModifyLaunchTemplateCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { ENV } from '../../../../lib/contract/environment';
import { calendars } from '../../../../lambda/adapters/calendars';
import { readEnvironment } from '../../../../lambda/adapters/environment';
import { groupDetails } from '../../../../lambda/adapters/group-details';
import { imageInspection } from '../../../../lambda/adapters/image-details';
import { metrics } from '../../../../lambda/adapters/metrics';
import { rehearsal } from '../../../../lambda/adapters/rehearsal';
import { NEW_IMAGE, NOW, at, plan } from '../support/build';

process.env['AWS_REGION'] = 'eu-west-1';
const autoScaling = mockClient(AutoScalingClient);
const cloudWatch = mockClient(CloudWatchClient);
const ec2 = mockClient(EC2Client);
const ssm = mockClient(SSMClient);
beforeEach(() => {
  for (const client of [autoScaling, cloudWatch, ec2, ssm]) client.reset();
});
const error = (name: string, message = '') => Object.assign(new Error(message), { name });

describe('dry runs', () => {
  const wouldWork = error('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
  test('try every call that launches the new image, and none is made', async () => {
    ec2.rejects(wouldWork);
    const given = plan({ launchTemplate: { id: 'lt-1', versionSpec: '$Default', version: '7', within: 'group' } });
    expect(await rehearsal().launch(given, 'subnet-1')).toEqual(
      ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate', 'ec2:RunInstances'].map((call) => ({ call, refused: '' })),
    );
    expect(ec2.commandCalls(RunInstancesCommand)[0]?.args[0].input).toEqual({
      LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '7' },
      ImageId: NEW_IMAGE,
      SubnetId: 'subnet-1',
      MinCount: 1,
      MaxCount: 1,
      DryRun: true,
    });
    for (const call of ec2.calls()) expect(call.args[0].input).toMatchObject({ DryRun: true });
    expect(ec2.commandCalls(ModifyLaunchTemplateCommand)).toHaveLength(1);
  });
  test('tell what is not allowed, without what nobody can read', async () => {
    ec2.on(CreateLaunchTemplateVersionCommand).rejects(wouldWork);
    ec2
      .on(RunInstancesCommand)
      .rejects(
        error(
          'UnauthorizedOperation',
          'You are not authorized: explicit deny in a service control policy. Encoded authorization failure message: abc',
        ),
      );
    expect(await rehearsal().launch(plan(), undefined)).toContainEqual({
      call: 'ec2:RunInstances',
      refused: 'UnauthorizedOperation: You are not authorized: explicit deny in a service control policy.',
    });
  });
  test('leave to other checks what is not about permissions, and come again when EC2 is busy', async () => {
    ec2.rejects(error('InvalidAMIID.NotFound'));
    expect((await rehearsal().launch(plan(), 'subnet-1')).every(({ refused }) => refused === '')).toBe(true);
    ec2.rejects(error('RequestLimitExceeded'));
    await expect(rehearsal().launch(plan(), 'subnet-1')).rejects.toMatchObject({ name: 'AwsThrottled' });
  });
  test('are not made without an image', async () => {
    expect(await rehearsal().launch(plan({ targetImageId: '' }), 'subnet-1')).toEqual([]);
    expect(ec2.calls()).toHaveLength(0);
  });
});

test('the CPU of each instance comes in its own series, from every page', async () => {
  cloudWatch
    .on(GetMetricDataCommand)
    .resolvesOnce({ NextToken: 'more', MetricDataResults: [{ Id: 'cpu0', Timestamps: [NOW], Values: [40] }] })
    .resolvesOnce({ MetricDataResults: [{ Id: 'cpu0', Timestamps: [at(300)], Values: [50] }, { Id: 'cpu1' }] });
  expect(await metrics().cpu(['i-1', 'i-2'], at(-3600), NOW)).toEqual([
    [
      { time: NOW.toISOString(), value: 40 },
      { time: at(300).toISOString(), value: 50 },
    ],
    [],
  ]);
  expect(cloudWatch.commandCalls(GetMetricDataCommand)[1]?.args[0].input).toMatchObject({
    NextToken: 'more',
    StartTime: at(-3600),
    EndTime: NOW,
  });
});

test('calendars are asked one by one', async () => {
  ssm.on(GetCalendarStateCommand).resolves({ State: 'CLOSED', NextTransitionTime: '2026-03-02T06:00:00Z' });
  expect(await calendars().state('freeze')).toEqual({ name: 'freeze', state: 'CLOSED', until: '2026-03-02T06:00:00Z' });
  expect(ssm.commandCalls(GetCalendarStateCommand)[0]?.args[0].input).toEqual({ CalendarNames: ['freeze'] });
});

describe('the group', () => {
  test('tells its protection, lifetime, warm pool and subnets', async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({
      AutoScalingGroups: [
        {
          NewInstancesProtectedFromScaleIn: true,
          Instances: [
            { InstanceId: 'i-1', ProtectedFromScaleIn: true },
            { InstanceId: 'i-2', ProtectedFromScaleIn: false },
          ],
          MaxInstanceLifetime: 86_400,
          WarmPoolConfiguration: { Status: 'PendingDelete' },
          WarmPoolSize: 3,
          VPCZoneIdentifier: 'subnet-1,subnet-2',
        } as never,
      ],
    });
    expect(await groupDetails('nodes').settings()).toEqual({
      newInstancesProtected: true,
      protectedInstances: ['i-1'],
      maximumLifetime: 86_400,
      warmPool: { instances: 3, status: 'PendingDelete' },
      subnets: ['subnet-1', 'subnet-2'],
    });
  });
  test('tells its scheduled actions, from every page, and its hooks', async () => {
    autoScaling
      .on(DescribeScheduledActionsCommand)
      .resolvesOnce({ NextToken: 'more', ScheduledUpdateGroupActions: [{ ScheduledActionName: 'grow', StartTime: NOW }] })
      .resolvesOnce({ ScheduledUpdateGroupActions: [{ ScheduledActionName: 'over' }] });
    autoScaling.on(DescribeLifecycleHooksCommand).resolves({
      LifecycleHooks: [
        {
          LifecycleHookName: 'up',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          HeartbeatTimeout: 60,
          DefaultResult: 'CONTINUE',
        },
        { LifecycleHookName: 'down', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING' },
      ],
    });
    expect(await groupDetails('nodes').scheduledActions()).toEqual([{ name: 'grow', at: NOW.toISOString() }]);
    expect(await groupDetails('nodes').hooks()).toEqual([
      { name: 'up', transition: 'launching', heartbeat: 60, otherwise: 'CONTINUE' },
      { name: 'down', transition: 'terminating', heartbeat: 3600, otherwise: 'ABANDON' },
    ]);
  });
});

describe('an image', () => {
  test('tells what it takes to launch it', async () => {
    ec2.on(DescribeImagesCommand).resolves({
      Images: [
        {
          ImageId: NEW_IMAGE,
          State: 'available',
          Architecture: 'arm64',
          RootDeviceType: 'ebs',
          VirtualizationType: 'hvm',
          DeprecationTime: '2027-01-01T00:00:00.000Z',
          BlockDeviceMappings: [
            { Ebs: { Encrypted: true, SnapshotId: 'snap-1' } },
            { Ebs: { Encrypted: true, SnapshotId: 'snap-2', KmsKeyId: 'arn:key' } },
            { Ebs: { SnapshotId: 'snap-3' } },
          ],
        },
      ],
    });
    expect(await imageInspection().byId(NEW_IMAGE)).toMatchObject({
      architecture: 'arm64',
      keys: ['arn:key'],
      encryptedSnapshots: ['snap-1'],
      deprecatedAt: '2027-01-01T00:00:00.000Z',
    });
  });
  test('that is not there is undefined; its snapshots tell their keys', async () => {
    ec2.on(DescribeImagesCommand).rejects(error('InvalidAMIID.NotFound'));
    ec2.on(DescribeSnapshotsCommand).resolves({ Snapshots: [{ KmsKeyId: 'arn:key' }, { KmsKeyId: 'arn:key' }, {}] });
    expect(await imageInspection().byId(NEW_IMAGE)).toBeUndefined();
    expect(await imageInspection().keys(['snap-1', 'snap-2'])).toEqual(['arn:key']);
    expect(await imageInspection().keys([])).toEqual([]);
    expect(ec2.commandCalls(DescribeSnapshotsCommand)).toHaveLength(1);
  });
});

test.each([
  ['{"changeCalendars": [], "alarms": [], "maxCpu": 75, "loadHours": 24}', undefined],
  ['{"changeCalendars": [], "alarms": [], "maxCpu": 75}', /CHECKS must have lists/],
  ['{"changeCalendars": "x", "alarms": [], "maxCpu": 75, "loadHours": 24}', /CHECKS must have lists/],
  ['', /CHECKS is missing/],
  ['{', /CHECKS must be JSON/],
])('the construct says what to look at: %s', (value, problem) => {
  const read = () => readEnvironment((reader) => reader.checks(), { [ENV.CHECKS]: value });
  if (problem) expect(read).toThrow(problem);
  else expect(read()).toMatchObject({ maxCpu: 75 });
});
