import type { Filter, Snapshot as Ec2Snapshot, SnapshotInfo } from '@aws-sdk/client-ec2';
import { CreateSnapshotsCommand, CreateTagsCommand, DeleteSnapshotCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { BACKUP_TAGS } from '../../lib/contract/tags';
import { REFUSALS } from '../core/backup/begin';
import type { Snapshot } from '../core/backup/snapshot';
import { isRefusal } from '../core/backup/snapshot';
import type { VolumeSnapshots } from '../ports/snapshots';
import { aws, awsOrRefusal, codeOf, translate } from './aws-errors';
import { ec2 } from './ec2-client';
import { tagFilter, tagsFrom } from './ec2-tags';
import { allPages } from './pages';

/** A copy of a snapshot names this as its volume (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html): nothing that the tool makes. */
const OF_A_COPY = 'vol-ffffffff';

/** Snapshots of EBS volumes, of all at one point in time: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html */
export const volumeSnapshots = (): VolumeSnapshots => ({
  made: async ({ clusterName, part }) => {
    const filters = [tagFilter(BACKUP_TAGS.cluster, clusterName), tagFilter(BACKUP_TAGS.part, part)];
    return (await describe(`of the part ${part}`, filters)).filter(({ source }) => source !== OF_A_COPY);
  },
  byIds: (snapshotIds) => describe(snapshotIds.join(', '), [{ Name: 'snapshot-id', Values: [...snapshotIds] }]),
  inProgress: async (volumeIds) =>
    volumeIds.length === 0
      ? []
      : describe(`of ${volumeIds.join(', ')}`, [
          { Name: 'volume-id', Values: [...volumeIds] },
          { Name: 'status', Values: ['pending'] },
        ]),
  begin: async ({ instanceId, dataVolumeIds }, volumeIds, description, tags) => {
    // The root volume must not be named: the request would fail.
    const others = dataVolumeIds.filter((id) => !volumeIds.includes(id));
    const answer = await awsOrRefusal(`CreateSnapshots of ${instanceId}`, REFUSALS, () =>
      ec2().send(
        new CreateSnapshotsCommand({
          InstanceSpecification: {
            InstanceId: instanceId,
            ExcludeBootVolume: true,
            ExcludeDataVolumeIds: others.length > 0 ? others : undefined,
          },
          Description: description,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
        }),
      ),
    );
    return isRefusal(answer) ? answer : (answer.Snapshots ?? []).map(toSnapshot);
  },
  mark: async ({ id }) => {
    await aws(`CreateTags of ${id}`, () =>
      ec2().send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: BACKUP_TAGS.finished, Value: 'yes' }] })),
    );
  },
  // One in progress may be deleted; it goes once it is complete: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html
  discard: async ({ id }) => {
    try {
      await ec2().send(new DeleteSnapshotCommand({ SnapshotId: id }));
      return 'gone';
    } catch (error) {
      if (codeOf(error) === 'InvalidSnapshot.NotFound') return 'gone';
      if (codeOf(error) === 'InvalidSnapshot.InUse') return 'in-use';
      throw translate(error, `DeleteSnapshot ${id}`);
    }
  },
});

/** Asked by filter: an id that is not known is left out, where asking by id would be an error. */
const describe = (what: string, Filters: Filter[]): Promise<readonly Snapshot[]> =>
  allPages(async (NextToken) => {
    const answer = await aws(`DescribeSnapshots ${what}`, () =>
      ec2().send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters, MaxResults: 1000, NextToken })),
    );
    return { items: answer.Snapshots?.map(toSnapshot), next: answer.NextToken };
  });

function toSnapshot(snapshot: Ec2Snapshot | SnapshotInfo): Snapshot {
  const { SnapshotId = '', VolumeId = '', State = 'pending', Progress = '' } = snapshot;
  const state = State === 'completed' ? 'complete' : State === 'pending' ? 'pending' : 'failed';
  return {
    id: SnapshotId,
    tagTarget: SnapshotId,
    source: VolumeId,
    state,
    said: State,
    percent: state === 'complete' ? 100 : Number.parseInt(Progress, 10) || 0,
    startedAt: snapshot.StartTime?.toISOString() ?? '',
    encrypted: snapshot.Encrypted ?? false,
    sizeGiB: snapshot.VolumeSize ?? 0,
    tags: tagsFrom(snapshot.Tags),
  };
}
