import type { Filter, Volume as Ec2Volume, _InstanceType } from '@aws-sdk/client-ec2';
import { DescribeInstanceTypesCommand, DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import type { Volume } from '../core/backup/volumes';
import type { Volumes } from '../ports/snapshots';
import { aws, awsUnless } from './aws-errors';
import { ec2 } from './ec2-client';
import { tagFilter, tagsFrom } from './ec2-tags';
import { allPages } from './pages';

/** EBS volumes and the instances that they are attached to. Asked by filter: what is not known is left out. */
export const volumes = (): Volumes => ({
  byIds: (volumeIds) => describe(volumeIds.join(', '), { Name: 'volume-id', Values: [...volumeIds] }),
  // Filters take wildcards, and a value may hold them: only what is equal counts.
  byTag: async (key, value) => (await describe(`tagged ${key}`, tagFilter(key, value))).filter(({ tags }) => tags[key] === value),
  server: async (instanceId) => {
    const { Reservations: [reservation] = [] } = await aws(`DescribeInstances of ${instanceId}`, () =>
      ec2().send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [instanceId] }] })),
    );
    const instance = reservation?.Instances?.[0];
    if (!instance) return undefined;
    const { RootDeviceName, BlockDeviceMappings = [] } = instance;
    const ids = (isRoot: boolean): string[] =>
      BlockDeviceMappings.filter(({ DeviceName }) => (DeviceName === RootDeviceName) === isRoot).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []);
    return {
      instanceId,
      state: instance.State?.Name ?? 'unknown',
      instanceType: instance.InstanceType ?? '',
      rootDeviceType: instance.RootDeviceType ?? 'ebs',
      rootVolumeId: ids(true)[0] ?? '',
      dataVolumeIds: ids(false),
    };
  },
  hasInstanceStore: async (instanceType) => {
    const answer = await awsUnless(`DescribeInstanceTypes of ${instanceType}`, ['InvalidInstanceType'], () =>
      ec2().send(new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as _InstanceType] })),
    );
    return answer?.InstanceTypes?.[0]?.InstanceStorageSupported ?? false;
  },
});

const describe = (what: string, filter: Filter): Promise<readonly Volume[]> =>
  allPages(async (NextToken) => {
    const answer = await aws(`DescribeVolumes ${what}`, () =>
      ec2().send(new DescribeVolumesCommand({ Filters: [filter], MaxResults: 500, NextToken })),
    );
    return { items: answer.Volumes?.map(toVolume), next: answer.NextToken };
  });

const toVolume = (volume: Ec2Volume): Volume => ({
  id: volume.VolumeId ?? '',
  state: volume.State ?? 'unknown',
  // One that is being detached is not attached any more.
  attachments: (volume.Attachments ?? [])
    .filter(({ State = 'attached' }) => State === 'attached' || State === 'attaching')
    .map(({ InstanceId = '', Device = '' }) => ({ instanceId: InstanceId, device: Device })),
  availabilityZone: volume.AvailabilityZone ?? '',
  type: volume.VolumeType ?? '',
  iops: volume.Iops ?? 0,
  throughput: volume.Throughput ?? 0,
  encrypted: volume.Encrypted ?? false,
  kmsKeyId: volume.KmsKeyId ?? '',
  sizeGiB: volume.Size ?? 0,
  multiAttach: volume.MultiAttachEnabled ?? false,
  tags: tagsFrom(volume.Tags),
});
