/** The adapters of volumes, their snapshots, and the freeze: what is asked of AWS, and what its answers and errors mean. */
import {
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DescribeInstanceTypesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetCommandInvocationCommand, SSMClient, SendCommandCommand } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { freezeCommands } from '../../../../lambda/adapters/freeze-commands';
import { volumeSnapshots } from '../../../../lambda/adapters/volume-snapshots';
import { volumes } from '../../../../lambda/adapters/volumes';
import { BACKUP_TAGS } from '../../../../lib/contract/tags';
import { NOW } from '../support/build';
import { server, snapshot } from './support/build';

const ec2 = mockClient(EC2Client);
const ssm = mockClient(SSMClient);
beforeEach(() => {
  ec2.reset();
  ssm.reset();
});

const coded = (name: string): Error => Object.assign(new Error('said'), { name });

describe('snapshots of volumes', () => {
  test('are found by exact tags: no wildcard, no copy', async () => {
    ec2
      .on(DescribeSnapshotsCommand)
      .resolvesOnce({ Snapshots: [{ SnapshotId: 'snap-1', VolumeId: 'vol-1', State: 'completed', StartTime: NOW }], NextToken: 'next' })
      .resolves({ Snapshots: [{ SnapshotId: 'snap-2', VolumeId: 'vol-ffffffff' }], NextToken: '' });
    expect((await volumeSnapshots().made({ clusterName: 'a*b?\\', part: 'shared-home' })).map(({ id }) => id)).toEqual(['snap-1']);
    const [first, second] = ec2.commandCalls(DescribeSnapshotsCommand).map((call) => call.args[0].input);
    expect(first).toMatchObject({
      OwnerIds: ['self'],
      Filters: [{ Name: `tag:${BACKUP_TAGS.cluster}`, Values: ['a\\*b\\?\\\\'] }, { Name: `tag:${BACKUP_TAGS.part}` }],
    });
    expect(second?.NextToken).toBe('next');
  });
  test('leave out the root volume without naming it, and every other volume by its id', async () => {
    ec2
      .on(CreateSnapshotsCommand)
      .resolves({ Snapshots: [{ SnapshotId: 'snap-1', VolumeId: 'vol-1', State: 'pending', Progress: '12%', VolumeSize: 5 }] });
    await expect(volumeSnapshots().begin(server(), ['vol-1'], 'text', { a: 'b' })).resolves.toMatchObject([
      { id: 'snap-1', state: 'pending', percent: 12, sizeGiB: 5 },
    ]);
    expect(ec2.commandCalls(CreateSnapshotsCommand)[0]?.args[0].input).toEqual({
      InstanceSpecification: { InstanceId: 'i-nfs', ExcludeBootVolume: true, ExcludeDataVolumeIds: ['vol-2'] },
      Description: 'text',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    await volumeSnapshots().begin(server(), ['vol-1', 'vol-2'], 'text', {});
    expect(ec2.commandCalls(CreateSnapshotsCommand)[1]?.args[0].input.InstanceSpecification?.ExcludeDataVolumeIds).toBeUndefined();
  });
  test('that are refused for the moment are no error', async () => {
    ec2.on(CreateSnapshotsCommand).rejectsOnce(coded('SnapshotCreationPerVolumeRateExceeded')).rejects(coded('RequestLimitExceeded'));
    await expect(volumeSnapshots().begin(server(), ['vol-1'], '', {})).resolves.toEqual({
      refused: 'SnapshotCreationPerVolumeRateExceeded',
      message: 'said',
    });
    await expect(volumeSnapshots().begin(server(), ['vol-1'], '', {})).rejects.toMatchObject({ name: 'AwsThrottled' });
  });
  test('in progress are those of the volumes, whoever makes them', async () => {
    ec2.on(DescribeSnapshotsCommand).resolves({});
    await volumeSnapshots().inProgress(['vol-1']);
    expect(ec2.commandCalls(DescribeSnapshotsCommand)[0]?.args[0].input.Filters).toEqual([
      { Name: 'volume-id', Values: ['vol-1'] },
      { Name: 'status', Values: ['pending'] },
    ]);
    await expect(volumeSnapshots().inProgress([])).resolves.toEqual([]);
  });
  test('are marked, and deleted also while they are in progress', async () => {
    ec2.on(CreateTagsCommand).resolves({});
    ec2
      .on(DeleteSnapshotCommand)
      .resolvesOnce({})
      .rejectsOnce(coded('InvalidSnapshot.NotFound'))
      .rejectsOnce(coded('InvalidSnapshot.InUse'))
      .rejects(coded('UnauthorizedOperation'));
    const one = snapshot('snap-1', 'vol-1', { state: 'pending' });
    await volumeSnapshots().mark(one);
    expect(ec2.commandCalls(CreateTagsCommand)[0]?.args[0].input).toEqual({
      Resources: ['snap-1'],
      Tags: [{ Key: BACKUP_TAGS.finished, Value: 'yes' }],
    });
    await expect(volumeSnapshots().discard(one)).resolves.toBe('gone');
    await expect(volumeSnapshots().discard(one)).resolves.toBe('gone');
    await expect(volumeSnapshots().discard(one)).resolves.toBe('in-use');
    await expect(volumeSnapshots().discard(one)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('volumes', () => {
  test('are told with where they are attached; one that is being detached is not', async () => {
    ec2.on(DescribeVolumesCommand).resolves({
      Volumes: [
        {
          VolumeId: 'vol-1',
          State: 'in-use',
          Attachments: [
            { InstanceId: 'i-1', Device: '/dev/xvdf', State: 'attached' },
            { InstanceId: 'i-2', State: 'detaching' },
          ],
          Tags: [{ Key: 'k', Value: 'v' }],
        },
      ],
    });
    await expect(volumes().byIds(['vol-1'])).resolves.toMatchObject([
      { id: 'vol-1', attachments: [{ instanceId: 'i-1', device: '/dev/xvdf' }] },
    ]);
    await expect(volumes().byTag('k', 'v')).resolves.toHaveLength(1);
    await expect(volumes().byTag('k', '*')).resolves.toEqual([]);
  });
  test('of an instance are its root volume and its data volumes', async () => {
    ec2.on(DescribeInstancesCommand).resolves({
      Reservations: [
        {
          Instances: [
            {
              InstanceType: 'm6i.large',
              State: { Name: 'running' },
              RootDeviceName: '/dev/xvda',
              RootDeviceType: 'ebs',
              BlockDeviceMappings: [
                ['/dev/xvda', 'vol-root'],
                ['/dev/xvdf', 'vol-1'],
                ['/dev/xvdg', 'vol-2'],
              ].map(([DeviceName, VolumeId]) => ({ DeviceName, Ebs: { VolumeId } })),
            },
          ],
        },
      ],
    });
    await expect(volumes().server('i-nfs')).resolves.toEqual(server());
    ec2.on(DescribeInstancesCommand).resolves({});
    await expect(volumes().server('i-nfs')).resolves.toBeUndefined();
  });
  test('of instance store are a matter of the type', async () => {
    ec2
      .on(DescribeInstanceTypesCommand)
      .resolvesOnce({ InstanceTypes: [{ InstanceStorageSupported: true }] })
      .rejects(coded('InvalidInstanceType'));
    await expect(volumes().hasInstanceStore('m6id.large')).resolves.toBe(true);
    await expect(volumes().hasInstanceStore('x')).resolves.toBe(false);
  });
});

describe('commands that freeze', () => {
  const freeze = { documentName: 'Freeze', mountPoints: ['/a', '/b'], limitSeconds: 60 };

  test('are sent with the parameters of the document', async () => {
    ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'c' } });
    await expect(freezeCommands().send('i-nfs', freeze, 'freeze')).resolves.toBe('c');
    expect(ssm.commandCalls(SendCommandCommand)[0]?.args[0].input).toMatchObject({
      DocumentName: 'Freeze',
      InstanceIds: ['i-nfs'],
      Parameters: { Action: ['freeze'], MountPoints: ['/a /b'], LimitSeconds: ['60'] },
    });
  });
  test('to an instance that Systems Manager does not manage say what it needs', async () => {
    ssm.on(SendCommandCommand).rejects(coded('InvalidInstanceId'));
    await expect(freezeCommands().send('i-nfs', freeze, 'freeze')).rejects.toMatchObject({
      name: 'BackupFailed',
      message: expect.stringContaining('SSM agent') as string,
    });
  });
  test.each([
    ['Pending', 'running'],
    ['InProgress', 'running'],
    ['Delayed', 'running'],
    ['Success', 'done'],
    ['Failed', 'failed'],
    ['TimedOut', 'failed'],
    ['Cancelled', 'failed'],
  ] as const)('that are %s are %s', async (Status, state) => {
    ssm.on(GetCommandInvocationCommand).resolves({ Status, StandardErrorContent: 'busy\n' });
    await expect(freezeCommands().look('c', 'i-nfs')).resolves.toEqual({ state, said: `${Status}: busy` });
  });
  test('are not known right after they were sent', async () => {
    ssm.on(GetCommandInvocationCommand).rejects(coded('InvocationDoesNotExist'));
    await expect(freezeCommands().look('c', 'i-nfs')).resolves.toBeUndefined();
  });
});
