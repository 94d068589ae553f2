import type { CreateSnapshotsRequest, DescribeVolumesRequest, DescribeVolumesResult, Volume as SdkVolume } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { page, tagList } from '../account/operation';
import type { Filterable } from './filters';
import { byId, filtered } from './filters';
import type { Instances } from './instances';

/** An EBS volume, attached to one instance or to none. */
export interface Volume {
  readonly id: string;
  readonly sizeGiB: number;
  readonly type: 'gp3' | 'gp2' | 'io1' | 'io2' | 'st1' | 'sc1' | 'standard';
  readonly iops?: number;
  /** MiB/s; gp3 only. */
  readonly throughput?: number;
  readonly availabilityZone: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  /** Id of the instance; undefined when it is attached to none. */
  readonly attachedTo: string | undefined;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  /** Whether it is the instance's root volume. */
  readonly boot: boolean;
  readonly state: 'in-use' | 'available' | 'creating' | 'deleting' | 'error';
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** Where the root volume of the images is. */
export const ROOT_DEVICE = '/dev/xvda';

/** What has to be said of a volume. */
export type VolumeProps = Pick<Volume, 'id' | 'attachedTo'> & Partial<Volume>;

const FIELDS: Filterable<Volume> = {
  'volume-id': (volume) => [volume.id],
  'attachment.instance-id': (volume) => [volume.attachedTo],
  'attachment.device': (volume) => [volume.attachedTo === undefined ? undefined : volume.device],
  'attachment.status': (volume) => [volume.attachedTo === undefined ? undefined : 'attached'],
  'availability-zone': (volume) => [volume.availabilityZone],
  'volume-type': (volume) => [volume.type],
  size: (volume) => [String(volume.sizeGiB)],
  status: (volume) => [volume.state],
  encrypted: (volume) => [String(volume.encrypted)],
};

/** The account's EBS volumes. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html */
export class Volumes {
  private readonly volumes = new Map<string, Volume>();

  constructor(
    private readonly account: Account,
    private readonly instances: Instances,
  ) {}

  /** A volume with what is not said: gp3 with its baseline performance, encrypted, in the zone of its instance, at the next device. */
  add(props: VolumeProps): Volume {
    const attached = this.of({ InstanceId: props.attachedTo }).filter(({ boot }) => !boot).length;
    const instance = props.attachedTo === undefined ? undefined : this.instances.find(props.attachedTo);
    const volume: Volume = {
      sizeGiB: 100,
      type: 'gp3',
      // what gp3 has without paying for more: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
      ...((props.type ?? 'gp3') === 'gp3' && { iops: 3000, throughput: 125 }),
      availabilityZone: instance?.availabilityZone ?? `${this.account.region}a`,
      encrypted: true,
      device: props.boot === true ? ROOT_DEVICE : `/dev/sd${'fghijklmnop'.charAt(attached)}`,
      deleteOnTermination: props.boot === true,
      boot: false,
      state: props.attachedTo === undefined ? 'available' : 'in-use',
      tags: {},
      createdAt: this.account.clock.now(),
      ...props,
    };
    this.volumes.set(volume.id, volume);
    return volume;
  }

  all(): readonly Volume[] {
    return [...this.volumes.values()];
  }

  find(id: string): Volume | undefined {
    return this.volumes.get(id);
  }

  /** The volumes that a multi-volume snapshot of the instance takes, without those that the call excludes. */
  of(specification: CreateSnapshotsRequest['InstanceSpecification']): Volume[] {
    return this.all().filter(
      (volume) =>
        volume.attachedTo !== undefined &&
        volume.attachedTo === specification?.InstanceId &&
        !(volume.boot && specification.ExcludeBootVolume === true) &&
        specification.ExcludeDataVolumeIds?.includes(volume.id) !== true,
    );
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
  describe(input: DescribeVolumesRequest): DescribeVolumesResult {
    const named = byId(this.all(), input.VolumeIds, unknownVolumes);
    const { items, next } = page(filtered(named, input.Filters, FIELDS), input.MaxResults ?? 500, input.NextToken);
    return { Volumes: items.map(describeVolume), NextToken: next };
  }
}

const describeVolume = (volume: Volume): SdkVolume => ({
  VolumeId: volume.id,
  Size: volume.sizeGiB,
  State: volume.state,
  Encrypted: volume.encrypted,
  KmsKeyId: volume.kmsKeyId,
  VolumeType: volume.type,
  Iops: volume.iops,
  Throughput: volume.throughput,
  MultiAttachEnabled: false,
  AvailabilityZone: volume.availabilityZone,
  CreateTime: new Date(volume.createdAt),
  Attachments:
    volume.attachedTo === undefined
      ? []
      : [
          {
            InstanceId: volume.attachedTo,
            VolumeId: volume.id,
            Device: volume.device,
            State: 'attached',
            AttachTime: new Date(volume.createdAt),
            DeleteOnTermination: volume.deleteOnTermination,
          },
        ],
  Tags: tagList(volume.tags),
});

/** The error that EC2 answers when volumes do not exist. */
export const unknownVolumes = (ids: readonly string[]): AwsError =>
  new AwsError('InvalidVolume.NotFound', `The volume '${ids.join(', ')}' does not exist.`);
