import type { Snapshot } from '@aws-sdk/client-ec2';
import { CreateSnapshotsCommand, DescribeInstancesCommand, DescribeSnapshotsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { BACKUP_TAGS } from '../../lib/contract/tags';
import { TaskError } from '../core/errors';
import type { SnapshotProgress, VolumeBackups, Volumes } from '../ports/backups';
import { aws, awsUnless } from './aws-errors';
import { backupTags } from './backup-tags';
import { ec2 } from './ec2-client';

/** EBS volumes. */
export const volumes = (): Volumes => ({
  describe: async (volumeIds) => {
    const { Volumes: found = [] } = await aws('DescribeVolumes', () =>
      ec2().send(new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: [...volumeIds] }] })),
    );
    return found.map(({ VolumeId = '', State = '', Attachments = [] }) => ({
      id: VolumeId,
      state: State,
      attachedTo: Attachments.map(({ InstanceId = '' }) => InstanceId),
    }));
  },
});

/** Snapshots of EBS volumes, of all at one point in time: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html */
export const volumeBackups = (): VolumeBackups => ({
  ofBackup: async (backupId) => {
    const { Snapshots = [] } = await aws(`DescribeSnapshots of the backup ${backupId}`, () =>
      ec2().send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name: `tag:${BACKUP_TAGS.id}`, Values: [backupId] }] })),
    );
    return Snapshots.map((snapshot) => ({ ...toProgress(snapshot), volumeId: snapshot.VolumeId ?? '' }));
  },
  byIds: async (SnapshotIds) => {
    const answer = await awsUnless('DescribeSnapshots', ['InvalidSnapshot.NotFound'], () =>
      ec2().send(new DescribeSnapshotsCommand({ SnapshotIds: [...SnapshotIds] })),
    );
    return (answer?.Snapshots ?? []).map(toProgress);
  },
  start: async (InstanceId, volumeIds, plan) => {
    const { Snapshots = [] } = await aws(`CreateSnapshots of ${InstanceId}`, async () =>
      ec2().send(
        new CreateSnapshotsCommand({
          InstanceSpecification: {
            InstanceId,
            ExcludeBootVolume: true,
            ExcludeDataVolumeIds: await otherDataVolumes(InstanceId, volumeIds),
          },
          Description: `Bitbucket shared home before ${plan.fromVersion} to ${plan.toVersion} (${plan.backupId})`,
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: backupTags(plan) }],
        }),
      ),
    );
    return Snapshots.map(({ SnapshotId = '' }) => SnapshotId);
  },
});

/** The instance's data volumes that are not in `wanted`. The root volume must not be named: the request would fail. */
async function otherDataVolumes(instanceId: string, wanted: readonly string[]): Promise<string[] | undefined> {
  const { Reservations: [reservation] = [] } = await aws(`DescribeInstances of ${instanceId}`, () =>
    ec2().send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
  );
  const instance = reservation?.Instances?.[0];
  if (!instance) throw new TaskError('BackupFailed', `There is no instance ${instanceId}: which one is the shared home's file server?`);
  const others = (instance.BlockDeviceMappings ?? [])
    .filter(({ DeviceName }) => DeviceName !== instance.RootDeviceName)
    .map(({ Ebs }) => Ebs?.VolumeId ?? '')
    .filter((id) => id !== '' && !wanted.includes(id));
  return others.length > 0 ? others : undefined;
}

function toProgress({ SnapshotId = '', State = 'pending', Progress = '' }: Snapshot): SnapshotProgress {
  const state = State === 'completed' ? 'complete' : State === 'pending' ? 'pending' : 'failed';
  return { id: SnapshotId, state, said: State, percent: state === 'complete' ? 100 : Number.parseInt(Progress, 10) || 0 };
}
