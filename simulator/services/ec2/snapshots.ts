import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  Snapshot as SdkSnapshot,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { hex } from '../account/account';
import { page, tagList, tagRecord } from '../account/operation';
import { draw } from '../account/timing';
import type { Filterable } from './filters';
import { byId, filtered } from './filters';
import type { Instances } from './instances';

/** An EBS volume, attached to one instance. */
export interface Volume {
  readonly id: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  /** Id of the instance. */
  readonly attachedTo: string;
  readonly device: string;
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

/** An EBS snapshot. */
export interface Snapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly description: string;
  readonly tags: Record<string, string>;
  readonly startedAt: number;
  /** When it completes or fails, in virtual milliseconds. */
  readonly endsAt: number;
  state: 'pending' | 'completed' | 'error';
}

const VOLUME_FIELDS: Filterable<Volume> = {
  'volume-id': (volume) => [volume.id],
  'attachment.instance-id': (volume) => [volume.attachedTo],
  'attachment.device': (volume) => [volume.device],
  status: (volume) => [volume.state],
  encrypted: (volume) => [String(volume.encrypted)],
};

const SNAPSHOT_FIELDS: Filterable<Snapshot> = {
  'snapshot-id': (snapshot) => [snapshot.id],
  'volume-id': (snapshot) => [snapshot.volumeId],
  status: (snapshot) => [snapshot.state],
  description: (snapshot) => [snapshot.description],
  encrypted: (snapshot) => [String(snapshot.encrypted)],
};

/**
 * EBS volumes and their snapshots: `pending` with a progress, then `completed` or `error`.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-create-snapshot.html
 */
export class Snapshots {
  private readonly volumes = new Map<string, Volume>();
  private readonly snapshots = new Map<string, Snapshot>();

  constructor(
    private readonly account: Account,
    private readonly instances: Instances,
  ) {}

  addVolume(props: VolumeProps): Volume {
    const attached = this.volumesOf({ InstanceId: props.attachedTo }).filter(({ boot }) => !boot).length;
    const volume: Volume = {
      sizeGiB: 100,
      encrypted: true,
      device: props.boot === true ? ROOT_DEVICE : `/dev/sd${'fghijklmnop'.charAt(attached)}`,
      boot: false,
      state: 'in-use',
      tags: {},
      createdAt: this.account.clock.now(),
      ...props,
    };
    this.volumes.set(volume.id, volume);
    return volume;
  }

  all(): readonly Snapshot[] {
    return [...this.snapshots.values()];
  }

  volume(id: string): Volume | undefined {
    return this.volumes.get(id);
  }

  find(id: string): Snapshot | undefined {
    return this.snapshots.get(id);
  }

