import type {
  AddTagsToResourceCommandOutput,
  AddTagsToResourceMessage,
  CreateDBSnapshotCommandOutput,
  CreateDBSnapshotMessage,
  DeleteDBSnapshotCommandOutput,
  DeleteDBSnapshotMessage,
  DescribeDBInstancesCommandOutput,
  DescribeDBInstancesMessage,
  DescribeDBSnapshotsCommandOutput,
  DescribeDBSnapshotsMessage,
  DescribePendingMaintenanceActionsCommandOutput,
  DescribePendingMaintenanceActionsMessage,
  Filter,
  ListTagsForResourceCommandOutput,
  ListTagsForResourceMessage,
} from '@aws-sdk/client-rds';
import type { Authorization, AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, refuseUnmodelled, requestTags, tagKeys, tagList, tagRecord } from '../account/operation';
import type { Databases, DbSnapshot } from './databases';

/**
 * The RDS API as far as backups need it. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
 * Resources and condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export function rdsService(databases: Databases): AwsService {
  const check = (action: string, resources: readonly string[], context: Authorization['context'] = {}): Authorization => ({
    action: `rds:${action}`,
    resources,
    context,
  });
  const db = (id: string | undefined) => databases.arn({ id: id ?? '*' });
  const tagsGiven = (tags: Record<string, string>) => ({ ...requestTags(tags), ...tagKeys(['rds:req-tag'], tags) });
  return {
    client: 'client-rds',
    operations: {
      DescribeDBInstances: operation<DescribeDBInstancesMessage, DescribeDBInstancesCommandOutput>({
        mutates: false,
        authorize: (input) => [check('DescribeDBInstances', [db(input.DBInstanceIdentifier)])],
        call: (input) => {
          refuseUnmodelled('DescribeDBInstances', input, ['DBInstanceIdentifier', 'MaxRecords', 'Marker']);
          const found = input.DBInstanceIdentifier === undefined ? databases.all() : [databases.get(input.DBInstanceIdentifier)];
          const { items, next } = page(found, input.MaxRecords ?? 100, input.Marker);
          return { DBInstances: items.map((one) => databases.describe(one)), Marker: next };
        },
      }),
      DescribeDBSnapshots: operation<DescribeDBSnapshotsMessage, DescribeDBSnapshotsCommandOutput>({
        mutates: false,
        authorize: (input) =>
          input.DBSnapshotIdentifier !== undefined
            ? [check('DescribeDBSnapshots', [databases.snapshotArn(input.DBSnapshotIdentifier)])]
            : [check('DescribeDBSnapshots', [db(input.DBInstanceIdentifier)])],
        call: (input) => {
          const modelled = ['DBInstanceIdentifier', 'DBSnapshotIdentifier', 'SnapshotType', 'Filters', 'MaxRecords', 'Marker'];
          refuseUnmodelled('DescribeDBSnapshots', input, modelled);
          const { items, next } = page(selectSnapshots(databases, input), input.MaxRecords ?? 100, input.Marker);
          return { DBSnapshots: items.map((one) => databases.describeSnapshot(one)), Marker: next };
        },
      }),
      CreateDBSnapshot: operation<CreateDBSnapshotMessage, CreateDBSnapshotCommandOutput>({
        mutates: true,
        authorize: (input) => {
          const tags = tagsGiven(tagRecord(input.Tags));
          const snapshot = databases.snapshotArn(input.DBSnapshotIdentifier ?? '*');
          return [
            check('CreateDBSnapshot', [db(input.DBInstanceIdentifier)], tags),
            check('CreateDBSnapshot', [snapshot], tags),
            // tags given at creation: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-grant-permissions-tags-on-create.html
            ...(input.Tags?.length ? [check('AddTagsToResource', [snapshot], tags)] : []),
          ];
        },
        call: (input) => {
          const { DBSnapshotIdentifier: id = '', DBInstanceIdentifier: databaseId = '' } = input;
          return { DBSnapshot: databases.describeSnapshot(databases.create(id, databaseId, tagRecord(input.Tags))) };
        },
      }),
      DeleteDBSnapshot: operation<DeleteDBSnapshotMessage, DeleteDBSnapshotCommandOutput>({
        mutates: true,
        authorize: (input) => [check('DeleteDBSnapshot', [databases.snapshotArn(input.DBSnapshotIdentifier ?? '*')])],
        call: (input) => ({ DBSnapshot: databases.describeSnapshot(databases.delete(input.DBSnapshotIdentifier ?? '')) }),
      }),
      AddTagsToResource: operation<AddTagsToResourceMessage, AddTagsToResourceCommandOutput>({
        mutates: true,
        authorize: (input) => [check('AddTagsToResource', [input.ResourceName ?? '*'], tagsGiven(tagRecord(input.Tags)))],
        call: (input) => {
          Object.assign(tagged(databases, input.ResourceName ?? '').tags, tagRecord(input.Tags));
          return {};
        },
      }),
      ListTagsForResource: operation<ListTagsForResourceMessage, ListTagsForResourceCommandOutput>({
        mutates: false,
        authorize: (input) => [check('ListTagsForResource', [input.ResourceName ?? '*'])],
        call: (input) => ({ TagList: tagList(tagged(databases, input.ResourceName ?? '').tags) }),
      }),
      DescribePendingMaintenanceActions: operation<
        DescribePendingMaintenanceActionsMessage,
        DescribePendingMaintenanceActionsCommandOutput
      >({
        mutates: false,
        authorize: (input) => [check('DescribePendingMaintenanceActions', [input.ResourceIdentifier ?? db('*')])],
        call: (input) => {
          refuseUnmodelled('DescribePendingMaintenanceActions', input, ['ResourceIdentifier']);
          const waiting = databases.all().filter((one) => one.pendingMaintenance.length > 0);
          const asked = waiting.filter((one) => input.ResourceIdentifier === undefined || databases.arn(one) === input.ResourceIdentifier);
          const describe = (actions: readonly string[]) => actions.map((Action) => ({ Action }));
          return {
            PendingMaintenanceActions: asked.map((one) => ({
              ResourceIdentifier: databases.arn(one),
              PendingMaintenanceActionDetails: describe(one.pendingMaintenance),
            })),
          };
        },
      }),
    },
  };
}

const SNAPSHOT_FILTERS: Readonly<Record<string, (snapshot: DbSnapshot) => string>> = {
  'db-instance-id': (snapshot) => snapshot.databaseId,
  'db-snapshot-id': (snapshot) => snapshot.id,
  'snapshot-type': () => 'manual',
  engine: (snapshot) => snapshot.engine,
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html */
function selectSnapshots(databases: Databases, input: DescribeDBSnapshotsMessage): DbSnapshot[] {
  const named = input.DBSnapshotIdentifier === undefined ? databases.snapshots() : [databases.snapshot(input.DBSnapshotIdentifier)];
  return named.filter(
    (snapshot) =>
      (input.DBInstanceIdentifier === undefined || snapshot.databaseId === input.DBInstanceIdentifier) &&
      (input.SnapshotType === undefined || input.SnapshotType === 'manual') &&
      (input.Filters ?? []).every((filter) => passes(snapshot, filter)),
  );
}

function passes(snapshot: DbSnapshot, { Name: name = '', Values: values = [] }: Filter): boolean {
  const field = SNAPSHOT_FILTERS[name];
  if (field === undefined) throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
  return values.includes(field(snapshot));
}

/** The DB instance or snapshot with this ARN. */
function tagged(databases: Databases, arn: string): { readonly tags: Record<string, string> } {
  const id = arn.split(':').at(-1) ?? '';
  return arn === databases.snapshotArn(id) ? databases.snapshot(id) : databases.get(id);
}
