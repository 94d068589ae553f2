import type { DescribeImagesRequest, DescribeImagesResult, Image as SdkImage } from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { page, tagList } from '../account/operation';
import type { Filterable } from './filters';
import { byId, filtered } from './filters';
import type { Volume } from './volumes';

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
  readonly public: boolean;
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
  'root-device-type': () => ['ebs'],
  'virtualization-type': () => ['hvm'],
};

/** The images that this account sees. */
export class Images {
  private readonly images = new Map<string, Image>();

  constructor(private readonly account: Account) {}

  add(props: ImageProps): Image {
    const image: Image = {
      architecture: 'x86_64',
      tags: {},
      createdAt: this.account.clock.now(),
      ownerId: this.account.id,
      state: 'available',
      rootDeviceName: '/dev/xvda',
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
  Public: image.public,
  RootDeviceName: image.rootDeviceName,
  RootDeviceType: 'ebs',
  VirtualizationType: 'hvm',
  ImageType: 'machine',
  PlatformDetails: 'Linux/UNIX',
  BlockDeviceMappings: image.devices.map(({ device, snapshotId, volume }) => ({
    DeviceName: device,
    Ebs: { SnapshotId: snapshotId, VolumeSize: volume.sizeGiB, VolumeType: volume.type, Encrypted: volume.encrypted },
  })),
  Tags: tagList(image.tags),
});
