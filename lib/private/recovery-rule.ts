import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { deadLetterAlarm } from './dead-letter-alarm';
import { deadLetters } from './dead-letters';

/** What the rule connects. */
export interface RecoveryRuleProps {
  /** The machine whose executions end. */
  readonly watched: IStateMachine;
  /** The machine that is started, with the event's `detail` as its input. */
  readonly recovery: IStateMachine;
  readonly encryptionKey?: kms.IKey;
  readonly notificationTopic?: sns.ITopic;
  /** Name of the Auto Scaling group: whose recovery it is. */
  readonly groupName: string;
}

/** The rule, and the alarm on what it could not deliver. */
export interface RecoveryRule {
  readonly rule: events.Rule;
  readonly alarm: cloudwatch.Alarm;
}

/**
 * Starts the recovery whenever an execution did not succeed: whoever aborted it, whatever it failed of.
 * Events come at least once, and maybe late: the recovery looks what there is to do, under the lock.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function recoveryRule(scope: Construct, id: string, props: RecoveryRuleProps): RecoveryRule {
  const { watched, recovery, encryptionKey, groupName } = props;
  if (encryptionKey) letEventsUse(encryptionKey);
  const queue = deadLetters(scope, 'RecoveryDeadLetters', encryptionKey);
  const alarm = deadLetterAlarm(scope, 'RecoveryDeadLetterAlarm', {
    queue,
    happened: `An upgrade of the Bitbucket cluster ${groupName} ended, and what it left behind is not restored: the recovery could not be started.`,
    section: 'the-execution-was-stopped-by-hand-or-timed-out',
    topic: props.notificationTopic,
  });
  const rule = new events.Rule(scope, id, {
    description: 'Restores what a rolling upgrade left behind that was aborted, timed out or failed',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: [watched.stateMachineArn] },
    },
    targets: [
      new SfnStateMachine(recovery, {
        input: events.RuleTargetInput.fromEventPath('$.detail'),
        deadLetterQueue: queue,
        // A late recovery is still right: it observes first. These are the most that EventBridge offers.
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    ],
  });
  return { rule, alarm };
}

/** Lets EventBridge write to an encrypted queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
function letEventsUse(key: kms.IKey): void {
  const statement = new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'], // in a key's policy: this key
  });
  key.addToResourcePolicy(statement, true);
}
