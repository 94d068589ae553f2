import { Duration, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { ContextAttribute, Schedule, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { WINDOW_MINUTES } from '../contract/request-schema';
import type { UpgradeRequest, UpgradeScheduleOptions } from '../schedule';
import { deadLetterAlarm } from './dead-letter-alarm';
import { deadLetters } from './dead-letters';
import { DAY, inWords, MINUTE, wholeSeconds } from './durations';
import { Problems } from './problems';
import { requestProblems } from './request-problems';

/** What a schedule needs to know of the construct that it starts. */
export interface ScheduledUpgrade {
  readonly stateMachine: IStateMachine;
  readonly groupName: string;
  readonly defaultTargetVersion: string;
  readonly encryptionKey?: kms.IKey;
  readonly notificationTopic?: sns.ITopic;
}

/** A start that is an hour late is given up: whoever waits for it should know. */
const MAXIMUM_EVENT_AGE = Duration.hours(1);
const RETRY_ATTEMPTS = 20;

/** The most that EventBridge Scheduler offers: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const MOST_RETRIES = 185;

const ALARM = 'ScheduleDeadLetterAlarm';

/**
 * A schedule that starts the upgrade. The scheduler delivers at least once: a second run finds the lock taken, and is refused.
 *
 * @throws one error that lists everything that is wrong with the options
 */
export function upgradeSchedule(scope: Construct, id: string, upgrade: ScheduledUpgrade, options: UpgradeScheduleOptions): Schedule {
  const request = options.request ?? {};
  const problems = new Problems();
  const found = [...versionProblems(request, upgrade.defaultTargetVersion), ...requestProblems(request)];
  problems.add(...found.map((problem) => `schedule '${id}': ${problem}`));
  checkOptions(`schedule '${id}': `, options, problems);
  problems.throwIfAny(scope);
  return new Schedule(scope, id, {
    description: options.description ?? `Rolling upgrades of the Bitbucket cluster ${upgrade.groupName}`,
    schedule: options.schedule,
    timeWindow: options.flexibleWindow,
    enabled: options.enabled,
    target: new StepFunctionsStartExecution(upgrade.stateMachine, {
      input: ScheduleTargetInput.fromObject(withWindow(request, options.maintenanceWindow)),
      deadLetterQueue: options.deadLetterQueue ?? watchedLetters(scope, upgrade),
      maxEventAge: options.maximumEventAge ?? MAXIMUM_EVENT_AGE,
      retryAttempts: options.retryAttempts ?? RETRY_ATTEMPTS,
    }),
  });
}

/** The alarm on the queue of the schedules; undefined while none of them uses it. */
export const scheduleAlarm = (scope: Construct): cloudwatch.Alarm | undefined =>
  scope.node.tryFindChild(ALARM) as cloudwatch.Alarm | undefined;

function watchedLetters(scope: Construct, { encryptionKey, groupName, notificationTopic }: ScheduledUpgrade): IQueue {
  const queue = deadLetters(scope, 'ScheduleDeadLetters', encryptionKey);
  if (!scheduleAlarm(scope)) {
    deadLetterAlarm(scope, ALARM, {
      queue,
      happened: `A scheduled upgrade of the Bitbucket cluster ${groupName} could not be started, and will not be: the message in the queue ${queue.queueName} says why.`,
      section: 'a-schedule-could-not-start-an-upgrade',
      topic: notificationTopic,
    });
  }
  return queue;
}

/**
 * The window opens at the time of the schedule, whenever the run starts.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function withWindow(request: UpgradeRequest, window: Duration | undefined): UpgradeRequest {
  return window ? { ...request, maintenanceWindow: { opens: ContextAttribute.scheduledTime, minutes: window.toMinutes() } } : request;
}

function versionProblems({ targetVersion, imageId }: UpgradeRequest, defaultTargetVersion: string): string[] {
  const named = targetVersion ?? (imageId === undefined ? defaultTargetVersion : undefined);
  return named === '' ? ['request names no targetVersion, and the construct has no defaultTargetVersion: give one of them'] : [];
}

/** How a run is started, and within which time. */
function checkOptions(schedule: string, options: UpgradeScheduleOptions, problems: Problems): void {
  const { maintenanceWindow, maximumEventAge, retryAttempts = RETRY_ATTEMPTS, request } = options;
  problems.require(
    Token.isUnresolved(retryAttempts) || (Number.isInteger(retryAttempts) && retryAttempts >= 0 && retryAttempts <= MOST_RETRIES),
    `${schedule}retryAttempts is ${retryAttempts}; it must be a whole number from 0 to ${MOST_RETRIES}`,
  );
  if (maximumEventAge) wholeSeconds(`${schedule}maximumEventAge`, maximumEventAge, [MINUTE, DAY], problems);
  if (!maintenanceWindow) return;
  checkWindow(schedule, maintenanceWindow, options.flexibleWindow, problems);
  problems.require(
    request?.maintenanceWindow === undefined,
    `${schedule}maintenanceWindow is given twice: leave it out of the request, where it would open only when the run starts`,
  );
}

function checkWindow(schedule: string, window: Duration, flexible: TimeWindow | undefined, problems: Problems): void {
  const { least, most } = WINDOW_MINUTES;
  const seconds = wholeSeconds(`${schedule}maintenanceWindow`, window, [least * MINUTE, most * MINUTE], problems);
  problems.require(seconds % MINUTE === 0, `${schedule}maintenanceWindow of ${window.toHumanString()} must be in whole minutes`);
  const late = flexible?.maxWindow?.toSeconds() ?? 0;
  problems.require(
    seconds === 0 || seconds > late,
    `${schedule}maintenanceWindow of ${inWords(seconds)} must be longer than the flexible window of ${inWords(late)}, or a run may start after its end`,
  );
}
