import { Ajv2020 } from 'ajv/dist/2020';
import type { Stack } from 'aws-cdk-lib';
import { Duration, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import fc from 'fast-check';
import type { UpgradeScheduleOptions } from '../../../lib';
import { TargetVersion } from '../../../lib';
import type { TemplateResource } from '../../support/construct';
import { REQUEST_SCHEMA } from '../../../lib/contract/request-schema';
import { requestProblems } from '../../../lib/private/request-problems';
import { example, resourcesOf } from '../../support/construct';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

/** The queues of the schedules: all but that of the recovery. */
function scheduleQueues(stack: Stack): TemplateResource[] {
  return Object.entries(resourcesOf(stack, 'AWS::SQS::Queue'))
    .filter(([id]) => !id.startsWith('UpgradeRecoveryDeadLetters'))
    .map(([, queue]) => queue);
}

const sunday = ScheduleExpression.cron({ weekDay: 'SUN', hour: '2', minute: '0', timeZone: TimeZone.EUROPE_BERLIN });

test('a schedule starts the main machine with its request, in its time zone and window', () => {
  const { stack, upgrade } = example();
  upgrade.schedule('Sunday', {
    schedule: sunday,
    request: { targetVersion: '9.4.23', dryRun: true },
    flexibleWindow: TimeWindow.flexible(Duration.minutes(15)),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 2 ? * SUN *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    State: 'ENABLED',
    Description: 'Rolling upgrades of the Bitbucket cluster bitbucket-nodes',
    Target: {
      Arn: { Ref: Match.stringLikeRegexp('RollingUpgradeStateMachine') },
      Input: '{"targetVersion":"9.4.23","dryRun":true}',
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 20 },
    },
  });
});

test('starts that could not be delivered go to one encrypted queue that takes only TLS', () => {
  const { stack, upgrade } = example();
  upgrade.schedule('Saturday', { schedule: sunday, request: { targetVersion: '9.4.23' } });
  upgrade.schedule('Sunday', { schedule: sunday, request: { targetVersion: '9.4.23' } });
  const template = Template.fromStack(stack);
  expect(scheduleQueues(stack)).toMatchObject([{ Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86400 } }]);
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
    },
  });
  template.allResourcesProperties('AWS::Scheduler::Schedule', {
    Target: { DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('ScheduleDeadLetters'), 'Arn'] } } },
  });
});

test('the queue is encrypted with the key that is given', () => {
  const { stack, upgrade } = example((scope) => ({ encryptionKey: new kms.Key(scope, 'Key') }));
  upgrade.schedule('Sunday', { schedule: sunday, request: { targetVersion: '9.4.23' } });
  const KmsMasterKeyId = { 'Fn::GetAtt': [expect.stringMatching(/^Key/) as string, 'Arn'] };
  expect(scheduleQueues(stack)).toMatchObject([{ Properties: { KmsMasterKeyId } }]);
});

test('a queue that is given is used, and a schedule may be disabled', () => {
  const { stack, upgrade } = example();
  const deadLetterQueue = new Queue(stack, 'Own');
  upgrade.schedule('Sunday', {
    schedule: sunday,
    request: { imageId: 'ami-01234567' },
    deadLetterQueue,
    enabled: false,
    description: 'Mine',
  });
  const template = Template.fromStack(stack);
  expect(scheduleQueues(stack)).toHaveLength(1);
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    State: 'DISABLED',
    Description: 'Mine',
    Target: { Input: '{"imageId":"ami-01234567"}' },
  });
});

test('a request may leave the version to the construct', () => {
  const { stack, upgrade } = example(() => ({ defaultTargetVersion: '9.4.23' }));
  upgrade.schedule('Sunday', { schedule: sunday });
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', { Target: { Input: '{}' } });
});

test('a schedule may ask for the newest bug-fix version, and override checks with a reason', () => {
  const { stack, upgrade } = example();
  const overrides = { 'app-compatibility': 'all apps were tested on staging, CHG-4711' };
  upgrade.schedule('Nightly', { schedule: sunday, request: { targetVersion: TargetVersion.LATEST_BUGFIX, overrides } });
  Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
    Target: {
      Input: '{"targetVersion":"LATEST_BUGFIX","overrides":{"app-compatibility":"all apps were tested on staging, CHG-4711"}}',
    },
  });
});

test('all mistakes of a request are told at once', () => {
  const request = { targetVersion: 'latest', imageId: 'x', overrides: { alarms: 'because', 'version-policy': 'x'.repeat(501) } };
  const schedule = () => example().upgrade.schedule('Sunday', { schedule: sunday, request });
  expect(schedule).toThrow(/Upgrade has 4 problems/);
  expect(schedule).toThrow("overrides: the reason for 'alarms' has 7 characters; it must have from 10 to 500");
  expect(schedule).toThrow("overrides: the reason for 'version-policy' has 501 characters; it must have from 10 to 500");
});

describe('what the schema allows', () => {
  const validate = new Ajv2020({ strict: false }).compile(REQUEST_SCHEMA);
  const text = (pattern: RegExp, other: string) => fc.oneof(fc.stringMatching(pattern), fc.string({ maxLength: 12 }), fc.constant(other));

  test('a schedule takes, and nothing else', () => {
    const requests = fc.record(
      {
        targetVersion: text(/^\d{1,2}\.\d\.\d{1,2}$/, 'LATEST_BUGFIX'),
        imageId: text(/^ami-[0-9a-f]{7,18}$/, 'ami-01234567'),
        dryRun: fc.boolean(),
        maintenanceWindow: fc.record(
          {
            minutes: fc.oneof(fc.integer({ min: 10, max: 1450 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
            opens: text(/^2026-0[1-9]-01T0\d:00(:00)?(Z|\+0\d:00)$/, ''),
          },
          { requiredKeys: ['minutes'] },
        ),
        overrides: fc.dictionary(fc.constantFrom('alarms', 'capacity'), fc.string({ maxLength: 14, unit: 'binary' })),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(requests, (request) => validate(request) === (requestProblems(request).length === 0)));
  });
});

test.each<[string, UpgradeScheduleOptions, string]>([
  [
    'no version anywhere',
    { schedule: sunday },
    "schedule 'Sunday': request names no targetVersion, and the construct has no defaultTargetVersion: give one of them",
  ],
  [
    'a pre-release',
    { schedule: sunday, request: { targetVersion: '10.0.0-rc1' } },
    "schedule 'Sunday': targetVersion '10.0.0-rc1' must be a released version like '9.4.23', or LATEST_BUGFIX",
  ],
  [
    'a malformed image',
    { schedule: sunday, request: { imageId: 'x' } },
    "schedule 'Sunday': imageId 'x' must be like 'ami-0123456789abcdef0'",
  ],
])('a schedule with %s is refused', (_what, options, message) => {
  expect(() => example().upgrade.schedule('Sunday', options)).toThrow(message);
});
