import type { DBInstance as SdkDbInstance, DBSnapshot as SdkDbSnapshot } from '@aws-sdk/client-rds';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { tagList } from '../account/operation';
import { draw } from '../account/timing';

/** An RDS DB instance. */
export interface Database {
  readonly id: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly instanceClass: string;
  readonly multiAz: boolean;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
  /** What maintenance waits: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PendingMaintenanceAction.html */
  readonly pendingMaintenance: readonly string[];
  /** `available`, `backing-up`, `modifying`, ... https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
  status: string;
}

/** What has to be said of a DB instance. */
export type DatabaseProps = Pick<Database, 'id'> & Partial<Database>;

/** A manual snapshot of a DB instance. */
export interface DbSnapshot {
  readonly id: string;
  readonly databaseId: string;
  readonly sizeGiB: number;
  readonly engine: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly tags: Record<string, string>;
  readonly startedAt: number;
  readonly endsAt: number;
  status: 'creating' | 'available' | 'failed';
}

/**
 * DB instances and their snapshots. A snapshot needs an instance that is `available`; meanwhile the instance is `backing-up`.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
 */
export class Databases {
  private readonly databases = new Map<string, Database>();
  private readonly taken = new Map<string, DbSnapshot>();

  constructor(readonly account: Account) {}

  add(props: DatabaseProps): Database {
    const database: Database = {
      engine: 'postgres',
      engineVersion: '15.8',
      sizeGiB: 100,
      encrypted: true,
      instanceClass: 'db.m6i.large',
      multiAz: true,
      tags: {},
      createdAt: this.account.clock.now(),
      pendingMaintenance: [],
      status: 'available',
      ...props,
    };
    this.databases.set(database.id, database);
    return database;
  }

  all(): readonly Database[] {
    return [...this.databases.values()];
  }

  get(id: string): Database {
    const database = this.databases.get(id);
    if (database === undefined) throw new AwsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);
    return database;
  }

  snapshots(): readonly DbSnapshot[] {
    return [...this.taken.values()];
  }

  snapshot(id: string): DbSnapshot {
    const snapshot = this.taken.get(id);
    if (snapshot === undefined) throw new AwsError('DBSnapshotNotFound', `DBSnapshot ${id} not found.`, 404);
    return snapshot;
  }

  create(id: string, databaseId: string, tags: Record<string, string>): DbSnapshot {
    const { clock, random, timing, hooks } = this.account;
    const database = this.get(databaseId);
    if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/u.test(id) || id.length > 255)
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid snapshot identifier: ${id}. Use 1 to 255 letters, digits and single hyphens, a letter first.`,
      );
    if (this.taken.has(id))
      throw new AwsError(
        'DBSnapshotAlreadyExists',
        `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
      );
    if (database.status !== 'available' && database.status !== 'storage-optimization')
      throw new AwsError(
        'InvalidDBInstanceState',
        `Cannot create a snapshot because the database instance ${databaseId} is not currently in the available state.`,
      );
    const duration = draw(random, timing.dbSnapshot) + database.sizeGiB * draw(random, timing.dbSnapshotPerGiB);
    const snapshot: DbSnapshot = {
      id,
      databaseId,
      sizeGiB: database.sizeGiB,
      engine: database.engine,
      encrypted: database.encrypted,
      ...(database.kmsKeyId !== undefined && { kmsKeyId: database.kmsKeyId }),
      tags,
      startedAt: clock.now(),
      endsAt: clock.now() + duration,
      status: 'creating',
    };
    this.taken.set(id, snapshot);
    const before = database.status;
    database.status = 'backing-up';
    this.record(snapshot, 'creating');
    clock.at(snapshot.endsAt, () => {
      database.status = before;
      snapshot.status = hooks.snapshotEnds?.(databaseId) === 'error' ? 'failed' : 'available';
      this.record(snapshot, snapshot.status);
    });
    return snapshot;
  }

  /** Errors: no such snapshot; it is still being made. */
  delete(id: string): DbSnapshot {
    const snapshot = this.snapshot(id);
    if (snapshot.status === 'creating')
      throw new AwsError('InvalidDBSnapshotState', `Cannot delete the snapshot ${id} because it is being created.`);
    this.taken.delete(id);
    this.record(snapshot, 'deleted');
    return snapshot;
  }

  arn(database: Pick<Database, 'id'>): string {
    return this.account.arn('rds', `db:${database.id}`);
  }

  snapshotArn(id: string): string {
    return this.account.arn('rds', `snapshot:${id}`);
  }

  describe(database: Database): SdkDbInstance {
    return {
      DBInstanceIdentifier: database.id,
      DBInstanceArn: this.arn(database),
      DBInstanceClass: database.instanceClass,
      DBInstanceStatus: database.status,
      Engine: database.engine,
      EngineVersion: database.engineVersion,
      AllocatedStorage: database.sizeGiB,
      StorageEncrypted: database.encrypted,
      KmsKeyId: database.kmsKeyId,
      MultiAZ: database.multiAz,
      InstanceCreateTime: new Date(database.createdAt),
      TagList: tagList(database.tags),
    };
  }

  describeSnapshot(snapshot: DbSnapshot): SdkDbSnapshot {
    const share = (this.account.clock.now() - snapshot.startedAt) / (snapshot.endsAt - snapshot.startedAt);
    return {
      DBSnapshotIdentifier: snapshot.id,
      DBSnapshotArn: this.snapshotArn(snapshot.id),
      DBInstanceIdentifier: snapshot.databaseId,
      SnapshotType: 'manual',
      Status: snapshot.status,
      PercentProgress: snapshot.status === 'available' ? 100 : Math.min(99, Math.floor(share * 100)),
      SnapshotCreateTime: new Date(snapshot.startedAt),
      Engine: snapshot.engine,
      AllocatedStorage: snapshot.sizeGiB,
      Encrypted: snapshot.encrypted,
      KmsKeyId: snapshot.kmsKeyId,
      TagList: tagList(snapshot.tags),
    };
  }

  private record(snapshot: DbSnapshot, change: string): void {
    const { id, databaseId, tags } = snapshot;
    this.account.journal.record({ kind: 'snapshot', service: 'rds', id, of: databaseId, change, tags: { ...tags } });
  }
}
