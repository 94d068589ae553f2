import type {
  CreateSnapshotRequest,
  CreateSnapshotsRequest,
  CreateSnapshotsResult,
  DescribeSnapshotsRequest,
  DescribeSnapshotsResult,
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
import type { Images } from './images';
import type { Instances } from './instances';
import type { Volume, Volumes } from './volumes';
import { unknownVolumes } from './volumes';

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
  /** AWS Backup made it, and only AWS Backup deletes it. */
  readonly byAwsBackup: boolean;
  /** It was deleted while it was made: that takes effect at its end. */
  deleted?: true;
  state: 'pending' | 'completed' | 'error';
}

/** What has to be said of a snapshot that was there before: by default it is a day old, and complete. */
export type SnapshotProps = Pick<Snapshot, 'volumeId'> & Partial<Pick<Snapshot, 'id' | 'tags' | 'startedAt' | 'description' | 'state'>>;

const FIELDS: Filterable<Snapshot> = {
  'snapshot-id': (snapshot) => [snapshot.id],
  'volume-id': (snapshot) => [snapshot.volumeId],
  'volume-size': (snapshot) => [String(snapshot.sizeGiB)],
  status: (snapshot) => [snapshot.state],
  description: (snapshot) => [snapshot.description],
  encrypted: (snapshot) => [String(snapshot.encrypted)],
};

const DAY = 24 * 60 * 60 * 1000;

/** "Wait at least 15 seconds between concurrent volume snapshots": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const BETWEEN_SNAPSHOTS = 15_000;

/** Snapshots of one volume that may be on their way: https://docs.aws.amazon.com/general/latest/gr/ebs-service.html */
const concurrent = ({ type }: Volume): number => (type === 'st1' || type === 'sc1' ? 1 : 5);

/**
 * Snapshots of EBS volumes: `pending` with a progress, then `completed` or `error`. They are encrypted as their volume is.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-create-snapshot.html
 */
export class Snapshots {
  private readonly snapshots = new Map<string, Snapshot>();

  constructor(
    private readonly account: Account,
    private readonly instances: Instances,
    private readonly volumes: Volumes,
    private readonly images: Images,
  ) {}

  all(): readonly Snapshot[] {
    return [...this.snapshots.values()];
  }

  find(id: string): Snapshot | undefined {
    return this.snapshots.get(id);
  }

