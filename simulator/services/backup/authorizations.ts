import type { Authorization } from '../../kernel/ports';
import { requestTags, tagKeys } from '../account/operation';
import type { Backup } from './backup';

/**
 * What AWS Backup checks for its calls: resource types and condition keys of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
 */
export class BackupAuthorizations {
  constructor(private readonly backup: Backup) {}

  /** An action that takes no resource. */
  anywhere(action: string): Authorization {
    return { action: `backup:${action}`, resources: ['*'] };
  }

  vault(action: string, name: string | undefined): Authorization {
    const { vaults } = this.backup;
    const tags = vaults.find(name)?.tags ?? {};
    return { action: `backup:${action}`, resources: [vaults.arn(name ?? '*')], context: tagKeys(['aws:ResourceTag'], tags) };
  }

  /** A vault or a recovery point by its ARN; `given` are the condition keys of the request. */
  resource(action: string, arn: string | undefined, given: Authorization['context'] = {}): Authorization {
    const { vaults, points } = this.backup;
    const [, name] = /:backup-vault:(.+)$/.exec(arn ?? '') ?? [];
    const tags = (name === undefined ? points.find(arn) : vaults.find(name))?.tags ?? {};
    return { action: `backup:${action}`, resources: [arn ?? '*'], context: { ...given, ...tagKeys(['aws:ResourceTag'], tags) } };
  }

  /**
   * Tags of recovery points to come. Whether the caller needs this besides the job's role is not told, so both do.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html
   */
  tagsToCome(pointArns: string, tags: Readonly<Record<string, string>>): Authorization[] {
    if (Object.keys(tags).length === 0) return [];
    return [{ action: 'backup:TagResource', resources: [pointArns], context: requestTags(tags) }];
  }

  /**
   * AWS Backup deletes on behalf of its caller, who must be allowed to delete the snapshot or image itself, by AWS Backup.
   * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupFullAccess.html
   */
  deletions(arn: string | undefined): Authorization[] {
    return this.backup.points.deletionsOf(arn).map(({ action, resource, tags }) => ({
      action,
      resources: [resource],
      context: { ...tagKeys(['aws:ResourceTag'], tags), 'aws:CalledVia': ['backup.amazonaws.com'] },
    }));
  }

  /** The role that a job works as. https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html */
  passRole(roleArn: string | undefined): Authorization {
    return {
      action: 'iam:PassRole',
      resources: [roleArn ?? '*'],
      context: { 'iam:PassedToService': 'backup.amazonaws.com' },
    };
  }
}
