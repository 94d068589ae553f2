import type { DBCluster, DBClusterSnapshot, DBInstance } from '@aws-sdk/client-rds';
import {
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';
import { REFUSALS } from '../core/backup/begin';
import { madeByUs } from '../core/backup/database';
import type { ClusterSettings, MemberSettings } from '../core/backup/restore-cluster';
import { restoreCluster } from '../core/backup/restore-cluster';
import { isRefusal } from '../core/backup/snapshot';
import type { Snapshot } from '../core/backup/snapshot';
import type { DatabaseSnapshots } from '../ports/snapshots';
import { aws, awsOrRefusal, awsUnless } from './aws-errors';
import { allPages } from './pages';
import { rds } from './rds-client';
import { discardSnapshot, groupIds, insightOf, maintenanceOf, markSnapshot, progressOf } from './rds-common';
import { fromRdsTags, toRdsTags } from './rds-tags';

const TAKEN = 'DBClusterSnapshotAlreadyExists';

/** Snapshots of an Aurora (or Multi-AZ) DB cluster: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html */
export function rdsCluster(id: string): DatabaseSnapshots {
  const all = () =>
    allPages(async (Marker) => {
      const answer = await awsUnless(`DescribeDBClusterSnapshots of ${id}`, ['DBClusterNotFound', 'DBClusterNotFoundFault'], () =>
        rds().send(new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: id, Marker })),
      );
      return { items: answer?.DBClusterSnapshots?.map(toSnapshot), next: answer?.Marker };
    });
  const instances = () =>
    allPages(async (Marker) => {
      const answer = await aws(`DescribeDBInstances of the DB cluster ${id}`, () =>
        rds().send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [id] }], Marker })),
      );
      return { items: answer.DBInstances, next: answer.Marker };
    });
  return {
    id,
    all,
    made: async ({ part }) => madeByUs(await all(), part),
    database: async () => {
      const answer = await awsUnless(`DescribeDBClusters of ${id}`, ['DBClusterNotFound', 'DBClusterNotFoundFault'], () =>
        rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier: id })),
      );
      const cluster = answer?.DBClusters?.[0];
      if (!cluster) return undefined;
      const members = await instances();
      const name = `DB cluster ${id}`;
      return {
        id,
        name,
        units: [
          { name, status: cluster.Status ?? 'unknown' },
          ...members.map((member) => ({
            name: `DB instance ${member.DBInstanceIdentifier ?? ''} of ${name}`,
            status: member.DBInstanceStatus ?? 'unknown',
          })),
        ],
        encrypted: cluster.StorageEncrypted ?? false,
        // Aurora's storage grows by itself, and its figure says nothing.
        sizeGiB: isAurora(cluster) ? 0 : (cluster.AllocatedStorage ?? 0),
        maintenance: () => maintenanceOf(cluster.DBClusterArn ?? ''),
        restore: (snapshotId, title) => restoreCluster(toSettings(cluster, members), snapshotId, title),
      };
    },
    begin: async (DBClusterSnapshotIdentifier, tags) => {
      const answer = await awsOrRefusal(`CreateDBClusterSnapshot ${DBClusterSnapshotIdentifier}`, [...REFUSALS, TAKEN], () =>
        rds().send(new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: id, DBClusterSnapshotIdentifier, Tags: toRdsTags(tags) })),
      );
      if (isRefusal(answer)) return answer.refused === TAKEN ? 'taken' : answer;
      return toSnapshot({ DBClusterSnapshotIdentifier, ...answer.DBClusterSnapshot });
    },
    mark: markSnapshot,
    discard: (snapshot) =>
      discardSnapshot(snapshot, 'DeleteDBClusterSnapshot', () =>
        rds().send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: snapshot.id })),
      ),
  };
}

const isAurora = ({ Engine = '' }: DBCluster): boolean => Engine.startsWith('aurora');

const toSnapshot = (snapshot: DBClusterSnapshot): Snapshot => ({
  ...progressOf(snapshot.Status, snapshot.PercentProgress),
  id: snapshot.DBClusterSnapshotIdentifier ?? '',
  tagTarget: snapshot.DBClusterSnapshotArn ?? '',
  source: snapshot.DBClusterIdentifier ?? '',
  startedAt: snapshot.SnapshotCreateTime?.toISOString() ?? '',
  encrypted: snapshot.StorageEncrypted ?? false,
  sizeGiB: snapshot.AllocatedStorage ?? 0,
  tags: fromRdsTags(snapshot.TagList),
});

function toSettings(cluster: DBCluster, instances: readonly DBInstance[]): ClusterSettings {
  const serverless = cluster.ServerlessV2ScalingConfiguration;
  return {
    id: cluster.DBClusterIdentifier ?? '',
    engine: cluster.Engine ?? '',
    engineVersion: cluster.EngineVersion ?? '',
    subnetGroup: cluster.DBSubnetGroup ?? '',
    securityGroupIds: groupIds(cluster.VpcSecurityGroups),
    parameterGroup: cluster.DBClusterParameterGroup ?? '',
    port: cluster.Port ?? 0,
    storageType: cluster.StorageType ?? '',
    iops: isAurora(cluster) ? 0 : (cluster.Iops ?? 0),
    instanceClass: cluster.DBClusterInstanceClass ?? '',
    serverless: serverless && { minCapacity: serverless.MinCapacity ?? 0.5, maxCapacity: serverless.MaxCapacity ?? 1 },
    copyTagsToSnapshot: cluster.CopyTagsToSnapshot ?? false,
    iamAuthentication: cluster.IAMDatabaseAuthenticationEnabled ?? false,
    logExports: cluster.EnabledCloudwatchLogsExports ?? [],
    deletionProtection: cluster.DeletionProtection ?? false,
    roles: (cluster.AssociatedRoles ?? []).map(({ RoleArn = '', FeatureName = '' }) => ({ arn: RoleArn, feature: FeatureName })),
    customEndpoints: cluster.CustomEndpoints ?? [],
    globalCluster: cluster.GlobalClusterIdentifier ?? '',
    masterSecretArn: cluster.MasterUserSecret?.SecretArn ?? '',
    backupRetentionPeriod: cluster.BackupRetentionPeriod ?? 0,
    preferredBackupWindow: cluster.PreferredBackupWindow ?? '',
    preferredMaintenanceWindow: cluster.PreferredMaintenanceWindow ?? '',
    tags: tagsOf(cluster),
    members: instances.map((instance) => toMember(instance, cluster)),
  };
}

function toMember(instance: DBInstance, { DBClusterMembers = [] }: DBCluster): MemberSettings {
  const id = instance.DBInstanceIdentifier ?? '';
  const member = DBClusterMembers.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === id);
  return {
    ...insightOf(instance),
    id,
    isWriter: member?.IsClusterWriter ?? false,
    instanceClass: instance.DBInstanceClass ?? '',
    parameterGroup: instance.DBParameterGroups?.[0]?.DBParameterGroupName ?? '',
    availabilityZone: instance.AvailabilityZone ?? '',
    promotionTier: instance.PromotionTier ?? member?.PromotionTier ?? 1,
    publiclyAccessible: instance.PubliclyAccessible ?? false,
    autoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade ?? false,
    caCertificate: instance.CACertificateIdentifier ?? '',
    tags: tagsOf(instance),
  };
}

const tagsOf = ({ TagList = [] }: DBCluster | DBInstance) => Object.fromEntries(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
