import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import type { Database, DatabaseProps, DbCluster, DbClusterProps } from './database';
import { clusterOf, databaseOf, memberOf } from './database';
import { DbSnapshots } from './db-snapshots';

/** The account's DB instances and clusters, and the snapshots of both. */
export class Databases {
  readonly snapshots: DbSnapshots;
  private readonly instances = new Map<string, Database>();
  private readonly aurora = new Map<string, DbCluster>();

  constructor(readonly account: Account) {
    this.snapshots = new DbSnapshots(account, this);
  }

  add(props: DatabaseProps): Database {
    const database = databaseOf(props, this.account.region, this.account.clock.now());
    this.instances.set(database.id, database);
    return database;
  }

  /** A cluster with its members; a writer and a reader when none is named. */
  addCluster({ members: given, ...props }: DbClusterProps): DbCluster {
    const now = this.account.clock.now();
    const cluster = clusterOf(props, this.account.region, now);
    this.aurora.set(cluster.id, cluster);
    const members = given ?? [{ id: `${cluster.id}-1` }, { id: `${cluster.id}-2` }];
    const writer = members.find((member) => member.writer === true) ?? members[0];
    for (const [index, member] of members.entries())
      this.instances.set(member.id, memberOf(cluster, index, { ...member, writer: member === writer }, now));
    return cluster;
  }

  all(): readonly Database[] {
    return [...this.instances.values()];
  }

  clusters(): readonly DbCluster[] {
    return [...this.aurora.values()];
  }

  find(id: string): Database | undefined {
    return this.instances.get(id);
  }

  findCluster(id: string): DbCluster | undefined {
    return this.aurora.get(id);
  }

  get(id: string): Database {
    const database = this.instances.get(id);
    if (database === undefined) throw new AwsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);
    return database;
  }

  cluster(id: string): DbCluster {
    const cluster = this.aurora.get(id);
    if (cluster === undefined) throw new AwsError('DBClusterNotFoundFault', `DBCluster ${id} not found.`, 404);
    return cluster;
  }

  /** A cluster's members. */
  members(clusterId: string): Database[] {
    return this.all().filter((database) => database.clusterId === clusterId);
  }

  /** The status that is shown: a fault's, or its own. */
  statusOf({ id, status }: Pick<Database, 'id' | 'status'>): string {
    return this.account.hooks.databaseStatus?.(id) ?? status;
  }

  arn({ id }: Pick<Database, 'id'>): string {
    return this.account.arn('rds', `db:${id}`);
  }

  clusterArn(id: string): string {
    return this.account.arn('rds', `cluster:${id}`);
  }
}
