import type { Image } from '@aws-sdk/client-ec2';
import { DescribeImagesCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import type { ImageDetails } from '../core/checks/facts';
import type { ImageInspection } from '../ports/image-details';
import { aws, awsUnless } from './aws-errors';
import { ec2 } from './ec2-client';

/** Machine images in detail: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html */
export const imageInspection = (): ImageInspection => ({
  byId: async (imageId) => {
    const answer = await awsUnless(
      `DescribeImages of ${imageId}`,
      ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable', 'InvalidAMIID.Malformed'],
      () => ec2().send(new DescribeImagesCommand({ ImageIds: [imageId] })),
    );
    const image = answer?.Images?.[0];
    return image && toDetails(image);
  },
  // Where an image does not tell its keys, its snapshots do. Asked by filter: one that is not visible is left out.
  keys: async (snapshotIds) => {
    if (snapshotIds.length === 0) return [];
    const { Snapshots = [] } = await aws('DescribeSnapshots', () =>
      ec2().send(new DescribeSnapshotsCommand({ Filters: [{ Name: 'snapshot-id', Values: [...snapshotIds] }] })),
    );
    return [...new Set(Snapshots.flatMap(({ KmsKeyId }) => KmsKeyId ?? []))];
  },
});

function toDetails(image: Image): ImageDetails {
  const encrypted = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => (Ebs?.Encrypted ? [Ebs] : []));
  return {
    imageId: image.ImageId ?? '',
    state: image.State ?? '',
    architecture: image.Architecture ?? '',
    createdAt: image.CreationDate ?? '',
    tags: Object.fromEntries((image.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    rootDeviceType: image.RootDeviceType ?? '',
    virtualization: image.VirtualizationType ?? '',
    keys: encrypted.flatMap(({ KmsKeyId }) => KmsKeyId ?? []),
    encryptedSnapshots: encrypted.flatMap(({ KmsKeyId, SnapshotId }) =>
      KmsKeyId === undefined && SnapshotId !== undefined ? [SnapshotId] : [],
    ),
    ...(image.DeprecationTime !== undefined && { deprecatedAt: image.DeprecationTime }),
  };
}
