import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Schedule, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { UpgradeRequest, UpgradeScheduleOptions } from '../schedule';
import { deadLetters } from './dead-letters';
import { Problems } from './problems';
import { requestProblems } from './request-problems';

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
      deadLetterQueue: options.deadLetterQueue ?? deadLetters(scope, 'ScheduleDeadLetters', upgrade.encryptionKey),
      // A start that is an hour late is outside the maintenance window: it goes to the queue instead.
      maxEventAge: Duration.hours(1),
      retryAttempts: 20,
    }),
  });
}

function check(scope: Construct, id: string, request: UpgradeRequest, defaultTargetVersion: string): void {
  const problems = new Problems();
  const { targetVersion, imageId } = request;
  const named = targetVersion ?? (imageId === undefined ? defaultTargetVersion : undefined);
  problems.require(
    named !== '',
    `schedule '${id}': request names no targetVersion, and the construct has no defaultTargetVersion: give one of them`,
  );
  problems.add(...requestProblems(request).map((problem) => `schedule '${id}': ${problem}`));
  problems.throwIfAny(scope);
}
