import { refusal, world } from './world';

const TEMPLATE = { LaunchTemplateId: 'lt-1' };
const RUN = { LaunchTemplate: { ...TEMPLATE, Version: '$Latest' }, MinCount: 1, MaxCount: 1 };

test.each([
  ['RunInstances', RUN],
  ['RunInstances', { ...RUN, ImageId: 'ami-new', SubnetId: 'subnet-a' }],
  ['CreateLaunchTemplateVersion', { ...TEMPLATE, SourceVersion: '1', LaunchTemplateData: { ImageId: 'ami-new' } }],
  ['ModifyLaunchTemplate', { ...TEMPLATE, DefaultVersion: '1' }],
  ['CreateTags', { Resources: ['i-1'], Tags: [] }],
  ['DescribeInstances', {}],
])('%s that would work answers DryRunOperation and changes nothing: %j', (name, input) => {
  const w = world();
  const before = [w.cloud.launchTemplate('lt-1').versions.length, w.cloud.instances().length];
  expect(refusal(() => w.call(name, { ...input, DryRun: true }))).toBe(
    'DryRunOperation: Request would have succeeded, but DryRun flag is set.',
  );
  expect([w.cloud.launchTemplate('lt-1').versions.length, w.cloud.instances().length]).toEqual(before);
});

test.each([
  ['RunInstances', { ...RUN, LaunchTemplate: { LaunchTemplateId: 'lt-2' } }, 'InvalidLaunchTemplateId.NotFound'],
  ['RunInstances', { ...RUN, LaunchTemplate: { ...TEMPLATE, Version: '7' } }, 'InvalidLaunchTemplateId.VersionNotFound'],
  ['RunInstances', { ...RUN, ImageId: 'ami-none' }, 'InvalidAMIID.NotFound'],
  ['RunInstances', { ...RUN, ImageId: 'ami-broken' }, 'InvalidAMIID.Unavailable'],
  ['RunInstances', { ...RUN, UserData: 'x' }, 'does not model UserData'],
  ['ModifyLaunchTemplate', { LaunchTemplateId: 'lt-2' }, 'InvalidLaunchTemplateId.NotFound'],
])('%s that would fail says so: %j', (name, input, expected) => {
  const w = world();
  w.cloud.addImage({ id: 'ami-broken', name: 'broken', state: 'failed' });
  expect(refusal(() => w.call(name, { ...input, DryRun: true }))).toContain(expected);
});

test('without the flag the calls are carried out, but instances are launched by groups only', () => {
  const w = world();
  w.call('CreateLaunchTemplateVersion', { ...TEMPLATE, DryRun: false, LaunchTemplateData: { ImageId: 'ami-new' } });
  expect(w.cloud.launchTemplate('lt-1').versions).toHaveLength(2);
  expect(refusal(() => w.call('RunInstances', RUN))).toContain('only as a dry run');
});

test('launching another image than the template says is authorized for that image, and where', () => {
  const asked = world().authorize('RunInstances', { ...RUN, ImageId: 'ami-new', SubnetId: 'subnet-a' });
  const image = asked.find(({ resources }) => resources[0]?.includes(':image/'));
  expect(image).toMatchObject({
    resources: ['arn:aws:ec2:eu-west-1::image/ami-new'],
    context: { 'ec2:IsLaunchTemplateResource': 'false' },
  });
  expect(asked.map(({ action }) => action)).toEqual(expect.arrayContaining(['ec2:CreateTags', 'iam:PassRole']));
  expect(asked.flatMap(({ resources }) => resources)).toContain('arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-a');
});

test('an image tells its root device, architecture and the encryption of its volumes', () => {
  const w = world();
  const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
  const volume = { deviceName: '/dev/xvda', snapshotId: 'snap-1', sizeGiB: 80, encrypted: true, kmsKeyArn };
  w.cloud.addImage({ id: 'ami-arm', name: 'arm', architecture: 'arm64', volumes: [volume], deprecatedAt: 0 });
  w.cloud.addImage({ id: 'ami-plain', name: 'plain', volumes: [{ ...volume, encrypted: false }], rootDeviceType: 'instance-store' });
  const { Images: images } = w.call<{ Images: object[] }>('DescribeImages', { ImageIds: ['ami-arm', 'ami-plain'] });
  expect(images).toMatchObject([
    {
      Architecture: 'arm64',
      DeprecationTime: '1970-01-01T00:00:00.000Z',
      RootDeviceType: 'ebs',
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: kmsKeyArn, VolumeSize: 80 } }],
    },
    { Architecture: 'x86_64', RootDeviceType: 'instance-store', BlockDeviceMappings: [{ Ebs: { Encrypted: false } }] },
  ]);
});
