import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { draw } from '../account/timing';
import { AURORA_SIZE } from './database';
import type { Databases } from './databases';
import { checkTags, checkIdentifier } from './rules';

/** A snapshot of a DB instance or of a DB cluster. */
export interface DbSnapshot {
  readonly kind: 'instance' | 'cluster';
  readonly id: string;
  /** Id of the DB instance or cluster. */
  readonly databaseId: string;
  /** `awsbackup`: AWS Backup made it, and only AWS Backup deletes it. */
  readonly type: 'manual' | 'awsbackup';
  readonly sizeGiB: number;
  readonly engine: string;
  readonly engineVersion: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly tags: Record<string, string>;
  readonly startedAt: number;
  /** When it is complete or failed, as far as is known. */
  readonly endsAt: number;
  status: 'creating' | 'available' | 'failed';
}

/** What has to be said of a snapshot that was there before: by default it is a day old, and complete. */
export type DbSnapshotProps = Pick<DbSnapshot, 'id' | 'databaseId'> & Partial<Pick<DbSnapshot, 'tags' | 'startedAt' | 'status'>>;

type Kind = DbSnapshot['kind'];

const DAY = 24 * 60 * 60 * 1000;

/**
 * Snapshots of DB instances and of DB clusters, which have separate names. A snapshot needs a database that is `available`; an instance is
 * `backing-up` meanwhile, a cluster is not.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html
 */
export class DbSnapshots {
  private readonly taken: Readonly<Record<Kind, Map<string, DbSnapshot>>> = { instance: new Map(), cluster: new Map() };

  constructor(
    private readonly account: Account,
    private readonly databases: Databases,
  ) {}

  all(kind: Kind): readonly DbSnapshot[] {
    return [...this.taken[kind].values()];
  }

  find(kind: Kind, id: string): DbSnapshot | undefined {
    return this.taken[kind].get(id);
  }