  /** The volumes that a multi-volume snapshot of the instance takes, without those that the call excludes. */
  volumesOf(specification: CreateSnapshotsRequest['InstanceSpecification']): Volume[] {
    return [...this.volumes.values()].filter(
      (volume) =>
        volume.attachedTo === specification?.InstanceId &&
        !(volume.boot && specification.ExcludeBootVolume === true) &&
        specification.ExcludeDataVolumeIds?.includes(volume.id) !== true,
    );
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
  describeVolumes(input: DescribeVolumesRequest): DescribeVolumesResult {
    const named = byId([...this.volumes.values()], input.VolumeIds, unknownVolumes);
    const { items, next } = page(filtered(named, input.Filters, VOLUME_FIELDS), input.MaxResults ?? 500, input.NextToken);
    const Volumes = items.map((volume) => ({
      VolumeId: volume.id,
      Size: volume.sizeGiB,
      State: volume.state,
      Encrypted: volume.encrypted,
      KmsKeyId: volume.kmsKeyId,
      VolumeType: 'gp3' as const,
      AvailabilityZone: this.instances.find(volume.attachedTo)?.availabilityZone,
      CreateTime: new Date(volume.createdAt),
      Attachments: [{ InstanceId: volume.attachedTo, VolumeId: volume.id, Device: volume.device, State: 'attached' as const }],
      Tags: tagList(volume.tags),
    }));
    return { Volumes, NextToken: next };
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
  describe(input: DescribeSnapshotsRequest): DescribeSnapshotsResult {
    const seen = this.all().filter((snapshot) => this.account.sees('snapshot', snapshot.startedAt));
    const owners = input.OwnerIds ?? [];
    const mine = owners.length === 0 || owners.includes('self') || owners.includes(this.account.id);
    const named = byId(seen, input.SnapshotIds, unknownSnapshots).filter(() => mine);
    const { items, next } = page(filtered(named, input.Filters, SNAPSHOT_FIELDS), input.MaxResults ?? 1000, input.NextToken);
    return { Snapshots: items.map((snapshot) => this.describeOne(snapshot)), NextToken: next };
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html */
  createOne(input: CreateSnapshotRequest): SdkSnapshot {
    const volume = this.volumes.get(input.VolumeId ?? '');
    if (volume === undefined) throw unknownVolumes([input.VolumeId ?? '']);
    return this.describeOne(this.start(volume, input.Description, tagsFor(input.TagSpecifications)));
  }

  /**
   * Crash-consistent snapshots of the volumes of one instance: all or none.
   * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
   */
  createAll(input: CreateSnapshotsRequest): CreateSnapshotsResult {
    const { InstanceId: instanceId = '', ExcludeDataVolumeIds: excluded = [] } = input.InstanceSpecification ?? {};
    this.instances.get(instanceId);
    for (const id of excluded) {
      const volume = this.volumes.get(id);
      if (volume?.attachedTo !== instanceId || volume.boot)
        throw new AwsError('InvalidParameterValue', `The volume '${id}' is not a data volume of the instance '${instanceId}'.`);
    }
    const volumes = this.volumesOf(input.InstanceSpecification);
    if (volumes.length === 0) throw new AwsError('InvalidParameterValue', `No volume of the instance '${instanceId}' is left to snapshot.`);
    const snapshots = volumes.map((volume) => {
      const copied = input.CopyTagsFromSource === 'volume' ? volume.tags : {};
      return this.prepare(volume, input.Description, { ...copied, ...tagsFor(input.TagSpecifications) });
    });
    return { Snapshots: snapshots.map((begin) => this.describeInfo(begin())) };
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSnapshot.html */
  delete(id: string): void {
    const snapshot = this.snapshots.get(id);
    if (snapshot === undefined) throw unknownSnapshots([id]);
    this.snapshots.delete(id);
    this.record(snapshot, 'deleted');
  }

  private start(volume: Volume, description: string | undefined, tags: Record<string, string>): Snapshot {
    return this.prepare(volume, description, tags)();
  }

  /** Checks first, so that a multi-volume snapshot is all or none; the function that it returns begins the snapshot. */
  private prepare(volume: Volume, description: string | undefined, tags: Record<string, string>): () => Snapshot {
    if (this.account.hooks.snapshotRateExceeded?.(volume.id) === true)
      throw new AwsError(
        'SnapshotCreationPerVolumeRateExceeded',
        `The maximum per volume CreateSnapshot request rate has been exceeded for ${volume.id}.`,
      );
    return () => {
      const { clock, random, timing, hooks } = this.account;
      const duration = draw(random, timing.snapshot) + volume.sizeGiB * draw(random, timing.snapshotPerGiB);
      const snapshot: Snapshot = {
        id: `snap-0${hex(random, 16)}`,
        volumeId: volume.id,
        sizeGiB: volume.sizeGiB,
        encrypted: volume.encrypted,
        ...(volume.kmsKeyId !== undefined && { kmsKeyId: volume.kmsKeyId }),
        description: description ?? '',
        tags,
        startedAt: clock.now(),
        endsAt: clock.now() + duration,
        state: 'pending',
      };
      this.snapshots.set(snapshot.id, snapshot);
      this.record(snapshot, 'pending');
      clock.at(snapshot.endsAt, () => {
        if (!this.snapshots.has(snapshot.id)) return;
        snapshot.state = hooks.snapshotEnds?.(volume.id) ?? 'completed';
        this.record(snapshot, snapshot.state);
      });
      return snapshot;
    };
  }

  private record(snapshot: Snapshot, change: string): void {
    const { id, volumeId, tags } = snapshot;
    this.account.journal.record({ kind: 'snapshot', service: 'ec2', id, of: volumeId, change, tags: { ...tags } });
  }

  private progress(snapshot: Snapshot): number {
    const share = (this.account.clock.now() - snapshot.startedAt) / (snapshot.endsAt - snapshot.startedAt);
    return snapshot.state === 'completed' ? 100 : Math.min(99, Math.floor(share * 100));
  }

  private describeInfo(snapshot: Snapshot): Omit<SdkSnapshot, 'StorageTier'> {
    return {
      SnapshotId: snapshot.id,
      VolumeId: snapshot.volumeId,
      VolumeSize: snapshot.sizeGiB,
      State: snapshot.state,
      Progress: `${this.progress(snapshot)}%`,
      StartTime: new Date(snapshot.startedAt),
      OwnerId: this.account.id,
      Description: snapshot.description,
      Encrypted: snapshot.encrypted,
      Tags: tagList(snapshot.tags),
    };
  }

  private describeOne(snapshot: Snapshot): SdkSnapshot {
    return {
      ...this.describeInfo(snapshot),
      StorageTier: 'standard',
      ...(snapshot.kmsKeyId !== undefined && { KmsKeyId: snapshot.kmsKeyId }),
      ...(snapshot.state === 'completed' && { CompletionTime: new Date(snapshot.endsAt) }),
      ...(snapshot.state === 'error' && { StateMessage: 'An internal error occurred' }),
    };
  }
}

/** The tags that a call gives for snapshots. */
export const tagsFor = (specifications: readonly TagSpecification[] | undefined): Record<string, string> =>
  tagRecord((specifications ?? []).filter(({ ResourceType }) => ResourceType === 'snapshot').flatMap(({ Tags }) => Tags ?? []));

const unknownVolumes = (ids: readonly string[]) => new AwsError('InvalidVolume.NotFound', `The volume '${ids.join(', ')}' does not exist.`);
const unknownSnapshots = (ids: readonly string[]) =>
  new AwsError('InvalidSnapshot.NotFound', `The snapshot '${ids.join(', ')}' does not exist.`);
