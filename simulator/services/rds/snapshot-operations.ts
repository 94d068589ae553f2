import type {
  CreateDBClusterSnapshotCommandOutput,
  CreateDBClusterSnapshotMessage,
  CreateDBSnapshotCommandOutput,
  CreateDBSnapshotMessage,
  DeleteDBClusterSnapshotCommandOutput,
  DeleteDBClusterSnapshotMessage,
  DeleteDBSnapshotCommandOutput,
  DeleteDBSnapshotMessage,
  DescribeDBClusterSnapshotsCommandOutput,
  DescribeDBClusterSnapshotsMessage,
  DescribeDBSnapshotsCommandOutput,
  DescribeDBSnapshotsMessage,
} from '@aws-sdk/client-rds';
import type { AwsService } from '../../kernel/ports';
import { operation, page, refuseUnmodelled, tagRecord } from '../account/operation';
import { RdsAuthorizations } from './authorizations';
import type { Databases } from './databases';
import type { DbSnapshot } from './db-snapshots';
import { describeClusterSnapshot, describeSnapshot } from './describe';
import { CLUSTER_SNAPSHOT_FILTERS, select, SNAPSHOT_FILTERS } from './select';

/** Snapshots of DB instances, and the same for DB clusters. */
export function snapshotOperations(databases: Databases): AwsService['operations'] {
  const { snapshots } = databases;
  const authorized = new RdsAuthorizations(databases);
  const listed = (kind: DbSnapshot['kind'], asked: { id?: string; of?: string; type?: string }): DbSnapshot[] =>
    (asked.id === undefined ? snapshots.all(kind) : [snapshots.get(kind, asked.id)]).filter(
      ({ databaseId, type }) => (asked.of === undefined || databaseId === asked.of) && (asked.type === undefined || type === asked.type),
    );
  return {
    DescribeDBSnapshots: operation<DescribeDBSnapshotsMessage, DescribeDBSnapshotsCommandOutput>({
      mutates: false,
      authorize: (input) => [
        input.DBSnapshotIdentifier === undefined
          ? authorized.of('DescribeDBSnapshots', authorized.instance(input.DBInstanceIdentifier))
          : authorized.of('DescribeDBSnapshots', authorized.snapshot('instance', input.DBSnapshotIdentifier)),
      ],
      call: (input) => {
        refuseUnmodelled('DescribeDBSnapshots', input, ['DBInstanceIdentifier', 'DBSnapshotIdentifier', ...LISTING]);
        const named = listed('instance', { id: input.DBSnapshotIdentifier, of: input.DBInstanceIdentifier, type: input.SnapshotType });
        const found = select(named, input.Filters, SNAPSHOT_FILTERS, (one) => snapshots.arn(one));
        const { items, next } = page(found, input.MaxRecords ?? 100, input.Marker);
        return { DBSnapshots: items.map((one) => describeSnapshot(databases, one)), Marker: next };
      },
    }),
    DescribeDBClusterSnapshots: operation<DescribeDBClusterSnapshotsMessage, DescribeDBClusterSnapshotsCommandOutput>({
      mutates: false,
      authorize: (input) => [
        input.DBClusterSnapshotIdentifier === undefined
          ? authorized.of('DescribeDBClusterSnapshots', authorized.cluster(input.DBClusterIdentifier))
          : authorized.of('DescribeDBClusterSnapshots', authorized.snapshot('cluster', input.DBClusterSnapshotIdentifier)),
      ],
      call: (input) => {
        refuseUnmodelled('DescribeDBClusterSnapshots', input, ['DBClusterIdentifier', 'DBClusterSnapshotIdentifier', ...LISTING]);
        const { DBClusterSnapshotIdentifier: id, DBClusterIdentifier: of, SnapshotType: type } = input;
        const found = select(listed('cluster', { id, of, type }), input.Filters, CLUSTER_SNAPSHOT_FILTERS, (one) => snapshots.arn(one));
        const { items, next } = page(found, input.MaxRecords ?? 100, input.Marker);
        return { DBClusterSnapshots: items.map((one) => describeClusterSnapshot(databases, one)), Marker: next };
      },
    }),
    CreateDBSnapshot: operation<CreateDBSnapshotMessage, CreateDBSnapshotCommandOutput>({
      mutates: true,
      authorize: ({ DBInstanceIdentifier: of, DBSnapshotIdentifier: id, Tags }) =>
        authorized.create('CreateDBSnapshot', authorized.instance(of), authorized.snapshot('instance', id), tagRecord(Tags)),
      call: ({ DBSnapshotIdentifier: id = '', DBInstanceIdentifier: of = '', Tags }) => ({
        DBSnapshot: describeSnapshot(databases, snapshots.create('instance', id, of, tagRecord(Tags))),
      }),
    }),
    CreateDBClusterSnapshot: operation<CreateDBClusterSnapshotMessage, CreateDBClusterSnapshotCommandOutput>({
      mutates: true,
      authorize: ({ DBClusterIdentifier: of, DBClusterSnapshotIdentifier: id, Tags }) =>
        authorized.create('CreateDBClusterSnapshot', authorized.cluster(of), authorized.snapshot('cluster', id), tagRecord(Tags)),
      call: ({ DBClusterSnapshotIdentifier: id = '', DBClusterIdentifier: of = '', Tags }) => ({
        // "stored as a lowercase string"
        DBClusterSnapshot: describeClusterSnapshot(databases, snapshots.create('cluster', id.toLowerCase(), of, tagRecord(Tags))),
      }),
    }),
    DeleteDBSnapshot: operation<DeleteDBSnapshotMessage, DeleteDBSnapshotCommandOutput>({
      mutates: true,
      authorize: (input) => [authorized.of('DeleteDBSnapshot', authorized.snapshot('instance', input.DBSnapshotIdentifier))],
      call: (input) => ({ DBSnapshot: describeSnapshot(databases, snapshots.delete('instance', input.DBSnapshotIdentifier ?? '')) }),
    }),
    DeleteDBClusterSnapshot: operation<DeleteDBClusterSnapshotMessage, DeleteDBClusterSnapshotCommandOutput>({
      mutates: true,
      authorize: (input) => [authorized.of('DeleteDBClusterSnapshot', authorized.snapshot('cluster', input.DBClusterSnapshotIdentifier))],
      call: (input) => {
        const deleted = snapshots.delete('cluster', input.DBClusterSnapshotIdentifier ?? '');
        return { DBClusterSnapshot: describeClusterSnapshot(databases, deleted) };
      },
    }),
  };
}

const LISTING = ['SnapshotType', 'Filters', 'MaxRecords', 'Marker'];
