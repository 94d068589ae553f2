import { Duration, TimeZone } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Template } from '../../../../simulator/assembly/intrinsics';
import { Simulation } from '../../../../simulator/simulation';
import { synthesize } from './support/fixture';

const DAY = 24 * 60 * 60 * 1000;

const assembly = synthesize(({ stack, machine }) => {
  const main = machine('Main', Pass.jsonPath(stack, 'Done'));
  const deadLetterQueue = new Queue(stack, 'Letters');
  const target = new StepFunctionsStartExecution(main, {
    input: ScheduleTargetInput.fromObject({
      start: ContextAttribute.scheduledTime,
      attempt: ContextAttribute.attemptNumber,
      of: ContextAttribute.scheduleArn,
    }),
    deadLetterQueue,
    maxEventAge: Duration.hours(1),
    retryAttempts: 2,
  });
  new Schedule(stack, 'Nightly', {
    schedule: ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.EUROPE_BERLIN }),
    timeWindow: TimeWindow.flexible(Duration.minutes(30)),
    target,
  });
});

/** A simulation whose schedule was changed as a test wants it. */
function simulate(change: (schedule: Record<string, unknown>) => void = () => undefined, patch?: (template: Template) => void): Simulation {
  const patchTemplate = (template: Template): Template => {
    for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
      if (Type === 'AWS::Scheduler::Schedule') change(Properties as Record<string, unknown>);
    }
    patch?.(template);
    return template;
  };
  return new Simulation({ assembly, seed: 4, patchTemplate });
}

async function pass(simulation: Simulation, days: number): Promise<void> {
  const end = simulation.clock.now() + days * DAY;
  simulation.clock.at(end, () => undefined);
  await simulation.run(() => simulation.clock.now() >= end);
}

const inputs = ({ machines }: Simulation): { start: string; attempt: string; of: string }[] =>
  machines.executions.map(({ input }) => JSON.parse(input) as { start: string; attempt: string; of: string });

const withoutPermission = (template: Template): void => {
  for (const { Type, Properties } of Object.values(template.Resources ?? {})) {
    const { PolicyDocument } = (Properties ?? {}) as { PolicyDocument?: { Statement: { Action: unknown }[] } };
    if (Type !== 'AWS::IAM::Policy' || PolicyDocument === undefined) continue;
    PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Action }) => Action !== 'states:StartExecution');
  }
};

test('each night an execution starts within the window, and is told the time of the schedule', async () => {
  const simulation = simulate();
  simulation.scheduler.begin();
  await pass(simulation, 3);
  expect(inputs(simulation).map(({ start }) => start)).toEqual(['2026-01-06T02:00:00Z', '2026-01-07T02:00:00Z', '2026-01-08T02:00:00Z']);
  expect(inputs(simulation)[0]).toMatchObject({ attempt: '1', of: expect.stringContaining(':schedule/') as string });
  const late = simulation.machines.executions.map(({ startedAt }, night) => startedAt - Date.UTC(2026, 0, 6 + night, 2));
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(30 * 60 * 1000);
  expect(new Set(late).size).toBe(3);
  expect(simulation.scheduler.pending).toBe(0);
});

test('without a window it starts within the minute', async () => {
  const simulation = simulate((schedule) => (schedule['FlexibleTimeWindow'] = { Mode: 'OFF' }));
  simulation.scheduler.begin();
  await pass(simulation, 1);
  const late = simulation.machines.executions[0]!.startedAt - Date.UTC(2026, 0, 6, 2);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(60_000);
});

test.each([
  ['before it is begun', {}, false],
  ['when it is disabled', { State: 'DISABLED' }, true],
  ['after its end', { EndDate: '2026-01-06T01:30:00.000Z' }, true],
  ['before its start', { StartDate: '2026-01-07T12:00:00.000Z' }, true],
])('nothing starts %s', async (_, settings, begun) => {
  const simulation = simulate((schedule) => Object.assign(schedule, settings));
  if (begun) simulation.scheduler.begin();
  await pass(simulation, 1);
  expect(simulation.machines.executions).toEqual([]);
});

