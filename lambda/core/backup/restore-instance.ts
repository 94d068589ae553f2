import type { RestoreStep } from '../../../lib/contract/events';
import type { Aftercare, Insight } from './restore-database';
import { aftercare, insight, masterPassword, oldName, renameInstance, untilAvailable } from './restore-database';
import { aws, tagList } from './shell';
import type { Tags } from './tags';

/** A DB instance's settings, as they are now. */
export interface InstanceSettings extends Aftercare, Insight {
  readonly id: string;
  readonly instanceClass: string;
  readonly subnetGroup: string;
  readonly securityGroupIds: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup: string;
  readonly port: number;
  readonly multiAz: boolean;
  readonly availabilityZone: string;
  readonly publiclyAccessible: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly storageType: string;
  readonly iops: number;
  /** MiB/s. */
  readonly storageThroughput: number;
  /** GiB that its storage may grow to; 0 for no growth. */
  readonly maxAllocatedStorage: number;
  readonly copyTagsToSnapshot: boolean;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly deletionProtection: boolean;
  readonly caCertificate: string;
  /** Roles of features such as S3 import. */
  readonly roles: readonly { readonly arn: string; readonly feature: string }[];
  readonly readReplicas: readonly string[];
  /** ARN of the secret of the master password, when RDS manages it; or empty. */
  readonly masterSecretArn: string;
  readonly tags: Tags;
}

/**
 * The old instance makes way under another name, so that the endpoint's name survives, and the snapshot is restored under the old one
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html). A restore gives the default
 * security and parameter groups unless they are named.
 */
export function restoreInstance(now: InstanceSettings, snapshotId: string, title: string): readonly RestoreStep[] {
  const { id } = now;
  return [
    {
      title: `Rename the old DB instance, so that the endpoint of ${title} keeps its name`,
      commands: [
        renameInstance(id),
        untilAvailable('db-instance', oldName(id)),
        ...(now.readReplicas.length > 0
          ? [`# Its read replicas (${now.readReplicas.join(', ')}) stay with ${oldName(id)}: make new ones afterwards.`]
          : []),
      ],
    },
    {
      title: `Restore ${title} from the snapshot, under the old identifier`,
      commands: [
        aws('rds', 'restore-db-instance-from-db-snapshot', {
          'db-instance-identifier': id,
          'db-snapshot-identifier': snapshotId,
          'db-instance-class': now.instanceClass,
          'db-subnet-group-name': now.subnetGroup,
          'vpc-security-group-ids': now.securityGroupIds,
          'db-parameter-group-name': now.parameterGroup,
          'option-group-name': now.optionGroup,
          port: now.port > 0 ? now.port : undefined,
          'multi-az': now.multiAz,
          'availability-zone': now.multiAz ? undefined : now.availabilityZone,
          'publicly-accessible': now.publiclyAccessible,
          'auto-minor-version-upgrade': now.autoMinorVersionUpgrade,
          'storage-type': now.storageType,
          ...provisioned(now),
          'copy-tags-to-snapshot': now.copyTagsToSnapshot,
          'enable-iam-database-authentication': now.iamAuthentication,
          'enable-cloudwatch-logs-exports': now.logExports,
          'deletion-protection': now.deletionProtection,
          tags: tagList(now.tags),
        }),
        untilAvailable('db-instance', id),
        aws('rds', 'modify-db-instance', {
          'db-instance-identifier': id,
          ...aftercare(now),
          'max-allocated-storage': now.maxAllocatedStorage > 0 ? now.maxAllocatedStorage : undefined,
          'ca-certificate-identifier': now.caCertificate,
          ...insight(now),
          'apply-immediately': true,
        }),
        untilAvailable('db-instance', id),
        ...now.roles.map(({ arn, feature }) =>
          aws('rds', 'add-role-to-db-instance', { 'db-instance-identifier': id, 'role-arn': arn, 'feature-name': feature }),
        ),
        ...masterPassword(now.masterSecretArn),
      ],
    },
  ];
}

/** What every gp3 volume has, and a small one cannot be given: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const GP3_BASE_IOPS = 3000;

/** Provisioned performance, where there is any. */
function provisioned({ storageType, iops, storageThroughput }: InstanceSettings) {
  const chosen = storageType.startsWith('io') || (storageType === 'gp3' && iops > GP3_BASE_IOPS);
  return {
    iops: chosen && iops > 0 ? iops : undefined,
    'storage-throughput': chosen && storageType === 'gp3' && storageThroughput > 0 ? storageThroughput : undefined,
  };
}
