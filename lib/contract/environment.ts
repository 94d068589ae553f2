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
  /** Identifier of the RDS DB instance. */
  DATABASE_INSTANCE_ID: 'DATABASE_INSTANCE_ID',
  /** Identifier of the EC2 instance that the shared home's volumes are attached to. */
  FILE_SERVER_INSTANCE_ID: 'FILE_SERVER_INSTANCE_ID',
  /** Identifiers of the shared home's EBS volumes, separated by commas. */
  SHARED_HOME_VOLUME_IDS: 'SHARED_HOME_VOLUME_IDS',
  /** JSON of {@link BakeSpec}. */
  BAKE: 'BAKE',
  /** What follows a failure that fresh instances did not mend: `roll-back`, `hold` or `go-forward`. */
  FAILURE_POLICY: 'FAILURE_POLICY',
  /** How many replacements of a run may fail before the failure policy decides. */
  REPLACEMENT_BUDGET: 'REPLACEMENT_BUDGET',
  /** JSON of {@link ChecksSpec}. */
  CHECKS: 'CHECKS',
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
