import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * Lets a role use a key, but only through one AWS service. The right is in the role's own policy, so that it does not depend on
 * whether the key's policy can be changed from here.
 *
 * @param service the service's name in its endpoint: `dynamodb`
 */
export function letUseKeyThrough(service: string, role: iam.Role, key: kms.IKey, actions: readonly string[]): void {
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: actions.map((action) => `kms:${action}`),
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(role).region}.amazonaws.com` } },
    }),
  );
}

/** What the publisher to an encrypted topic needs: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export const TOPIC_KEY_ACTIONS = ['Decrypt', 'GenerateDataKey'] as const;

/** What the user of a table needs: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
export const TABLE_KEY_ACTIONS = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
] as const;

/** Lets CloudWatch Logs use the key for log groups of this stack: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
export function letLogsUse(key: kms.IKey, scope: Construct): void {
  const { partition, region, account } = Stack.of(scope);
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'], // in a key's policy: this key
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
    }),
    true,
  );
}
