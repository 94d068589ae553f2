import type { ScheduleResource } from '../../assembly/deployment';
import type { Authorization, Caller, Clock, Journal, Random, Timer } from '../../kernel/ports';
import { uuidOf } from '../../kernel/random';
import type { Execution } from '../../states/execution';
import type { Next } from './cron';
import { parseExpression } from './expression';

/** An attempt to start what a schedule starts. */
export interface Attempt {
  readonly schedule: ScheduleResource;
  /** The time that the schedule says, in virtual milliseconds. */
  readonly scheduledAt: number;
  /** From 1. */
  readonly number: number;
}

/** What may happen to an attempt: the service promises at least one, so that two come about; or Step Functions refuses it. */
export type AttemptFault = 'twice' | { readonly code: string; readonly message: string };

/** A message in the dead-letter queue. https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
export interface DeadLetter {
  readonly time: number;
  readonly queueArn: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the scheduler needs of the simulation. */
export interface SchedulerHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly schedules: readonly ScheduleResource[];
  callerOf(schedule: ScheduleResource): Caller;
  authorize(
    caller: Caller,
    authorization: Authorization,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
  start(machineArn: string, input: string): Execution;
}

interface Invocation {
  readonly schedule: ScheduleResource;
  readonly scheduledAt: number;
  readonly id: string;
  /** When its first attempt is made: its age counts from here. */
  readonly dueAt: number;
}

/** Without a flexible window the target is invoked within the minute of the schedule. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const PRECISION_MS = 59_000;

/** It backs off exponentially, AWS does not say how fast: here from two to four seconds, doubled up to ten minutes. */
const backoff = (attempts: number, random: Random): number => Math.min(600_000, random.integer(1000, 2000) * 2 ** attempts);

/** EventBridge Scheduler: starts state machines at the times of the template's schedules, once {@link Scheduler.begin} was called. */
export class Scheduler {
  private readonly random: Random;
  private readonly faults: ((attempt: Attempt) => AttemptFault | undefined)[] = [];
  private readonly letters: DeadLetter[] = [];
  private readonly timers = new Map<ScheduleResource, Timer>();
  private underWay = 0;

  constructor(private readonly host: SchedulerHost) {
    this.random = host.random.fork('scheduler');
  }

  /** Starts whose time has come and that neither succeeded nor were given up yet. */
  get pending(): number {
    return this.underWay;
  }

  /** What could not be started, oldest first. */
  get deadLetters(): readonly DeadLetter[] {
    return this.letters;
  }

  /** Asks before each attempt whether it meets a fault; the first fault counts. */
  intercept(fault: (attempt: Attempt) => AttemptFault | undefined): void {
    this.faults.push(fault);
  }

  /** From now on the schedules that are enabled fire. Rates without a start date begin now. */
  begin(): void {
    for (const schedule of this.host.schedules) {
      if (!schedule.enabled || this.timers.has(schedule)) continue;
      const since = Math.max(schedule.startsAt ?? 0, this.host.clock.now());
      this.await(schedule, parseExpression(schedule.expression, schedule.timeZone, schedule.startsAt ?? since), since - 1);
    }
  }

