import type { Image as Ec2Image } from '@aws-sdk/client-ec2';
import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import type { Image, ImageCatalogue } from '../ports/compute';
import { aws, awsUnless } from './aws-errors';
import { ec2 } from './ec2-client';
import { allPages } from './pages';

/** Machine images: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
export const images = (): ImageCatalogue => ({
  byId: async (imageId) => {
    const answer = await awsUnless(
      `DescribeImages of ${imageId}`,
      ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable', 'InvalidAMIID.Malformed'],
      () => ec2().send(new DescribeImagesCommand({ ImageIds: [imageId] })),
    );
    const image = answer?.Images?.[0];
    return image && toImage(image);
  },
  byTag: async (key, value, owners) => {
    const { Images = [] } = await aws(`DescribeImages with the tag ${key}=${value}`, () =>
      ec2().send(new DescribeImagesCommand({ Owners: [...owners], Filters: [{ Name: `tag:${key}`, Values: [value] }] })),
    );
    return Images.map(toImage);
  },
  withTag: async (key, owners) => {
    const found = await allPages(async (NextToken) => {
      const { Images: items, NextToken: next } = await aws(`DescribeImages with the tag ${key}`, () =>
        ec2().send(new DescribeImagesCommand({ Owners: [...owners], Filters: [{ Name: 'tag-key', Values: [key] }], NextToken })),
      );
      return { items, next };
    });
    return found.map(toImage);
  },
});

const toImage = ({ ImageId = '', State, Architecture, CreationDate = '', Tags = [] }: Ec2Image): Image => ({
  imageId: ImageId,
  state: State ?? '',
  architecture: Architecture ?? '',
  createdAt: CreationDate,
  tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
});

/** The snapshots that an image is made of, by device name. Empty when there is no such image. */
export async function imageSnapshots(imageId: string): Promise<readonly { readonly device: string; readonly snapshotId: string }[]> {
  const answer = await awsUnless(`DescribeImages of ${imageId}`, ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'], () =>
    ec2().send(new DescribeImagesCommand({ ImageIds: [imageId] })),
  );
  return (answer?.Images?.[0]?.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
    DeviceName !== undefined && Ebs?.SnapshotId !== undefined ? [{ device: DeviceName, snapshotId: Ebs.SnapshotId }] : [],
  );
}
