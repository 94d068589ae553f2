import type { Plan } from '../../lib/contract/events';
import { BACKUP_TAGS } from '../../lib/contract/tags';

/** The tags that make both halves of a backup pair known, as AWS APIs take them. */
export const backupTags = (plan: Plan): { Key: string; Value: string }[] => [
  { Key: BACKUP_TAGS.id, Value: plan.backupId },
  { Key: BACKUP_TAGS.run, Value: plan.run.executionArn },
  { Key: BACKUP_TAGS.cluster, Value: plan.groupName },
  // RDS allows no `>` in a tag: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html
  { Key: BACKUP_TAGS.versions, Value: `${plan.fromVersion} to ${plan.toVersion}` },
];
