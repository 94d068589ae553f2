import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { deadLetters } from './dead-letters';

/** What the rule connects. */
export interface RecoveryRuleProps {
  /** The machine whose executions end. */
  readonly watched: IStateMachine;
  /** The machine that is started, with the event's `detail` as its input. */
  readonly recovery: IStateMachine;
  readonly encryptionKey?: kms.IKey;
}

/**
 * Starts the recovery whenever an execution did not succeed: whoever aborted it, whatever it failed of.
 * Events come at least once, and maybe late: the recovery looks what there is to do, under the lock.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function recoveryRule(scope: Construct, id: string, { watched, recovery, encryptionKey }: RecoveryRuleProps): events.Rule {
  if (encryptionKey) letEventsUse(encryptionKey);
  return new events.Rule(scope, id, {
    description: 'Restores what a rolling upgrade left behind that was aborted, timed out or failed',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: [watched.stateMachineArn] },
    },
    targets: [
      new SfnStateMachine(recovery, {
        input: events.RuleTargetInput.fromEventPath('$.detail'),
        deadLetterQueue: deadLetters(scope, 'RecoveryDeadLetters', encryptionKey),
        // A late recovery is still right: it observes first. These are the most that EventBridge offers.
        maxEventAge: Duration.hours(24),
        retryAttempts: 185,
      }),
    ],
  });
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