test('nothing starts any more once it is stopped', async () => {
  const simulation = simulate();
  simulation.scheduler.begin();
  expect(simulation.scheduler.nextTime('Nightly')).toBe(Date.UTC(2026, 0, 6, 2));
  await pass(simulation, 1);
  simulation.scheduler.stop();
  await pass(simulation, 2);
  expect(simulation.machines.executions).toHaveLength(1);
});

test('a start that is refused is tried again, and counts its attempts', async () => {
  const simulation = simulate();
  simulation.scheduler.intercept(({ number }) => (number < 3 ? { code: 'ThrottlingException', message: 'Rate exceeded' } : undefined));
  simulation.scheduler.begin();
  await pass(simulation, 1);
  expect(inputs(simulation).map(({ attempt }) => attempt)).toEqual(['3']);
  expect(simulation.scheduler.deadLetters).toEqual([]);
});

test('what is refused too often goes to the dead-letter queue, with what went wrong', async () => {
  const simulation = simulate();
  simulation.scheduler.intercept(() => ({ code: 'ThrottlingException', message: 'Rate exceeded' }));
  simulation.scheduler.begin();
  await pass(simulation, 1);
  expect(simulation.machines.executions).toEqual([]);
  expect(simulation.scheduler.pending).toBe(0);
  expect(simulation.scheduler.deadLetters).toMatchObject([
    {
      queueArn: expect.stringContaining('Letters') as string,
      attributes: {
        ERROR_CODE: 'ThrottlingException',
        EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        RETRY_ATTEMPTS: '2',
        SCHEDULED_TIME: '2026-01-06T02:00:00Z',
      },
    },
  ]);
  expect(simulation.journal.entries.filter(({ kind }) => kind === 'dead-letter')).toHaveLength(1);
});

test('it is not tried for longer than the greatest age', async () => {
  const simulation = simulate((schedule) => {
    (schedule['Target'] as Record<string, unknown>)['RetryPolicy'] = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 185 };
  });
  simulation.scheduler.intercept(() => ({ code: 'ThrottlingException', message: 'Rate exceeded' }));
  simulation.scheduler.begin();
  await pass(simulation, 1);
  expect(simulation.scheduler.deadLetters).toMatchObject([{ attributes: { EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' } }]);
});

test("without the permission of the schedule's role nothing starts", async () => {
  const simulation = simulate(undefined, withoutPermission);
  simulation.scheduler.begin();
  await pass(simulation, 1);
  expect(simulation.machines.executions).toEqual([]);
  expect(simulation.deniedCalls()[0]).toMatchObject({ action: 'states:StartExecution' });
  expect(simulation.scheduler.deadLetters[0]?.attributes).toMatchObject({ ERROR_CODE: 'AccessDeniedException' });
});

test('a start may come about twice: the service promises at least one', async () => {
  const simulation = simulate();
  simulation.scheduler.intercept(() => 'twice');
  simulation.scheduler.begin();
  await pass(simulation, 1);
  expect(simulation.machines.executions).toHaveLength(2);
});

test.each([
  [(schedule: Record<string, unknown>) => (schedule['ScheduleExpression'] = 'cron(0 3 * * * *)'), 'exactly one of day of the month'],
  [
    (schedule: Record<string, unknown>) => ((schedule['Target'] as Record<string, unknown>)['Arn'] = 'arn:aws:sqs:::q'),
    'only state machines',
  ],
  [
    (schedule: Record<string, unknown>) => ((schedule['Target'] as Record<string, unknown>)['SqsParameters'] = {}),
    'SqsParameters of a target',
  ],
])('a schedule that would not be carried out is refused', (change, message) => {
  expect(() => simulate(change)).toThrow(message);
});
