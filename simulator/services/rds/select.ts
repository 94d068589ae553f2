import type { Filter } from '@aws-sdk/client-rds';
import { AwsError } from '../../kernel/ports';
import type { Database, DbCluster } from './database';
import type { DbSnapshot } from './db-snapshots';

type Fields<T> = Readonly<Record<string, (item: T) => string>>;

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html */
export const INSTANCE_FILTERS: Fields<Database> = {
  'db-instance-id': (database) => database.id,
  'db-cluster-id': (database) => database.clusterId ?? '',
  engine: (database) => database.engine,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html */
export const CLUSTER_FILTERS: Fields<DbCluster> = {
  'db-cluster-id': (cluster) => cluster.id,
  engine: (cluster) => cluster.engine,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html */
export const SNAPSHOT_FILTERS: Fields<DbSnapshot> = {
  'db-instance-id': (snapshot) => snapshot.databaseId,
  'db-snapshot-id': (snapshot) => snapshot.id,
  'snapshot-type': (snapshot) => snapshot.type,
  engine: (snapshot) => snapshot.engine,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterSnapshots.html */
export const CLUSTER_SNAPSHOT_FILTERS: Fields<DbSnapshot> = {
  'db-cluster-id': (snapshot) => snapshot.databaseId,
  'db-cluster-snapshot-id': (snapshot) => snapshot.id,
  'snapshot-type': (snapshot) => snapshot.type,
  engine: (snapshot) => snapshot.engine,
};

/** The items that pass every filter; one passes when it names the item's value, or its ARN for an `...-id`. */
export function select<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Fields<T>,
  arnOf: (item: T) => string = () => '',
): T[] {
  const tests = (filters ?? []).map(({ Name: name = '', Values: values = [] }) => {
    const field = fields[name];
    if (field === undefined) throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
    return (item: T) => values.includes(field(item)) || (name.endsWith('-id') && values.includes(arnOf(item)));
  });
  return items.filter((item) => tests.every((passes) => passes(item)));
}
