import { Duration, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type { UpgradeScheduleOptions } from '../../../lib';
import { TargetVersion } from '../../../lib';
import { example } from '../../support/construct';
import { definitionsOf, statesOf } from '../../support/definition';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const schedule = ScheduleExpression.cron({ hour: '2', minute: '0', timeZone: TimeZone.EUROPE_BERLIN });
const request = { targetVersion: TargetVersion.LATEST_BUGFIX };
const nightly = (options: Partial<UpgradeScheduleOptions>) => () => {
  const { stack, upgrade } = example();
  upgrade.schedule('Nightly', { schedule, request, ...options });
  return Template.fromStack(stack);
};

test('the window of a schedule opens at the scheduled time, however late the run starts', () => {
  nightly({ maintenanceWindow: Duration.hours(3), retryAttempts: 5, maximumEventAge: Duration.minutes(30) })().hasResourceProperties(
    'AWS::Scheduler::Schedule',
    {
      Target: {
        Input: '{"targetVersion":"LATEST_BUGFIX","maintenanceWindow":{"opens":"<aws.scheduler.scheduled-time>","minutes":180}}',
        RetryPolicy: { MaximumEventAgeInSeconds: 1800, MaximumRetryAttempts: 5 },
      },
    },
  );
});

test.each<[string, Partial<UpgradeScheduleOptions>, string]>([
  [
    'too short',
    { maintenanceWindow: Duration.minutes(14) },
    "schedule 'Nightly': maintenanceWindow of 14 minutes must be from 15 minutes to 24 hours",
  ],
  ['too long', { maintenanceWindow: Duration.hours(25) }, 'must be from 15 minutes to 24 hours'],
  ['of broken minutes', { maintenanceWindow: Duration.seconds(1000) }, 'must be in whole minutes'],
  [
    'no longer than the flexible window',
    { maintenanceWindow: Duration.minutes(30), flexibleWindow: TimeWindow.flexible(Duration.minutes(30)) },
    'maintenanceWindow of 30 minutes must be longer than the flexible window of 30 minutes',
  ],
  [
    'given twice',
    { maintenanceWindow: Duration.hours(1), request: { ...request, maintenanceWindow: { minutes: 60 } } },
    'maintenanceWindow is given twice',
  ],
  [
    'of a request and too short',
    { request: { ...request, maintenanceWindow: { minutes: 3 } } },
    'maintenanceWindow: minutes is 3; it must be a whole number from 15 to 1440',
  ],
  [
    'of a request and opens at no time',
    { request: { ...request, maintenanceWindow: { opens: 'two', minutes: 60 } } },
    "opens 'two' must be a time with its zone",
  ],
])('a window that is %s is refused', (_, options, message) => {
  expect(nightly(options)).toThrow(message);
});

test('all that is wrong with a schedule is told at once', () => {
  const wrong = nightly({ retryAttempts: 186, maximumEventAge: Duration.seconds(59), maintenanceWindow: Duration.minutes(1) });
  expect(wrong).toThrow(/has 3 problems/);
  expect(wrong).toThrow('retryAttempts is 186; it must be a whole number from 0 to 185');
  expect(wrong).toThrow('maximumEventAge of 59 seconds must be from 1 minute to 24 hours');
});

describe('a run whose window closes', () => {
  const states = statesOf(definitionsOf(example().stack).main);
  test('succeeds after its report, when that says held and has no error; any other end is a failure as before', () => {
    expect(states['Report the failure']?.Next).toBe('Does the run wait for the next window?');
    expect(states['Does the run wait for the next window?']).toMatchObject({
      Choices: [
        {
          And: [
            { Variable: '$.outcome', StringEquals: 'HELD' },
            { Variable: '$.error', StringEquals: '' },
          ],
          Next: 'Held until the next window',
        },
      ],
      Default: 'The failure is told',
    });
    expect(states['Held until the next window']?.Type).toBe('Succeed');
  });
});
