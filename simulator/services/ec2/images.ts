import type { DescribeImagesRequest, DescribeImagesResult, Image as SdkImage } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { page, tagList } from '../account/operation';
import type { Filterable } from './filters';
import { byId, filtered } from './filters';
import type { Volume } from './volumes';

/** A volume of an image. A snapshot is encrypted or not; with which key is told by the snapshot. */
export interface ImageVolume {
  readonly deviceName: string;
  readonly snapshotId: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyArn?: string;
}

/** An Amazon machine image. */
export interface Image {
  readonly id: string;
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly tags: Record<string, string>;
  /** Virtual milliseconds. */
  readonly createdAt: number;
  /** Account id of the owner. */
  readonly ownerId: string;
  /** `amazon`, `aws-marketplace`, or nothing. */
  readonly ownerAlias?: string;
  state: 'available' | 'pending' | 'failed' | 'disabled' | 'deregistered' | 'invalid' | 'error' | 'transient';
  readonly rootDeviceName: string;
  readonly rootDeviceType: 'ebs' | 'instance-store';
  /** Volumes that instances of it start with, the root's among them. */
  readonly volumes: readonly ImageVolume[];
  readonly public: boolean;
  /** Virtual milliseconds; default never. */
  readonly deprecatedAt?: number;
  /** Its snapshots by device. */
  readonly devices: readonly { readonly device: string; readonly snapshotId: string; readonly volume: Volume }[];
}

/** What has to be said of an image; the rest has defaults: available, x86_64, our own, private. */
export type ImageProps = Pick<Image, 'id' | 'name'> & Partial<Image>;

const FIELDS: Filterable<Image> = {
  name: (image) => [image.name],
  'image-id': (image) => [image.id],
  state: (image) => [image.state],
  architecture: (image) => [image.architecture],
  'owner-id': (image) => [image.ownerId],
  'owner-alias': (image) => [image.ownerAlias],
  'is-public': (image) => [String(image.public)],
  'root-device-type': (image) => [image.rootDeviceType],
  'virtualization-type': () => ['hvm'],
};

/** The images that this account sees. */
export class Images {
  private readonly images = new Map<string, Image>();

  constructor(private readonly account: Account) {}

  /** Adds an image, or replaces it: one whose state changes, say. */
  add(props: ImageProps): Image {
    const image: Image = {
      architecture: 'x86_64',
      tags: {},
      createdAt: this.account.clock.now(),
      ownerId: this.account.id,
      state: 'available',
      rootDeviceName: '/dev/xvda',
      rootDeviceType: 'ebs',
      volumes: [{ deviceName: '/dev/xvda', snapshotId: props.id.replace('ami-', 'snap-'), sizeGiB: 50, encrypted: true }],
      public: false,
      devices: [],
      ...props,
    };
    this.images.set(image.id, image);
    return image;
  }

  all(): readonly Image[] {
    return [...this.images.values()];
  }

  /** Takes an image away without a word. */
  remove(id: string): void {
    this.images.delete(id);
  }

  find(id: string): Image | undefined {
    return this.images.get(id);
  }

  /** The image, when instances can be launched from it now. Errors: as `RunInstances` answers. */
  launchable(id: string): Image {
    const image = this.images.get(id);
    if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
    if (image.state !== 'available')
      throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${id}' is not available: its state is '${image.state}'`);
    return image;
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
  describe(input: DescribeImagesRequest): DescribeImagesResult {
    const named = byId(this.all(), input.ImageIds, (missing) => {
      const plural = missing.length > 1;
      return new AwsError(
        'InvalidAMIID.NotFound',
        `The image id${plural ? 's' : ''} '[${missing.join(', ')}]' do${plural ? '' : 'es'} not exist`,
      );
    });
    const owned = named.filter((image) => input.Owners === undefined || input.Owners.length === 0 || this.ownedBy(image, input.Owners));
    const { items, next } = page(filtered(owned, input.Filters, FIELDS), input.MaxResults ?? 1000, input.NextToken);
    return { Images: items.map(describeImage), NextToken: next };
  }

  private ownedBy(image: Image, owners: readonly string[]): boolean {
    return owners.some(
      (owner) => owner === image.ownerId || owner === image.ownerAlias || (owner === 'self' && image.ownerId === this.account.id),
    );
  }
}

const describeImage = (image: Image): SdkImage => ({
  ImageId: image.id,
  Name: image.name,
  ImageLocation: `${image.ownerId}/${image.name}`,
  State: image.state,
  OwnerId: image.ownerId,
  ImageOwnerAlias: image.ownerAlias,
  Architecture: image.architecture,
  CreationDate: new Date(image.createdAt).toISOString(),
  ...(image.deprecatedAt !== undefined && { DeprecationTime: new Date(image.deprecatedAt).toISOString() }),
  Public: image.public,
  RootDeviceName: image.rootDeviceName,
  RootDeviceType: image.rootDeviceType,
  BlockDeviceMappings: blockDevices(image),
  VirtualizationType: 'hvm',
  ImageType: 'machine',
  PlatformDetails: 'Linux/UNIX',
  Tags: tagList(image.tags),
});

/** An image that was made of an instance has the snapshots of its volumes; any other has those that were said of it. */
const blockDevices = ({ devices, volumes }: Image) =>
  devices.length > 0
    ? devices.map(({ device, snapshotId, volume }) => ({
        DeviceName: device,
        Ebs: { SnapshotId: snapshotId, VolumeSize: volume.sizeGiB, VolumeType: volume.type, Encrypted: volume.encrypted },
      }))
    : volumes.map(({ deviceName, snapshotId, sizeGiB, encrypted, kmsKeyArn }) => ({
        DeviceName: deviceName,
        Ebs: {
          SnapshotId: snapshotId,
          VolumeSize: sizeGiB,
          VolumeType: 'gp3' as const,
          DeleteOnTermination: true,
          Encrypted: encrypted,
          ...(kmsKeyArn !== undefined && { KmsKeyId: kmsKeyArn }),
        },
      }));