  /** No schedule fires any more; what is under way goes on. */
  stop(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  /** The next time at which a schedule (by logical id, or a part of it) fires after an instant; undefined when it does not any more. */
  nextTime(logicalId: string, after = this.host.clock.now()): number | undefined {
    const schedule = this.host.schedules.find((one) => one.logicalId.includes(logicalId));
    if (schedule === undefined) throw new Error(`No schedule is called ${logicalId}.`);
    return parseExpression(schedule.expression, schedule.timeZone, schedule.startsAt ?? after)(after);
  }

  private await(schedule: ScheduleResource, next: Next, after: number): void {
    const scheduledAt = next(after);
    const oneTime = schedule.expression.startsWith('at('); // its start and end date are ignored
    if (scheduledAt === undefined || (!oneTime && scheduledAt >= (schedule.endsAt ?? Infinity))) return;
    const timer = this.host.clock.at(scheduledAt, () => {
      this.invoke(schedule, scheduledAt);
      this.await(schedule, next, scheduledAt);
    });
    this.timers.set(schedule, timer);
  }

  private invoke(schedule: ScheduleResource, scheduledAt: number): void {
    const late = this.random.integer(0, schedule.flexibleMinutes === 0 ? PRECISION_MS : schedule.flexibleMinutes * 60_000);
    this.underWay += 1;
    const invocation = { schedule, scheduledAt, id: uuidOf(this.random).replaceAll('-', '').slice(0, 16), dueAt: scheduledAt + late };
    this.host.clock.at(invocation.dueAt, () => {
      this.attempt(invocation, 1);
    });
  }

  private attempt(invocation: Invocation, number: number): void {
    const { schedule, scheduledAt, dueAt } = invocation;
    const fault = this.faults.map((ask) => ask({ schedule, scheduledAt, number })).find((found) => found !== undefined);
    const refusal = typeof fault === 'object' ? fault : this.start(invocation, number);
    if (fault === 'twice') this.start(invocation, number);
    if (refusal === undefined) {
      this.underWay -= 1;
      return;
    }
    this.record(invocation, { attempt: number, error: refusal.code, message: refusal.message });
    const wait = backoff(number, this.random);
    const { clock } = this.host;
    if (number > schedule.retries) this.giveUp(invocation, number, refusal, 'MaximumRetryAttempts');
    else if (clock.now() + wait > dueAt + schedule.maximumAgeSeconds * 1000)
      this.giveUp(invocation, number, refusal, 'MaximumEventAgeInSeconds');
    else {
      clock.after(wait, () => {
        this.attempt(invocation, number + 1);
      });
    }
  }

  /** Starts it with what the role of the schedule may do; gives why not. */
  private start(invocation: Invocation, number: number): { code: string; message: string } | undefined {
    const { schedule } = invocation;
    const permission = { action: 'states:StartExecution', resources: [schedule.targetArn] };
    const decision = this.host.authorize(this.host.callerOf(schedule), permission);
    if (!decision.allowed) return { code: 'AccessDeniedException', message: decision.reason };
    try {
      const execution = this.host.start(schedule.targetArn, filledIn(invocation, number));
      this.record(invocation, { attempt: number, execution: execution.arn });
      return undefined;
    } catch (error) {
      const { name, message } = error as Error;
      return { code: name, message };
    }
  }

  private giveUp(invocation: Invocation, attempts: number, refusal: { code: string; message: string }, condition: string): void {
    this.underWay -= 1;
    const { schedule, scheduledAt, id } = invocation;
    const { deadLetterArn: queueArn } = schedule;
    if (queueArn === undefined) return;
    const decision = this.host.authorize(this.host.callerOf(schedule), { action: 'sqs:SendMessage', resources: [queueArn] });
    if (!decision.allowed) {
      this.record(invocation, { error: 'AccessDeniedException', message: decision.reason });
      return;
    }
    const attributes = {
      ERROR_CODE: refusal.code,
      ERROR_MESSAGE: refusal.message,
      EXECUTION_ID: id,
      EXHAUSTED_RETRY_CONDITION: condition,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(attempts - 1),
      SCHEDULED_TIME: iso(scheduledAt),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: schedule.targetArn,
    };
    const letter = { time: this.host.clock.now(), queueArn, body: filledIn(invocation, attempts), attributes };
    this.letters.push(letter);
    this.host.journal.record({ kind: 'dead-letter', queue: queueArn, schedule: schedule.logicalId, ...attributes });
  }

  private record({ schedule, scheduledAt }: Invocation, fields: Readonly<Record<string, unknown>>): void {
    this.host.journal.record({ kind: 'schedule', schedule: schedule.logicalId, scheduledTime: iso(scheduledAt), ...fields });
  }
}

/** The input with its context attributes. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function filledIn({ schedule, scheduledAt, id }: Invocation, attempt: number): string {
  return schedule.input
    .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
    .replaceAll('<aws.scheduler.scheduled-time>', iso(scheduledAt))
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
}

const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
