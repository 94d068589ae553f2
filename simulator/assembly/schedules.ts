import { parseExpression } from '../services/scheduler/expression';
import type { ScheduleResource } from './deployment';

interface Properties {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: string;
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly FlexibleTimeWindow: { readonly Mode: string; readonly MaximumWindowInMinutes?: number };
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input?: string;
    readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
    readonly DeadLetterConfig?: { readonly Arn: string };
  };
}

const TARGET_FIELDS = ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig'];

/**
 * An `AWS::Scheduler::Schedule` that starts a state machine. Without a retry policy it is tried again for a day, 185 times at most.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 *
 * @throws Error for anything that the simulator would not carry out, or that the service would refuse.
 */
export function loadSchedule(
  logicalId: string,
  name: string,
  arn: string,
  properties: Readonly<Record<string, unknown>>,
): ScheduleResource {
  const { Target: target, FlexibleTimeWindow: window, ...schedule } = properties as unknown as Properties;
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone = 'UTC' } = schedule;
  const problems = [];
  try {
    parseExpression(expression, timeZone, 0);
  } catch (error) {
    problems.push((error as Error).message);
  }
  if (!target.Arn.includes(':stateMachine:')) problems.push(`the simulator does not model the target ${target.Arn}: only state machines`);
  const unknown = Object.keys(target).filter((field) => !TARGET_FIELDS.includes(field));
  if (unknown.length > 0) problems.push(`the simulator does not model ${unknown.join(', ')} of a target`);
  if (problems.length > 0) throw new Error(`${logicalId}: ${problems.join('; ')}.`);
  return {
    logicalId,
    name,
    arn,
    expression,
    timeZone,
    enabled: schedule.State !== 'DISABLED',
    startsAt: timeOf(schedule.StartDate),
    endsAt: timeOf(schedule.EndDate),
    flexibleMinutes: window.Mode === 'FLEXIBLE' ? (window.MaximumWindowInMinutes ?? 0) : 0,
    targetArn: target.Arn,
    roleArn: target.RoleArn,
    input: target.Input ?? '{}',
    retries: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
    maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
    deadLetterArn: target.DeadLetterConfig?.Arn,
  };
}

const timeOf = (date: string | undefined): number | undefined => (date === undefined ? undefined : Date.parse(date));
