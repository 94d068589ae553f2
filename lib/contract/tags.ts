/** Tags and names that mark what a run made or must put back. */

/** Prefix of every tag key that this project writes. */
export const TAG_PREFIX = 'bitbucket-rolling-upgrade';

/** Tags on the Auto Scaling group while a run holds it: what must be put back. Written before the change that they undo; removed at the end. */
export const GROUP_TAGS = {
  /** ARN of the execution that holds the group. */
  run: `${TAG_PREFIX}:run`,
  /** `from>to`, for example `9.4.20>9.4.23`. */
  versions: `${TAG_PREFIX}:versions`,
  /** `min,max,desired`, for example `4,6,4`. */
  sizes: `${TAG_PREFIX}:sizes`,
  /** Scaling processes that were suspended before the run, separated by spaces; `-` for none. */
  suspended: `${TAG_PREFIX}:suspended`,
  /** `imageId@launchTemplateVersion` of the original nodes, for example `ami-0123@7`. */
  original: `${TAG_PREFIX}:original`,
} as const;

/** Tags on the snapshots and recovery points of a backup. */
export const BACKUP_TAGS = {
  /** One id for all parts. */
  id: `${TAG_PREFIX}:backup-id`,
  /** ARN of the execution that made it. */
  run: `${TAG_PREFIX}:run`,
  /** Name of the Auto Scaling group. */
  cluster: `${TAG_PREFIX}:cluster`,
  /** `from to to`, for example `9.4.20 to 9.4.23`: RDS allows no `>` in a tag. */
  versions: `${TAG_PREFIX}:versions`,
  /** When the run began, ISO 8601. */
  time: `${TAG_PREFIX}:time`,
  /** Name of the part. */
  part: `${TAG_PREFIX}:part`,
  /** Names of all parts of the backup, separated by spaces; left out when longer than a tag may be. */
  parts: `${TAG_PREFIX}:parts`,
  /** `yes` once an upgrade that used it has succeeded: retention deletes no other. */
  finished: `${TAG_PREFIX}:finished`,
} as const;

/** Scaling processes that would interfere with a run, and why. Only these are suspended, and only if nobody else has. */
export const INTERFERING_PROCESSES = {
  AlarmNotification: 'a scaling policy would change the size in the middle of a replacement',
  AZRebalance: 'rebalancing would terminate an instance that still serves',
  ScheduledActions: 'a scheduled action would change the size in the middle of a replacement',
  ReplaceUnhealthy: 'a node that is still booting, or in its database migration, would be killed',
} as const;

/** Scaling processes without which no replacement comes up. A group in which one is suspended is refused. */
export const NEEDED_PROCESSES = ['Launch', 'Terminate', 'AddToLoadBalancer', 'HealthCheck'] as const;

/** How every backup id, and so every DB snapshot's identifier, begins: the policies allow snapshots of these names only. */
export const BACKUP_ID_PREFIX = `${TAG_PREFIX}-`;

/** What RDS does not take in a tag, and `=`, which the replacement is written with. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html */
const NOT_IN_RDS = /[^\p{L}\p{Z}\p{N}_.:/+\-@]/gu;

/**
 * A tag's value as RDS takes it: what is not allowed there becomes `=<code point>=`, so that two values never become one. Recovery points of
 * AWS Backup are tagged in the same way, whatever their kind.
 */
export function toRdsTagValue(value: string): string {
  return value.replace(NOT_IN_RDS, (sign) => `=${(sign.codePointAt(0) ?? 0).toString(16)}=`);
}
