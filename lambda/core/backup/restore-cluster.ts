import type { RestoreStep } from '../../../lib/contract/events';
import type { Aftercare, Insight } from './restore-database';
import { aftercare, insight, masterPassword, oldName, renameInstance, untilAvailable } from './restore-database';
import { aws, tagList } from './shell';
import type { Tags } from './tags';

/** An instance of a DB cluster, as it is now. */
export interface MemberSettings extends Insight {
  readonly id: string;
  readonly isWriter: boolean;
  readonly instanceClass: string;
  readonly parameterGroup: string;
  readonly availabilityZone: string;
  readonly promotionTier: number;
  readonly publiclyAccessible: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly caCertificate: string;
  readonly tags: Tags;
}

/** A DB cluster's settings, as they are now. */
export interface ClusterSettings extends Aftercare {
  readonly id: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly subnetGroup: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup: string;
  readonly port: number;
  readonly storageType: string;
  /** Of a Multi-AZ DB cluster only, as `instanceClass` is; 0 otherwise. */
  readonly iops: number;
  /** Empty for Aurora, whose instances have each its own. */
  readonly instanceClass: string;
  readonly serverless: { readonly minCapacity: number; readonly maxCapacity: number } | undefined;
  readonly copyTagsToSnapshot: boolean;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly deletionProtection: boolean;
  readonly roles: readonly { readonly arn: string; readonly feature: string }[];
  readonly customEndpoints: readonly string[];
  readonly globalCluster: string;
  readonly masterSecretArn: string;
  readonly tags: Tags;
  readonly members: readonly MemberSettings[];
}

/**
 * As for an instance; and of Aurora a restore makes the cluster only: each instance is made anew, the writer first, once the cluster is
 * available (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromSnapshot.html). The first instance becomes the
 * writer. A Multi-AZ DB cluster (`instanceClass`) makes its instances itself.
 */
export function restoreCluster(now: ClusterSettings, snapshotId: string, title: string): readonly RestoreStep[] {
  const { id } = now;
  const own = now.instanceClass === '' ? [...now.members].sort((a, b) => Number(b.isWriter) - Number(a.isWriter)) : [];
  return [
    {
      title: `Rename the old DB cluster${own.length > 0 ? ' and its instances' : ''}, so that the endpoint of ${title} keeps its name`,
      commands: [
        ...own.map((member) => renameInstance(member.id)),
        ...own.map((member) => untilAvailable('db-instance', oldName(member.id))),
        aws('rds', 'modify-db-cluster', {
          'db-cluster-identifier': id,
          'new-db-cluster-identifier': oldName(id),
          'apply-immediately': true,
        }),
        untilAvailable('db-cluster', oldName(id)),
        ...notes(now),
      ],
    },
    {
      title: `Restore ${title} from the snapshot, under the old identifier`,
      commands: [
        restoreFrom(snapshotId, now),
        untilAvailable('db-cluster', id),
        ...own.flatMap((member, n) => [createMember(member, now), ...(n === 0 ? [untilAvailable('db-instance', member.id)] : [])]),
        ...own.slice(1).map((member) => untilAvailable('db-instance', member.id)),
        aws('rds', 'modify-db-cluster', { 'db-cluster-identifier': id, ...aftercare(now), 'apply-immediately': true }),
        untilAvailable('db-cluster', id),
        ...now.roles.map(({ arn, feature }) =>
          aws('rds', 'add-role-to-db-cluster', { 'db-cluster-identifier': id, 'role-arn': arn, 'feature-name': feature }),
        ),
        ...masterPassword(now.masterSecretArn),
      ],
    },
  ];
}

const restoreFrom = (snapshotId: string, now: ClusterSettings): string =>
  aws('rds', 'restore-db-cluster-from-snapshot', {
    'db-cluster-identifier': now.id,
    'snapshot-identifier': snapshotId,
    engine: now.engine,
    'engine-version': now.engineVersion,
    'db-subnet-group-name': now.subnetGroup,
    'vpc-security-group-ids': now.securityGroupIds,
    'db-cluster-parameter-group-name': now.parameterGroup,
    port: now.port > 0 ? now.port : undefined,
    'storage-type': now.storageType,
    iops: now.iops > 0 ? now.iops : undefined,
    'db-cluster-instance-class': now.instanceClass,
    'serverless-v2-scaling-configuration':
      now.serverless && `MinCapacity=${now.serverless.minCapacity},MaxCapacity=${now.serverless.maxCapacity}`,
    'copy-tags-to-snapshot': now.copyTagsToSnapshot,
    'enable-iam-database-authentication': now.iamAuthentication,
    'enable-cloudwatch-logs-exports': now.logExports,
    'deletion-protection': now.deletionProtection,
    tags: tagList(now.tags),
  });

const createMember = (member: MemberSettings, { id, engine }: ClusterSettings): string =>
  aws('rds', 'create-db-instance', {
    'db-instance-identifier': member.id,
    'db-cluster-identifier': id,
    engine,
    'db-instance-class': member.instanceClass,
    'promotion-tier': member.promotionTier,
    'db-parameter-group-name': member.parameterGroup,
    'availability-zone': member.availabilityZone,
    'publicly-accessible': member.publiclyAccessible,
    'auto-minor-version-upgrade': member.autoMinorVersionUpgrade,
    'ca-certificate-identifier': member.caCertificate,
    ...insight(member),
    tags: tagList(member.tags),
  });

/** What a restore does not bring back. */
const notes = ({ id, customEndpoints, globalCluster }: ClusterSettings): readonly string[] => [
  ...(customEndpoints.length > 0
    ? [`# The custom endpoints (${customEndpoints.join(', ')}) stay with ${oldName(id)}: make new ones afterwards.`]
    : []),
  ...(globalCluster === ''
    ? []
    : [`# ${oldName(id)} stays a member of the global database ${globalCluster}: decide about its other regions.`]),
];
