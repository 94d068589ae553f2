import type { DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import {
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { REFUSALS } from '../core/backup/begin';
import { madeByUs } from '../core/backup/database';
import type { InstanceSettings } from '../core/backup/restore-instance';
import { restoreInstance } from '../core/backup/restore-instance';
import { isRefusal } from '../core/backup/snapshot';
import type { Snapshot } from '../core/backup/snapshot';
import type { DatabaseSnapshots } from '../ports/snapshots';
import { awsOrRefusal, awsUnless } from './aws-errors';
import { allPages } from './pages';
import { rds } from './rds-client';
import { discardSnapshot, groupIds, insightOf, maintenanceOf, markSnapshot, progressOf } from './rds-common';
import { fromRdsTags, toRdsTags } from './rds-tags';

const TAKEN = 'DBSnapshotAlreadyExists';

/** Snapshots of a DB instance: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html */
export function rdsInstance(id: string): DatabaseSnapshots {
  const all = () =>
    allPages(async (Marker) => {
      const answer = await awsUnless(`DescribeDBSnapshots of ${id}`, ['DBInstanceNotFound', 'DBInstanceNotFoundFault'], () =>
        rds().send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: id, Marker })),
      );
      return { items: answer?.DBSnapshots?.map(toSnapshot), next: answer?.Marker };
    });
  return {
    id,
    all,
    made: async ({ part }) => madeByUs(await all(), part),
    database: async () => {
      const answer = await awsUnless(`DescribeDBInstances of ${id}`, ['DBInstanceNotFound', 'DBInstanceNotFoundFault'], () =>
        rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id })),
      );
      const instance = answer?.DBInstances?.[0];
      if (!instance) return undefined;
      const name = `DB instance ${id}`;
      return {
        id,
        name,
        units: [{ name, status: instance.DBInstanceStatus ?? 'unknown' }],
        encrypted: instance.StorageEncrypted ?? false,
        sizeGiB: instance.AllocatedStorage ?? 0,
        maintenance: () => maintenanceOf(instance.DBInstanceArn ?? ''),
        restore: (snapshotId, title) => restoreInstance(toSettings(instance), snapshotId, title),
      };
    },
    begin: async (DBSnapshotIdentifier, tags) => {
      const answer = await awsOrRefusal(`CreateDBSnapshot ${DBSnapshotIdentifier}`, [...REFUSALS, TAKEN], () =>
        rds().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: id, DBSnapshotIdentifier, Tags: toRdsTags(tags) })),
      );
      if (isRefusal(answer)) return answer.refused === TAKEN ? 'taken' : answer;
      return toSnapshot({ DBSnapshotIdentifier, ...answer.DBSnapshot });
    },
    mark: markSnapshot,
    discard: (snapshot) =>
      discardSnapshot(snapshot, 'DeleteDBSnapshot', () => rds().send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: snapshot.id }))),
  };
}

const toSnapshot = (snapshot: DBSnapshot): Snapshot => ({
  ...progressOf(snapshot.Status, snapshot.PercentProgress),
  id: snapshot.DBSnapshotIdentifier ?? '',
  tagTarget: snapshot.DBSnapshotArn ?? '',
  source: snapshot.DBInstanceIdentifier ?? '',
  startedAt: snapshot.SnapshotCreateTime?.toISOString() ?? '',
  encrypted: snapshot.Encrypted ?? false,
  sizeGiB: snapshot.AllocatedStorage ?? 0,
  tags: fromRdsTags(snapshot.TagList),
});

const toSettings = (instance: DBInstance): InstanceSettings => ({
  ...insightOf(instance),
  id: instance.DBInstanceIdentifier ?? '',
  instanceClass: instance.DBInstanceClass ?? '',
  subnetGroup: instance.DBSubnetGroup?.DBSubnetGroupName ?? '',
  securityGroupIds: groupIds(instance.VpcSecurityGroups),
  parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? '',
  optionGroup: instance.OptionGroupMemberships?.[0]?.OptionGroupName ?? '',
  port: instance.Endpoint?.Port ?? instance.DbInstancePort ?? 0,
  multiAz: instance.MultiAZ ?? false,
  availabilityZone: instance.AvailabilityZone ?? '',
  publiclyAccessible: instance.PubliclyAccessible ?? false,
  autoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade ?? false,
  storageType: instance.StorageType ?? '',
  iops: instance.Iops ?? 0,
  storageThroughput: instance.StorageThroughput ?? 0,
  maxAllocatedStorage: instance.MaxAllocatedStorage ?? 0,
  copyTagsToSnapshot: instance.CopyTagsToSnapshot ?? false,
  iamAuthentication: instance.IAMDatabaseAuthenticationEnabled ?? false,
  logExports: instance.EnabledCloudwatchLogsExports ?? [],
  deletionProtection: instance.DeletionProtection ?? false,
  caCertificate: instance.CACertificateIdentifier ?? '',
  roles: (instance.AssociatedRoles ?? []).map(({ RoleArn = '', FeatureName = '' }) => ({ arn: RoleArn, feature: FeatureName })),
  readReplicas: instance.ReadReplicaDBInstanceIdentifiers ?? [],
  masterSecretArn: instance.MasterUserSecret?.SecretArn ?? '',
  backupRetentionPeriod: instance.BackupRetentionPeriod ?? 0,
  preferredBackupWindow: instance.PreferredBackupWindow ?? '',
  preferredMaintenanceWindow: instance.PreferredMaintenanceWindow ?? '',
  tags: Object.fromEntries((instance.TagList ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
});
