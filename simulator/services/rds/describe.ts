import type {
  DBCluster as SdkDbCluster,
  DBClusterSnapshot as SdkDbClusterSnapshot,
  DBInstance as SdkDbInstance,
  DBSnapshot as SdkDbSnapshot,
} from '@aws-sdk/client-rds';
import { tagList } from '../account/operation';
import type { Database, DbCluster } from './database';
import { AURORA_SIZE } from './database';
import type { Databases } from './databases';
import type { DbSnapshot } from './db-snapshots';

/** A stable, made-up part of the host names of the account's databases. */
const HOST = 'cb17bucket0db';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html */
export function describeInstance(databases: Databases, database: Database): SdkDbInstance {
  const { id, port } = database;
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: databases.arn(database),
    DBInstanceClass: database.instanceClass,
    DBInstanceStatus: databases.statusOf(database),
    Engine: database.engine,
    EngineVersion: database.engineVersion,
    MasterUsername: database.masterUsername,
    Endpoint: { Address: `${id}.${HOST}.${databases.account.region}.rds.amazonaws.com`, Port: port, HostedZoneId: 'Z1RLNUO7B9Q6NB' },
    AllocatedStorage: database.sizeGiB,
    StorageType: database.storageType,
    Iops: database.iops,
    StorageEncrypted: database.encrypted,
    KmsKeyId: database.kmsKeyId,
    MultiAZ: database.multiAz,
    AvailabilityZone: database.availabilityZone,
    DBSubnetGroup: { DBSubnetGroupName: database.subnetGroup, VpcId: database.vpcId, SubnetGroupStatus: 'Complete' },
    VpcSecurityGroups: database.securityGroupIds.map((group) => ({ VpcSecurityGroupId: group, Status: 'active' })),
    DBParameterGroups: [{ DBParameterGroupName: database.parameterGroup, ParameterApplyStatus: 'in-sync' }],
    OptionGroupMemberships: [{ OptionGroupName: database.optionGroup, Status: 'in-sync' }],
    PubliclyAccessible: false,
    DeletionProtection: database.deletionProtection,
    BackupRetentionPeriod: database.backupRetentionDays,
    PreferredMaintenanceWindow: 'sun:03:00-sun:04:00',
    InstanceCreateTime: new Date(database.createdAt),
    ...(database.clusterId !== undefined && { DBClusterIdentifier: database.clusterId, PromotionTier: database.promotionTier }),
    TagList: tagList(database.tags),
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html */
export function describeCluster(databases: Databases, cluster: DbCluster): SdkDbCluster {
  const { id } = cluster;
  const host = (kind: string) => `${id}.${kind}-${HOST}.${databases.account.region}.rds.amazonaws.com`;
  return {
    DBClusterIdentifier: id,
    DBClusterArn: databases.clusterArn(id),
    Status: databases.statusOf(cluster),
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    EngineMode: 'provisioned',
    MasterUsername: cluster.masterUsername,
    Endpoint: host('cluster'),
    ReaderEndpoint: host('cluster-ro'),
    Port: cluster.port,
    AllocatedStorage: AURORA_SIZE,
    StorageEncrypted: cluster.encrypted,
    KmsKeyId: cluster.kmsKeyId,
    AvailabilityZones: [...cluster.availabilityZones],
    MultiAZ: databases.members(id).length > 1,
    DBSubnetGroup: cluster.subnetGroup,
    VpcSecurityGroups: cluster.securityGroupIds.map((group) => ({ VpcSecurityGroupId: group, Status: 'active' })),
    DBClusterParameterGroup: cluster.parameterGroup,
    DBClusterMembers: databases.members(id).map((member) => ({
      DBInstanceIdentifier: member.id,
      IsClusterWriter: member.writer === true,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: member.promotionTier,
    })),
    DeletionProtection: cluster.deletionProtection,
    BackupRetentionPeriod: cluster.backupRetentionDays,
    PreferredMaintenanceWindow: 'sun:03:00-sun:04:00',
    ClusterCreateTime: new Date(cluster.createdAt),
    TagList: tagList(cluster.tags),
  };
}

/**
 * A snapshot that has just been asked for has no `SnapshotCreateTime` yet; how long that lasts is not told.
 * https://docs.aws.amazon.com/cli/latest/reference/rds/create-db-snapshot.html#examples
 */
const WITHOUT_TIME = 5000;

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshot.html */
export function describeSnapshot(databases: Databases, snapshot: DbSnapshot): SdkDbSnapshot {
  const source = databases.find(snapshot.databaseId);
  const timed = databases.account.clock.now() - snapshot.startedAt >= WITHOUT_TIME;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: databases.snapshots.arn(snapshot),
    DBInstanceIdentifier: snapshot.databaseId,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: databases.snapshots.progress(snapshot),
    ...(timed && { SnapshotCreateTime: new Date(snapshot.startedAt), OriginalSnapshotCreateTime: new Date(snapshot.startedAt) }),
    Engine: snapshot.engine,
    EngineVersion: snapshot.engineVersion,
    AllocatedStorage: snapshot.sizeGiB,
    Encrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    ...(source && {
      Port: source.port,
      VpcId: source.vpcId,
      AvailabilityZone: source.availabilityZone,
      MasterUsername: source.masterUsername,
      StorageType: source.storageType,
      OptionGroupName: source.optionGroup,
      InstanceCreateTime: new Date(source.createdAt),
    }),
    TagList: tagList(snapshot.tags),
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterSnapshot.html */
export function describeClusterSnapshot(databases: Databases, snapshot: DbSnapshot): SdkDbClusterSnapshot {
  const source = databases.findCluster(snapshot.databaseId);
  return {
    DBClusterSnapshotIdentifier: snapshot.id,
    DBClusterSnapshotArn: databases.snapshots.arn(snapshot),
    DBClusterIdentifier: snapshot.databaseId,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: databases.snapshots.progress(snapshot),
    SnapshotCreateTime: new Date(snapshot.startedAt),
    Engine: snapshot.engine,
    EngineMode: 'provisioned',
    EngineVersion: snapshot.engineVersion,
    AllocatedStorage: snapshot.sizeGiB,
    StorageEncrypted: snapshot.encrypted,
    KmsKeyId: snapshot.kmsKeyId,
    ...(source && {
      Port: 0,
      VpcId: source.vpcId,
      AvailabilityZones: [...source.availabilityZones],
      MasterUsername: source.masterUsername,
      ClusterCreateTime: new Date(source.createdAt),
    }),
    TagList: tagList(snapshot.tags),
  };
}
