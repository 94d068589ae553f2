import { Duration } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CapacityStrategy, FailurePolicy, NodeImages, NodeProtocol, TargetVersion } from '../../../lib';
import { example, secretArn, targetGroupArn } from '../../support/construct';
import { definitionsOf } from '../../support/definition';
import { environmentOf } from '../../support/functions';
import { statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const plain = example();

describe('the environment of the tasks', () => {
  test('holds the defaults', () => {
    const standard = {
      GROUP_NAME: 'bitbucket-nodes',
      TARGET_GROUP_ARNS: `${targetGroupArn('http')},${targetGroupArn('ssh')}`,
      LIMITS: JSON.stringify({
        bootTimeout: 2700,
        drainLimit: 3600,
        backupTimeout: 21600,
        finalizeTimeout: 3600,
        minPollInterval: 3,
        maxPollInterval: 60,
      }),
    };
    expect(environmentOf(plain.stack, 'check-cluster')).toEqual({
      ...standard,
      BASE_URL: 'https://bitbucket.example.com',
      NODE_PORT: '7990',
      NODE_PROTOCOL: 'http',
      CREDENTIALS_SECRET_ARN: secretArn('bitbucket-admin'),
      DENIED_VERSIONS: '',
    });
    expect(environmentOf(plain.stack, 'check-group')).toEqual({
      ...standard,
      BASE_URL: 'https://bitbucket.example.com',
      NODE_IMAGES: '{"kind":"tag","tagKey":"BitbucketVersion","owners":["111122223333"]}',
    });
    expect(environmentOf(plain.stack, 'check-account')).toEqual({
      ...standard,
      LOCK_TABLE_NAME: { Ref: expect.stringContaining('LockTable') as string },
      CHECKS: '{"changeCalendars":[],"alarms":[],"maxCpu":80,"loadHours":24}',
      BAKE: '{"first":0,"each":0,"alarms":[]}',
    });
    expect(environmentOf(plain.stack, 'judge-checks')).toEqual({
      ...standard,
      BACKUP: JSON.stringify({
        parts: ['database', 'shared-home'],
        noneBecause: '',
        skewLimit: 60,
        startLimit: 900,
        reuseWithin: 86400,
        warnings: [],
      }),
    });
  });

  test('holds nothing that the task does not read', () => {
    for (const task of ['stand-by', 'await-rds-snapshot', 'verify-cluster']) {
      expect(Object.keys(environmentOf(plain.stack, task))).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(CAPACITY|DENIED_VERSIONS|DEFAULT_TARGET_VERSION|BACKUP)$/)]),
      );
    }
    expect(environmentOf(plain.stack, 'start-rds-snapshot')).toHaveProperty('BACKUP');
  });

  test('looks less often by itself when long limits would fill the history of an execution', () => {
    const { stack } = example(() => ({ drainLimit: Duration.hours(4) }));
    expect(JSON.parse(environmentOf(stack, 'verify-cluster').LIMITS as string)).toMatchObject({ maxPollInterval: 80 });
  });

  test('holds what was chosen', () => {
    const { stack } = example((scope) => ({
      baseUrl: 'https://bitbucket.example.com/git/',
      contextPath: '/git',
      nodePort: 8443,
      nodeProtocol: NodeProtocol.HTTPS,
      caCertificate: Secret.fromSecretCompleteArn(scope, 'Ca', secretArn('bitbucket-ca')),
      capacity: CapacityStrategy.withinCapacity(),
      deniedVersions: ['9.4.21', '9.4.22'],
      defaultTargetVersion: '9.4.23',
      bootTimeout: Duration.minutes(20),
    }));
    const environment = environmentOf(stack, 'verify-cluster');
    expect(environment).toMatchObject({
      BASE_URL: 'https://bitbucket.example.com/git',
      NODE_PORT: '8443',
      NODE_PROTOCOL: 'https',
      CA_CERTIFICATE_SECRET_ARN: secretArn('bitbucket-ca'),
    });
    for (const task of ['plan-upgrade', 'plan-recovery']) expect(environmentOf(stack, task)).toMatchObject({ CAPACITY: 'within-capacity' });
    expect(environmentOf(stack, 'check-cluster')).toMatchObject({ DENIED_VERSIONS: '9.4.21,9.4.22' });
    expect(environmentOf(stack, 'resolve-request')).toMatchObject({ DENIED_VERSIONS: '9.4.21,9.4.22', DEFAULT_TARGET_VERSION: '9.4.23' });
    expect(JSON.parse(environment.LIMITS as string)).toMatchObject({ bootTimeout: 1200 });
    const secrets = statementsOf(stack, (role) => role.includes('VerifyCluster')).filter(({ actions }) =>
      actions.includes('secretsmanager:GetSecretValue'),
    );
    expect(secrets.flatMap(({ resources }) => resources)).toEqual([secretArn('bitbucket-admin'), secretArn('bitbucket-ca')]);
  });

  test.each([
    [
      'by tag',
      NodeImages.byTag({ owners: ['self', '111122223333'] }),
      { kind: 'tag', tagKey: 'BitbucketVersion', owners: ['self', '111122223333'] },
    ],
    ['by parameter', NodeImages.byParameter('/bitbucket/ami'), { kind: 'parameter', prefix: '/bitbucket/ami' }],
    ['by a map', NodeImages.fromMap({ '9.4.23': 'ami-01234567' }), { kind: 'map', images: { '9.4.23': 'ami-01234567' } }],
  ])('says how a version becomes an image: %s', (_way, nodeImages, specification) => {
    const environment = environmentOf(example(() => ({ nodeImages })).stack, 'resolve-request');
    expect(JSON.parse(environment.NODE_IMAGES as string)).toEqual(specification);
  });

  test('says how failures are answered: by default', () => {
    expect(environmentOf(plain.stack, 'decide-recovery')).toMatchObject({ FAILURE_POLICY: 'roll-back', REPLACEMENT_BUDGET: '2' });
    expect(environmentOf(plain.stack, 'bake-node').BAKE).toBe('{"first":0,"each":0,"alarms":[]}');
    expect(environmentOf(plain.stack, 'report-run').BAKE).toBe(environmentOf(plain.stack, 'bake-node').BAKE); // how long nodes are watched is part of the plan
  });

  test.each([
    ['roll-back', FailurePolicy.rollBack({ limit: Duration.hours(2) })],
    ['hold', FailurePolicy.hold({ limit: Duration.hours(2) })],
    ['go-forward', FailurePolicy.goForward({ limit: Duration.hours(2) })],
  ])('says how failures are answered: %s', (policy, failurePolicy) => {
    const { stack } = example((scope) => ({
      failurePolicy,
      replacementBudget: 0,
      bakeTimeFirst: Duration.minutes(30),
      bakeTimeEach: Duration.minutes(5),
      bakeAlarms: [Alarm.fromAlarmName(scope, 'Errors', 'bitbucket-errors')],
      notificationTopic: new Topic(scope, 'Topic'),
    }));
    expect(environmentOf(stack, 'decide-recovery')).toMatchObject({ FAILURE_POLICY: policy, REPLACEMENT_BUDGET: '0' });
    expect(environmentOf(stack, 'bake-node').BAKE).toBe('{"first":1800,"each":300,"alarms":["bitbucket-errors"]}');
    expect(definitionsOf(stack).main.States['Hold for the operator']).toMatchObject({
      TimeoutSeconds: 7200,
      Parameters: { Payload: { holdLimit: 7200 } },
    });
  });

  test('says what the checks look at besides the cluster', () => {
    const { stack } = example((scope) => ({
      changeCalendars: ['release-freeze'],
      startAlarms: [
        Alarm.fromAlarmName(scope, 'Errors', 'bitbucket-errors'),
        new Metric({ namespace: 'N', metricName: 'M' }).createAlarm(scope, 'Own', { threshold: 1, evaluationPeriods: 1 }),
      ],
      maxCpuPercent: 62.5,
      loadLookback: Duration.days(7),
    }));
    expect(environmentOf(stack, 'check-account').CHECKS).toEqual({
      'Fn::Join': [
        '',
        [
          '{"changeCalendars":["release-freeze"],"alarms":["bitbucket-errors","',
          { Ref: expect.stringMatching(/^Own/) as string },
          '"],"maxCpu":62.5,"loadHours":168}',
        ],
      ],
    });
  });

  test('asks for the newest bug-fix version by default when the construct does', () => {
    const { stack } = example(() => ({ defaultTargetVersion: TargetVersion.LATEST_BUGFIX }));
    expect(environmentOf(stack, 'resolve-request').DEFAULT_TARGET_VERSION).toBe('LATEST_BUGFIX');
  });

  test('names an alarm that is made in the same app as CloudFormation will', () => {
    const { stack } = example((scope) => ({
      bakeTimeEach: Duration.minutes(5),
      bakeAlarms: [new Metric({ namespace: 'N', metricName: 'M' }).createAlarm(scope, 'Own', { threshold: 1, evaluationPeriods: 1 })],
    }));
    expect(environmentOf(stack, 'bake-node').BAKE).toEqual({
      'Fn::Join': ['', ['{"first":0,"each":300,"alarms":["', { Ref: expect.stringMatching(/^Own/) as string }, '"]}']],
    });
  });

  test('names the topic, and lets the report be published there', () => {
    const { stack } = example((scope) => ({ notificationTopic: new Topic(scope, 'Topic') }));
    expect(environmentOf(stack, 'report-run').TOPIC_ARN).toEqual({ Ref: expect.stringContaining('Topic') as string });
    expect(environmentOf(stack, 'ask-operator').TOPIC_ARN).toEqual(environmentOf(stack, 'report-run').TOPIC_ARN);
    expect(environmentOf(stack, 'announce').TOPIC_ARN).toEqual(environmentOf(stack, 'report-run').TOPIC_ARN);
    expect(environmentOf(plain.stack, 'report-run')).not.toHaveProperty('TOPIC_ARN');
    for (const part of ['ReportRun', 'AskOperator', 'Announce']) {
      expect(statementsOf(plain.stack, (role) => role.includes(part)).flatMap(({ actions }) => actions)).not.toContain('sns:Publish');
    }
  });
});
