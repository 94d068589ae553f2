/** An RDS DB instance, alone or as a member of an Aurora cluster. What descriptions tell of it, a restore has to give again. */
export interface Database {
  readonly id: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly sizeGiB: number;
  readonly storageType: string;
  readonly iops?: number;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly instanceClass: string;
  readonly multiAz: boolean;
  readonly availabilityZone: string;
  readonly subnetGroup: string;
  readonly vpcId: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup: string;
  readonly port: number;
  readonly masterUsername: string;
  readonly deletionProtection: boolean;
  /** Days that automated backups are kept. */
  readonly backupRetentionDays: number;
  /** Id of the cluster that it is a member of. */
  readonly clusterId?: string;
  /** Which reader is promoted first when the writer fails: 0 before 15. */
  readonly promotionTier?: number;
  /** Of a member: whether it is the cluster's writer. */
  readonly writer?: boolean;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
  /** What maintenance waits: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PendingMaintenanceAction.html */
  readonly pendingMaintenance: readonly string[];
  /** `available`, `backing-up`, `modifying`, ... https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
  status: string;
}

/** What has to be said of a DB instance. */
export type DatabaseProps = Pick<Database, 'id'> & Partial<Database>;

/** An Aurora DB cluster: its storage, which its members share. */
export interface DbCluster {
  readonly id: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly availabilityZones: readonly string[];
  readonly subnetGroup: string;
  readonly vpcId: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup: string;
  readonly port: number;
  readonly masterUsername: string;
  readonly deletionProtection: boolean;
  readonly backupRetentionDays: number;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
  readonly pendingMaintenance: readonly string[];
  /**
   * What the cluster's status is while a snapshot is made. `backing-up` is a documented status, but nothing says that a snapshot of the
   * storage volume brings it about, and Aurora's backups do not interrupt the service:
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html
   */
  readonly statusDuringSnapshot: 'available' | 'backing-up';
  /** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html */
  status: string;
}

/** A member of a cluster; the first is the writer, unless another one says that it is. */
export type MemberProps = Pick<Database, 'id'> &
  Partial<Pick<Database, 'instanceClass' | 'promotionTier' | 'status' | 'parameterGroup' | 'writer'>>;

/** What has to be said of a DB cluster. */
export type DbClusterProps = Pick<DbCluster, 'id'> & Partial<DbCluster> & { readonly members?: readonly MemberProps[] };

/** Where the databases of the account are unless something else is said. */
const PLACE = {
  subnetGroup: 'bitbucket-databases',
  vpcId: 'vpc-0b17b0c4e7000002b',
  securityGroupIds: ['sg-0b17b0c4e70000d0b'],
  port: 5432,
  masterUsername: 'bitbucket',
  deletionProtection: true,
  backupRetentionDays: 7,
} as const;

/** A DB instance with what is not said: PostgreSQL, 100 GiB, encrypted, in two zones. */
export function databaseOf(props: DatabaseProps, region: string, now: number): Database {
  return {
    ...PLACE,
    engine: 'postgres',
    engineVersion: '15.8',
    sizeGiB: 100,
    storageType: 'gp3',
    encrypted: true,
    instanceClass: 'db.m6i.large',
    multiAz: true,
    availabilityZone: `${region}a`,
    parameterGroup: 'default.postgres15',
    optionGroup: 'default:postgres-15',
    tags: {},
    createdAt: now,
    pendingMaintenance: [],
    status: 'available',
    ...props,
  };
}

/** A DB cluster with what is not said: Aurora PostgreSQL, encrypted, over three zones. */
export function clusterOf(props: Omit<DbClusterProps, 'members'>, region: string, now: number): DbCluster {
  return {
    ...PLACE,
    engine: 'aurora-postgresql',
    engineVersion: '15.8',
    encrypted: true,
    availabilityZones: ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    parameterGroup: 'default.aurora-postgresql15',
    tags: {},
    createdAt: now,
    pendingMaintenance: [],
    statusDuringSnapshot: 'available',
    status: 'available',
    ...props,
  };
}

/** A member of a cluster: what it shares with the cluster, and its own class and tier. Aurora tells 1 as the storage of each. */
export function memberOf(cluster: DbCluster, index: number, props: MemberProps, now: number): Database {
  const { engine, engineVersion, encrypted, kmsKeyId, subnetGroup, vpcId, securityGroupIds, port, masterUsername } = cluster;
  const zones = cluster.availabilityZones;
  return {
    ...{ engine, engineVersion, encrypted, subnetGroup, vpcId, securityGroupIds, port, masterUsername },
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    sizeGiB: AURORA_SIZE,
    storageType: 'aurora',
    instanceClass: 'db.r6g.large',
    multiAz: false,
    availabilityZone: zones[index % zones.length] ?? '',
    parameterGroup: 'default.aurora-postgresql15',
    optionGroup: 'default:aurora-postgresql-15',
    deletionProtection: false,
    backupRetentionDays: cluster.backupRetentionDays,
    clusterId: cluster.id,
    promotionTier: 1,
    tags: {},
    createdAt: now,
    pendingMaintenance: [],
    status: 'available',
    ...props,
  };
}

/** "AllocatedStorage always returns 1" for Aurora: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html */
export const AURORA_SIZE = 1;
