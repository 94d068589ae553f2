import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { example, resourcesOf } from '../../support/construct';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const options = { schedule: ScheduleExpression.expression('rate(7 days)'), request: { targetVersion: '9.4.23' } };
const alarms = (stack: Stack) => Object.values(resourcesOf(stack, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
const sections = (description: string) => [...description.matchAll(/runbook\.md#([a-z0-9-]+)/g)].map(([, anchor]) => anchor);

test('a start that could not be delivered sets off one alarm, on the queue of all schedules', () => {
  const { stack, upgrade } = example();
  expect(upgrade.scheduleDeadLetterAlarm).toBeUndefined();
  upgrade.schedule('Saturday', options);
  upgrade.schedule('Sunday', options);
  expect(upgrade.scheduleDeadLetterAlarm).toBeDefined();
  expect(alarms(stack)).toHaveLength(2); // and that of the recovery
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('ScheduleDeadLetters'), 'QueueName'] } }],
    Statistic: 'Maximum',
    Period: 60,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
  });
});

test('so does a recovery that could not be started', () => {
  const { stack, upgrade } = example();
  expect(upgrade.recoveryDeadLetterAlarm.alarmName).toBeDefined();
  expect(alarms(stack)).toMatchObject([
    {
      AlarmDescription: expect.stringMatching(
        /^An upgrade of the Bitbucket cluster bitbucket-nodes ended, and what it left behind is not restored/,
      ) as string,
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringContaining('RecoveryDeadLetters') as string, 'QueueName'] } }],
    },
  ]);
});

test('whoever gives a queue has an alarm on it already', () => {
  const { stack, upgrade } = example();
  upgrade.schedule('Sunday', { ...options, deadLetterQueue: new Queue(stack, 'Own') });
  expect(upgrade.scheduleDeadLetterAlarm).toBeUndefined();
  expect(alarms(stack)).toHaveLength(1);
});

test('the notification topic is told, and lets the alarms of this account do so', () => {
  const { stack, upgrade } = example((scope) => ({
    notificationTopic: new sns.Topic(scope, 'Topic', { enforceSSL: true, masterKey: new kms.Key(scope, 'TopicKey') }),
  }));
  upgrade.schedule('Sunday', options);
  const topic = { Ref: expect.stringMatching(/^Topic/) as string };
  for (const alarm of alarms(stack)) expect(alarm).toMatchObject({ AlarmActions: [topic] });
  const allowed = {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  };
  const policy = Object.values(resourcesOf(stack, 'AWS::SNS::TopicPolicy'))[0]?.Properties['PolicyDocument'];
  expect(policy).toMatchObject({
    Statement: expect.arrayContaining([
      expect.objectContaining({ ...allowed, Condition: expect.objectContaining(allowed.Condition) as object, Action: 'sns:Publish' }),
    ]) as unknown[],
  });
  const key = Object.entries(resourcesOf(stack, 'AWS::KMS::Key')).find(([id]) => id.startsWith('TopicKey'))?.[1].Properties['KeyPolicy'];
  expect(JSON.stringify(key)).toContain(
    '{"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"}',
  );
});

test('every alarm leads to a section of the runbook that exists', () => {
  const { stack, upgrade } = example();
  upgrade.schedule('Sunday', options);
  const runbook = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'runbook.md'), 'utf8');
  const anchors = [...runbook.matchAll(/^##+ (.*)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  const led = alarms(stack).flatMap(({ AlarmDescription }) => sections(JSON.stringify(AlarmDescription)));
  expect(led).toHaveLength(2);
  expect(led.filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual([]);
});
