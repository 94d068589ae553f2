import { Token } from 'aws-cdk-lib';
import { BACKUP_TAGS, toRdsTagValue } from '../contract/tags';
import type { Permission } from '../functions/permission';

type Conditions = NonNullable<Permission['conditions']>;

/** What is made must carry this cluster's tag. */
export function tagging(clusterName: string): Conditions {
  return { StringEquals: { [`aws:RequestTag/${BACKUP_TAGS.cluster}`]: clusterName } };
}

/** What is changed must carry this cluster's tag already: exactly, never by a prefix of its name. */
export function tagged(clusterName: string): Conditions {
  return { StringEquals: { [`aws:ResourceTag/${BACKUP_TAGS.cluster}`]: clusterName } };
}

/** No other tag than this one may be set. */
export function marksOnly(key: string): Conditions {
  return { 'ForAllValues:StringEquals': { 'aws:TagKeys': [key] } };
}

/**
 * The cluster's name as the tags of RDS and of AWS Backup hold it. A name that is known only at deployment was made by CloudFormation, of letters,
 * digits and hyphens.
 */
export function asRdsTag(clusterName: string): string {
  return Token.isUnresolved(clusterName) ? clusterName : toRdsTagValue(clusterName);
}
