/** The environment variables of the tasks. The constructs set them and the handlers read them, by these constants only. */
export const ENV = {
  /** Name of the Auto Scaling group. */
  GROUP_NAME: 'GROUP_NAME',
  /** ARNs of every target group (HTTP and SSH), separated by commas. */
  TARGET_GROUP_ARNS: 'TARGET_GROUP_ARNS',
  /** Base URL of Bitbucket with its context path, without a trailing slash: `https://bitbucket.example.com/git`. */
  BASE_URL: 'BASE_URL',
  /** Port on which each node answers HTTP(S) directly: `7990`. */
  NODE_PORT: 'NODE_PORT',
  /** `http` or `https`: how each node is asked directly. */
  NODE_PROTOCOL: 'NODE_PROTOCOL',
  /** ARN of the secret with the JSON keys `username` and `password` of a system administrator. */
  CREDENTIALS_SECRET_ARN: 'CREDENTIALS_SECRET_ARN',
  /** Optional: ARN of the secret that holds the PEM of the private certificate authority. */
  CA_CERTIFICATE_SECRET_ARN: 'CA_CERTIFICATE_SECRET_ARN',
  /** How a version becomes an image: JSON of {@link NodeImagesSpec}. */
  NODE_IMAGES: 'NODE_IMAGES',
  /** JSON of {@link Limits}. */
  LIMITS: 'LIMITS',
  /** `surge` or `within-capacity`. */
  CAPACITY: 'CAPACITY',
  /** Versions that are never upgraded to, separated by commas; may be empty. */
  DENIED_VERSIONS: 'DENIED_VERSIONS',
  /** Default target version when the request names none; may be empty. */
  DEFAULT_TARGET_VERSION: 'DEFAULT_TARGET_VERSION',
  /** Name of the DynamoDB table that holds the lock. */
  LOCK_TABLE_NAME: 'LOCK_TABLE_NAME',
  /** JSON of {@link BackupSpec}. */
  BACKUP: 'BACKUP',
  /** JSON of {@link BakeSpec}. */
  BAKE: 'BAKE',
  /** What follows a failure that fresh instances did not mend: `roll-back`, `hold` or `go-forward`. */
  FAILURE_POLICY: 'FAILURE_POLICY',
  /** How many replacements of a run may fail before the failure policy decides. */
  REPLACEMENT_BUDGET: 'REPLACEMENT_BUDGET',
  /** JSON of {@link ChecksSpec}. */
  CHECKS: 'CHECKS',
  /** JSON of {@link ApprovalsSpec}; may be absent: no gate is configured then. */
  APPROVALS: 'APPROVALS',
  /** ARN of the SNS topic that is told; may be absent. */
  TOPIC_ARN: 'TOPIC_ARN',
} as const;

/** How a version becomes an image, as the strategies of `NodeImages` write it. */
export type NodeImagesSpec =
  /** The newest available image with the tag `tagKey` = version, of one of the owners (account ids, `self`). */
  | { readonly kind: 'tag'; readonly tagKey: string; readonly owners: readonly string[] }
  /** The SSM parameter `<prefix>/<version>` holds the image's id. */
  | { readonly kind: 'parameter'; readonly prefix: string }
  /** A fixed map from version to image id. */
  | { readonly kind: 'map'; readonly images: { readonly [version: string]: string } };

/** Time limits of the workflow, in whole seconds. */
export interface Limits {
  /** From the launch of an instance until it must be good. */
  readonly bootTimeout: number;
  /** From standing by until the node is retired even if connections are left. */
  readonly drainLimit: number;
  /** From the start of a snapshot until it must be complete. */
  readonly backupTimeout: number;
  /** From `approve` until the cluster must be STABLE on the target version. */
  readonly finalizeTimeout: number;
  /** Shortest wait between two looks. */
  readonly minPollInterval: number;
  /** Longest wait between two looks. */
  readonly maxPollInterval: number;
}

/** How a new node is watched before the old one is given up. */
export interface BakeSpec {
  /** Seconds after the first new node of a run; 0 for none. */
  readonly first: number;
  /** Seconds after each further one; 0 for none. */
  readonly each: number;
  /** Names of CloudWatch alarms: one in ALARM fails the node. */
  readonly alarms: readonly string[];
}

/** What the checks look at besides the cluster itself. */
export interface ChecksSpec {
  /** Names or ARNs of Systems Manager change calendars: each must be open. */
  readonly changeCalendars: readonly string[];
  /** Names of CloudWatch alarms: none may be in ALARM at the start. */
  readonly alarms: readonly string[];
  /** Most CPU, in percent, that the remaining nodes may come to when one is out (without a surge). */
  readonly maxCpu: number;
  /** Hours of load that are looked back at. */
  readonly loadHours: number;
}

/** What the tasks know of the backup as a whole. */
export interface BackupSpec {
  /** Names of the parts; none when the operator chose no backup. */
  readonly parts: readonly string[];
  /** Why there is no backup; empty otherwise. */
  readonly noneBecause: string;
  /** Most seconds between the moments of the first and the last part. */
  readonly skewLimit: number;
  /** Most seconds until every part can begin, and has begun. */
  readonly startLimit: number;
  /** Most seconds since the moment of an earlier run's backup for it to be used again. */
  readonly reuseWithin: number;
  /** Which finished backups are kept; without it, none is deleted. */
  readonly retention?: { readonly keepLast: number } | { readonly keepDays: number };
  /** Warnings of the strategies, for the checks. */
  readonly warnings: readonly string[];
}

/** `specification` of a part made of RDS snapshots. */
export interface RdsPart {
  readonly kind: 'instance' | 'cluster';
  readonly id: string;
}

/** `specification` of a part made of one multi-volume EBS snapshot. */
export interface EbsPart {
  /** The EC2 instance that the volumes are attached to; empty when it was not given: then all of them must be attached to one. Never empty for `data`. */
  readonly instanceId: string;
  /** Which volumes. `data`: every data volume of the instance. */
  readonly volumes: { readonly ids: readonly string[] } | { readonly tag: { readonly key: string; readonly value: string } } | 'data';
  /** Freezes file systems while the snapshots are begun. */
  readonly freeze?: FreezeSpec;
}

/** How file systems are frozen by Systems Manager Run Command. */
export interface FreezeSpec {
  /** Name of the SSM document: parameters `Action` (`freeze` or `thaw`), `MountPoints` (separated by spaces) and `LimitSeconds`. */
  readonly documentName: string;
  readonly mountPoints: readonly string[];
  /** After so many seconds the document thaws them by itself. */
  readonly limitSeconds: number;
}

/** `specification` of a part made by AWS Backup on-demand jobs. */
export interface AwsBackupPart {
  readonly vaultName: string;
  /** The role that AWS Backup works as. */
  readonly roleArn: string;
  /** What is backed up: a DB instance or cluster, volumes, an EC2 instance (all its volumes at one point in time), a file system. */
  readonly resourceArns: readonly string[];
  /** Days until AWS Backup deletes the recovery point by itself; 0 for never. */
  readonly deleteAfterDays: number;
  /** Days until it goes to cold storage; 0 for never. */
  readonly coldStorageAfterDays: number;
}