  /** A snapshot that was there before; nothing is journalled. */
  add(props: SnapshotProps): Snapshot {
    const startedAt = props.startedAt ?? this.account.clock.now() - DAY;
    const { tags = {}, description = '', id = this.newId() } = props;
    const made = this.of(this.volumes.find(props.volumeId), props.volumeId, {
      id,
      tags: { ...tags },
      description,
      startedAt,
      endsAt: startedAt,
    });
    made.state = props.state ?? 'completed';
    this.snapshots.set(made.id, made);
    return made;
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html */
  describe(input: DescribeSnapshotsRequest): DescribeSnapshotsResult {
    const seen = this.all().filter((snapshot) => this.account.sees('snapshot', snapshot.startedAt));
    const owners = input.OwnerIds ?? [];
    const mine = owners.length === 0 || owners.includes('self') || owners.includes(this.account.id);
    const named = byId(seen, input.SnapshotIds, unknownSnapshots).filter(() => mine);
    const { items, next } = page(filtered(named, input.Filters, FIELDS), input.MaxResults ?? 1000, input.NextToken);
    return { Snapshots: items.map((snapshot) => this.describeOne(snapshot)), NextToken: next };
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html */
  createOne(input: CreateSnapshotRequest): SdkSnapshot {
    const volume = this.volumes.find(input.VolumeId ?? '');
    if (volume === undefined) throw unknownVolumes([input.VolumeId ?? '']);
    this.checkRate(volume);
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
      const volume = this.volumes.find(id);
      if (volume?.attachedTo !== instanceId || volume.boot)
        throw new AwsError('InvalidParameterValue', `The volume '${id}' is not a data volume of the instance '${instanceId}'.`);
    }
    const volumes = this.volumes.of(input.InstanceSpecification);
    if (volumes.length === 0) throw new AwsError('InvalidParameterValue', `No volume of the instance '${instanceId}' is left to snapshot.`);
    for (const volume of volumes) this.checkRate(volume);
    const tags = tagsFor(input.TagSpecifications);
    const made = volumes.map((volume) =>
      this.start(volume, input.Description, { ...(input.CopyTagsFromSource === 'volume' ? volume.tags : {}), ...tags }),
    );
    return { Snapshots: made.map((snapshot) => this.describeInfo(snapshot)) };
  }

  /**
   * A pending snapshot can be deleted, but "must complete before the deletion takes effect"; one that an image is made of cannot.
   * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-snapshot.html
   */
  delete(id: string): void {
    const snapshot = this.snapshots.get(id);
    if (snapshot === undefined) throw unknownSnapshots([id]);
    if (snapshot.byAwsBackup)
      throw new AwsError('InvalidParameterValue', `The snapshot ${id} is managed by AWS Backup and cannot be deleted via EC2 APIs.`);
    const image = this.images.all().find(({ devices }) => devices.some(({ snapshotId }) => snapshotId === id));
    if (image !== undefined) throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${id} is currently in use by ${image.id}`);
    if (snapshot.state === 'pending') snapshot.deleted = true;
    else this.vanish(snapshot);
  }

  /** Begins a snapshot without a word, and leaves its end to the caller: AWS Backup's. */
  begin(volume: Volume, description: string, tags: Record<string, string>, endsAt: number, byAwsBackup: boolean): Snapshot {
    const props = { id: this.newId(), tags, description, startedAt: this.account.clock.now(), endsAt, byAwsBackup };
    const snapshot = this.of(volume, volume.id, props);
    this.snapshots.set(snapshot.id, snapshot);
    return snapshot;
  }

  /** Takes a snapshot away without a word. */
  remove(id: string): void {
    this.snapshots.delete(id);
  }

  private start(volume: Volume, description: string | undefined, tags: Record<string, string>): Snapshot {
    const { clock, random, timing, hooks } = this.account;
    const duration = draw(random, timing.snapshot) + volume.sizeGiB * draw(random, timing.snapshotPerGiB);
    const snapshot = this.begin(volume, description ?? '', tags, clock.now() + duration, false);
    this.record(snapshot, 'pending');
    clock.at(snapshot.endsAt, () => {
      snapshot.state = hooks.snapshotEnds?.(volume.id) ?? 'completed';
      this.record(snapshot, snapshot.state);
      if (snapshot.deleted) this.vanish(snapshot);
    });
    return snapshot;
  }

  /** Refuses a snapshot too soon after the last one of the volume, and one too many at a time. */
  private checkRate({ id, ...volume }: Volume): void {
    const { clock, hooks } = this.account;
    const ofVolume = this.all().filter(({ volumeId }) => volumeId === id);
    const recent = ofVolume.some(({ startedAt }) => clock.now() - startedAt < BETWEEN_SNAPSHOTS);
    if (recent || hooks.snapshotRateExceeded?.(id) === true)
      throw new AwsError(
        'SnapshotCreationPerVolumeRateExceeded',
        `The maximum per volume CreateSnapshot request rate has been exceeded for ${id}. Use an increasing or variable sleep interval between requests.`,
      );
    if (ofVolume.filter(({ state }) => state === 'pending').length >= concurrent({ id, ...volume }))
      throw new AwsError('ConcurrentSnapshotLimitExceeded', `The maximum number of concurrent snapshots of ${id} has been reached.`);
  }

  private of(
    volume: Volume | undefined,
    volumeId: string,
    props: Pick<Snapshot, 'id' | 'tags' | 'description' | 'startedAt' | 'endsAt'> & { readonly byAwsBackup?: boolean },
  ): Snapshot {
    const { sizeGiB = 100, encrypted = true, kmsKeyId } = volume ?? {};
    return { volumeId, sizeGiB, encrypted, ...(kmsKeyId !== undefined && { kmsKeyId }), byAwsBackup: false, ...props, state: 'pending' };
  }

  private newId(): string {
    return `snap-0${hex(this.account.random, 16)}`;
  }

  private vanish(snapshot: Snapshot): void {
    this.snapshots.delete(snapshot.id);
    this.record(snapshot, 'deleted');
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

const unknownSnapshots = (ids: readonly string[]) =>
  new AwsError('InvalidSnapshot.NotFound', `The snapshot '${ids.join(', ')}' does not exist.`);