  get(kind: Kind, id: string): DbSnapshot {
    const snapshot = this.find(kind, id);
    if (snapshot !== undefined) return snapshot;
    throw kind === 'instance'
      ? new AwsError('DBSnapshotNotFound', `DBSnapshot ${id} not found.`, 404)
      : new AwsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${id} not found.`, 404);
  }

  /** A snapshot that was there before; nothing is journalled. */
  add(kind: Kind, props: DbSnapshotProps): DbSnapshot {
    const startedAt = props.startedAt ?? this.account.clock.now() - DAY;
    const made = this.of(kind, props.databaseId, { id: props.id, type: 'manual', tags: { ...props.tags }, startedAt, endsAt: startedAt });
    made.status = props.status ?? 'available';
    this.taken[kind].set(made.id, made);
    return made;
  }

  /** Begins a manual snapshot. Errors: the name is bad or taken, a tag is not allowed, the database is unknown or not available. */
  create(kind: Kind, id: string, databaseId: string, tags: Record<string, string>): DbSnapshot {
    checkIdentifier(id, kind === 'instance' ? 255 : 63);
    checkTags(tags);
    if (this.taken[kind].has(id)) throw alreadyExists(kind, id);
    this.checkAvailable(kind, databaseId);
    const { clock, random, timing, hooks } = this.account;
    const database = this.databases.find(databaseId);
    const duration =
      kind === 'instance'
        ? draw(random, timing.dbSnapshot) + (database?.sizeGiB ?? 0) * draw(random, timing.dbSnapshotPerGiB)
        : draw(random, timing.clusterSnapshot);
    const snapshot = this.begin(kind, databaseId, { id, type: 'manual', tags, endsAt: clock.now() + duration });
    this.record(snapshot, 'creating');
    clock.at(snapshot.endsAt, () => {
      this.end(snapshot, hooks.snapshotEnds?.(databaseId) === 'error' ? 'failed' : 'available');
      this.record(snapshot, snapshot.status);
    });
    return snapshot;
  }

  /** Whether a snapshot could be begun now. Errors: as RDS answers when not. */
  checkAvailable(kind: Kind, databaseId: string): void {
    if (kind === 'instance') {
      const database = this.databases.get(databaseId);
      if (database.clusterId !== undefined)
        throw new AwsError(
          'InvalidParameterValue',
          'The specified instance is a member of a cluster and a snapshot cannot be created directly. Please use the CreateDBClusterSnapshot API instead.',
        );
      const status = this.databases.statusOf(database);
      if (status !== 'available' && status !== 'storage-optimization')
        throw new AwsError(
          'InvalidDBInstanceState',
          `Cannot create a snapshot because the database instance ${databaseId} is not currently in the available state.`,
        );
    } else if (this.databases.statusOf(this.databases.cluster(databaseId)) !== 'available') {
      throw new AwsError('InvalidDBClusterStateFault', `Cannot create a snapshot because the DB cluster ${databaseId} is not available.`);
    }
  }

  /** Begins a snapshot without a word, and leaves its end to the caller: AWS Backup's. */
  begin(kind: Kind, databaseId: string, props: Pick<DbSnapshot, 'id' | 'type' | 'tags' | 'endsAt'>): DbSnapshot {
    const snapshot = this.of(kind, databaseId, { ...props, startedAt: this.account.clock.now() });
    this.taken[kind].set(snapshot.id, snapshot);
    const busy = kind === 'instance' ? 'backing-up' : this.databases.cluster(databaseId).statusDuringSnapshot;
    this.source(snapshot).status = busy;
    return snapshot;
  }

  end(snapshot: DbSnapshot, status: 'available' | 'failed'): void {
    snapshot.status = status;
    this.source(snapshot).status = 'available';
  }

  /** Takes a snapshot away without a word. */
  remove({ kind, id }: DbSnapshot): void {
    this.taken[kind].delete(id);
  }

  /** Errors: no such snapshot; it is still being made; it is AWS Backup's. */
  delete(kind: Kind, id: string): DbSnapshot {
    const snapshot = this.get(kind, id);
    const state = kind === 'instance' ? 'InvalidDBSnapshotState' : 'InvalidDBClusterSnapshotStateFault';
    if (snapshot.type === 'awsbackup')
      throw new AwsError(state, `The snapshot ${id} is managed by AWS Backup: delete its recovery point there.`);
    if (snapshot.status === 'creating') throw new AwsError(state, `Cannot delete the snapshot ${id} because it is being created.`);
    this.remove(snapshot);
    this.record(snapshot, 'deleted');
    return snapshot;
  }

  arn({ kind, id }: Pick<DbSnapshot, 'kind' | 'id'>): string {
    return this.account.arn('rds', `${kind === 'instance' ? 'snapshot' : 'cluster-snapshot'}:${id}`);
  }

  /** How much of it is made, in percent: 100 once it is available. */
  progress({ status, startedAt, endsAt }: DbSnapshot): number {
    const share = (this.account.clock.now() - startedAt) / (endsAt - startedAt);
    return status === 'available' ? 100 : Math.min(99, Math.floor(share * 100));
  }

  private source({ kind, databaseId }: DbSnapshot): { status: string } {
    return kind === 'instance' ? this.databases.get(databaseId) : this.databases.cluster(databaseId);
  }

  private of(kind: Kind, databaseId: string, props: Pick<DbSnapshot, 'id' | 'type' | 'tags' | 'startedAt' | 'endsAt'>): DbSnapshot {
    const database = kind === 'instance' ? this.databases.find(databaseId) : this.databases.findCluster(databaseId);
    const { engine = 'postgres', engineVersion = '15.8', encrypted = true, kmsKeyId } = database ?? {};
    const sizeGiB = kind === 'instance' ? (this.databases.find(databaseId)?.sizeGiB ?? 100) : AURORA_SIZE;
    const { id, ...rest } = props;
    return {
      ...{ kind, id, databaseId, sizeGiB, engine, engineVersion, encrypted },
      ...(kmsKeyId !== undefined && { kmsKeyId }),
      ...rest,
      status: 'creating',
    };
  }

  private record({ id, databaseId, tags }: DbSnapshot, change: string): void {
    this.account.journal.record({ kind: 'snapshot', service: 'rds', id, of: databaseId, change, tags: { ...tags } });
  }
}

const alreadyExists = (kind: Kind, id: string): AwsError =>
  new AwsError(
    kind === 'instance' ? 'DBSnapshotAlreadyExists' : 'DBClusterSnapshotAlreadyExistsFault',
    `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
  );
