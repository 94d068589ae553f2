import { Duration, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Schedule, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { UpgradeRequest, UpgradeScheduleOptions } from '../schedule';
import { PATTERNS } from './patterns';
import { malformed, Problems } from './problems';

/** What a schedule needs to know of the construct that it starts. */
export interface ScheduledUpgrade {
  readonly stateMachine: IStateMachine;
  readonly groupName: string;
  readonly defaultTargetVersion: string;
  readonly encryptionKey?: kms.IKey;
}

/**
 * A schedule that starts the upgrade. The scheduler delivers at least once: a second run finds the lock taken, and is refused.
 *
 * @throws one error that lists everything that is wrong with the options
 */
export function upgradeSchedule(scope: Construct, id: string, upgrade: ScheduledUpgrade, options: UpgradeScheduleOptions): Schedule {
  const request = options.request ?? {};
  check(scope, id, request, upgrade.defaultTargetVersion);
  return new Schedule(scope, id, {
    description: options.description ?? `Rolling upgrades of the Bitbucket cluster ${upgrade.groupName}`,
    schedule: options.schedule,
    timeWindow: options.flexibleWindow,
    enabled: options.enabled,
    target: new StepFunctionsStartExecution(upgrade.stateMachine, {
      input: ScheduleTargetInput.fromObject(request),
      deadLetterQueue: options.deadLetterQueue ?? deadLetterQueue(scope, upgrade.encryptionKey),
      // A start that is an hour late is outside the maintenance window: it goes to the queue instead.
      maxEventAge: Duration.hours(1),
      retryAttempts: 20,
    }),
  });
}

function check(scope: Construct, id: string, { targetVersion, imageId }: UpgradeRequest, defaultTargetVersion: string): void {
  const problems = new Problems();
  const named = targetVersion ?? (imageId === undefined ? defaultTargetVersion : undefined);
  problems.require(
    named !== '',
    `schedule '${id}': request names no targetVersion, and the construct has no defaultTargetVersion: give one of them`,
  );
  if (targetVersion !== undefined && malformed(targetVersion, PATTERNS.version)) {
    problems.add(`schedule '${id}': targetVersion '${targetVersion}' must be a released version like '9.4.23'`);
  }
  if (imageId !== undefined && malformed(imageId, PATTERNS.imageId)) {
    problems.add(`schedule '${id}': imageId '${imageId}' must be like 'ami-0123456789abcdef0'`);
  }
  problems.throwIfAny(scope);
}

const QUEUE = 'ScheduleDeadLetters';

/** One queue for all schedules of the construct, made with the first. */
function deadLetterQueue(scope: Construct, encryptionKey?: kms.IKey): sqs.IQueue {
  const existing = scope.node.tryFindChild(QUEUE);
  if (existing instanceof sqs.Queue) return existing;
  const queue = new sqs.Queue(scope, QUEUE, {
    enforceSSL: true,
    encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
    encryptionMasterKey: encryptionKey,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'it is a dead-letter queue itself' });
  return queue;
}
