import type {
  AddTagsToResourceCommandOutput,
  AddTagsToResourceMessage,
  DescribeDBClustersCommandOutput,
  DescribeDBClustersMessage,
  DescribeDBInstancesCommandOutput,
  DescribeDBInstancesMessage,
  DescribePendingMaintenanceActionsCommandOutput,
  DescribePendingMaintenanceActionsMessage,
  ListTagsForResourceCommandOutput,
  ListTagsForResourceMessage,
} from '@aws-sdk/client-rds';
import type { AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, refuseUnmodelled, tagList, tagRecord } from '../account/operation';
import { RdsAuthorizations, taggedOf } from './authorizations';
import type { Databases } from './databases';
import { describeCluster, describeInstance } from './describe';
import { checkTags } from './rules';
import { CLUSTER_FILTERS, INSTANCE_FILTERS, select } from './select';
import { snapshotOperations } from './snapshot-operations';

/** The RDS API as far as backups need it. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html */
export function rdsService(databases: Databases): AwsService {
  const authorized = new RdsAuthorizations(databases);
  return {
    client: 'client-rds',
    operations: {
      ...snapshotOperations(databases),
      DescribeDBInstances: operation<DescribeDBInstancesMessage, DescribeDBInstancesCommandOutput>({
        mutates: false,
        authorize: (input) => [authorized.of('DescribeDBInstances', authorized.instance(input.DBInstanceIdentifier))],
        call: (input) => {
          refuseUnmodelled('DescribeDBInstances', input, ['DBInstanceIdentifier', 'Filters', 'MaxRecords', 'Marker']);
          const named = input.DBInstanceIdentifier === undefined ? databases.all() : [databases.get(input.DBInstanceIdentifier)];
          const found = select(named, input.Filters, INSTANCE_FILTERS, (one) => databases.arn(one));
          const { items, next } = page(found, input.MaxRecords ?? 100, input.Marker);
          return { DBInstances: items.map((one) => describeInstance(databases, one)), Marker: next };
        },
      }),
      DescribeDBClusters: operation<DescribeDBClustersMessage, DescribeDBClustersCommandOutput>({
        mutates: false,
        authorize: (input) => [authorized.of('DescribeDBClusters', authorized.cluster(input.DBClusterIdentifier))],
        call: (input) => {
          refuseUnmodelled('DescribeDBClusters', input, ['DBClusterIdentifier', 'Filters', 'MaxRecords', 'Marker']);
          const named = input.DBClusterIdentifier === undefined ? databases.clusters() : [databases.cluster(input.DBClusterIdentifier)];
          const found = select(named, input.Filters, CLUSTER_FILTERS, ({ id }) => databases.clusterArn(id));
          const { items, next } = page(found, input.MaxRecords ?? 100, input.Marker);
          return { DBClusters: items.map((one) => describeCluster(databases, one)), Marker: next };
        },
      }),
      AddTagsToResource: operation<AddTagsToResourceMessage, AddTagsToResourceCommandOutput>({
        mutates: true,
        authorize: (input) => [authorized.of('AddTagsToResource', input.ResourceName ?? '*', tagRecord(input.Tags))],
        call: (input) => {
          checkTags(tagRecord(input.Tags));
          Object.assign(tagged(databases, input.ResourceName ?? '').tags, tagRecord(input.Tags));
          return {};
        },
      }),
      ListTagsForResource: operation<ListTagsForResourceMessage, ListTagsForResourceCommandOutput>({
        mutates: false,
        authorize: (input) => [authorized.of('ListTagsForResource', input.ResourceName ?? '*')],
        call: (input) => ({ TagList: tagList(tagged(databases, input.ResourceName ?? '').tags) }),
      }),
      DescribePendingMaintenanceActions: operation<
        DescribePendingMaintenanceActionsMessage,
        DescribePendingMaintenanceActionsCommandOutput
      >({
        mutates: false,
        authorize: (input) => [
          authorized.of('DescribePendingMaintenanceActions', input.ResourceIdentifier ?? authorized.instance(undefined)),
        ],
        call: (input) => ({ PendingMaintenanceActions: pendingMaintenance(databases, input) }),
      }),
    },
  };
}

type PendingMaintenance = NonNullable<DescribePendingMaintenanceActionsCommandOutput['PendingMaintenanceActions']>;

/** What waits, of instances and clusters; those for which nothing waits are left out. */
function pendingMaintenance(databases: Databases, input: DescribePendingMaintenanceActionsMessage): PendingMaintenance {
  refuseUnmodelled('DescribePendingMaintenanceActions', input, ['ResourceIdentifier']);
  const all = [
    ...databases.all().map((one) => ({ arn: databases.arn(one), waiting: one.pendingMaintenance })),
    ...databases.clusters().map((one) => ({ arn: databases.clusterArn(one.id), waiting: one.pendingMaintenance })),
  ];
  return all
    .filter(({ arn, waiting }) => waiting.length > 0 && (input.ResourceIdentifier === undefined || input.ResourceIdentifier === arn))
    .map(({ arn, waiting }) => ({ ResourceIdentifier: arn, PendingMaintenanceActionDetails: waiting.map((Action) => ({ Action })) }));
}

/** The resource with this ARN. Errors: as RDS answers when there is none. */
function tagged(databases: Databases, arn: string): { readonly tags: Record<string, string> } {
  const [type = '', ...rest] = arn.split(':').slice(5);
  const id = rest.join(':');
  const found = taggedOf(databases, type, id);
  if (found !== undefined) return found;
  const [code, name] = {
    db: ['DBInstanceNotFound', 'DBInstance'],
    cluster: ['DBClusterNotFoundFault', 'DBCluster'],
    snapshot: ['DBSnapshotNotFound', 'DBSnapshot'],
    'cluster-snapshot': ['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshot'],
  }[type] ?? ['InvalidParameterValue', `The ARN ${arn}: resource`];
  throw new AwsError(code ?? '', `${name ?? ''} ${id} not found.`, code === 'InvalidParameterValue' ? 400 : 404);
}
