import { Duration, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** An encrypted queue for what could not be delivered; one and the same for each call with the same scope and id. */
export function deadLetters(scope: Construct, id: string, encryptionKey?: kms.IKey): sqs.IQueue {
  const existing = scope.node.tryFindChild(id);
  if (existing instanceof sqs.Queue) return existing;
  const queue = new sqs.Queue(scope, id, {
    enforceSSL: true,
    encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'it is a dead-letter queue itself' });
  return queue;
}
