import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where people read what to do. */
const RUNBOOK = 'https://github.com/cdk-bitbucket-rolling-upgrade/cdk-bitbucket-rolling-upgrade/blob/main/docs/runbook.md';

/** What an alarm on a dead-letter queue is made with. */
export interface DeadLetterAlarmProps {
  readonly queue: sqs.IQueue;
  /** What happened when there is something in the queue: one sentence. */
  readonly happened: string;
  /** Anchor of the section in the runbook. */
  readonly section: string;
  readonly topic?: sns.ITopic;
}

/**
 * An alarm that goes off as soon as something is in a dead-letter queue, and stays until it is taken out. SQS tells CloudWatch nothing of a
 * queue that nobody has used for hours, which is well:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html
 */
export function deadLetterAlarm(scope: Construct, id: string, { queue, happened, section, topic }: DeadLetterAlarmProps): cloudwatch.Alarm {
  const alarm = new cloudwatch.Alarm(scope, id, {
    alarmDescription: `${happened} What to do: ${RUNBOOK}#${section}`,
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(1) }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  if (topic) {
    letAlarmsPublish(scope, topic);
    alarm.addAlarmAction(new SnsAction(topic));
  }
  return alarm;
}

/**
 * Lets the alarms of this account and region publish to the topic: a topic that has a policy of its own has lost the default one, which would let
 * them. https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
 * An imported topic stays as it is: its policy is its owner's.
 */
function letAlarmsPublish(scope: Construct, topic: sns.ITopic): void {
  const stack = Stack.of(scope);
  const principals = [new iam.ServicePrincipal('cloudwatch.amazonaws.com')];
  const alarms = stack.formatArn({ service: 'cloudwatch', resource: 'alarm', arnFormat: ArnFormat.COLON_RESOURCE_NAME, resourceName: '*' });
  const ofThisAccount = { ArnLike: { 'aws:SourceArn': alarms }, StringEquals: { 'aws:SourceAccount': stack.account } };
  topic.addToResourcePolicy(
    new iam.PolicyStatement({ principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions: ofThisAccount }),
  );
  // Without a condition: which context CloudWatch gives to KMS is not documented. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
  topic.masterKey?.addToResourcePolicy(
    new iam.PolicyStatement({
      principals,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'], // in a key's policy: this key
    }),
    true,
  );
}
