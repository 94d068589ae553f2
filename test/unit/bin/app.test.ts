import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../../bin/app/settings';
import type { RollingUpgradeStack } from '../../../bin/app/stack';
import { defineApp } from '../../../bin/app/stack';
import { EXAMPLE_CONTEXT } from '../../support/settings';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

/** The app's stack with these settings besides the needed ones. */
function stackWith(changes: Readonly<Record<string, string>> = {}, app = new App()): RollingUpgradeStack {
  const context: Readonly<Record<string, string>> = { ...EXAMPLE_CONTEXT, ...changes };
  return defineApp(
    app,
    readSettings((key) => context[key]),
  );
}

test('the app needs no lookup: it synthesizes without an account', () => {
  const app = new App();
  stackWith({}, app);
  const assembly = app.synth();
  expect(assembly.manifest.missing ?? []).toEqual([]);
  expect(assembly.stacks.map(({ stackName, environment }) => [stackName, environment.account])).toEqual([
    ['BitbucketRollingUpgrade', 'unknown-account'],
  ]);
});

test('account, region and name of the stack can be chosen', () => {
  const stack = stackWith({ stackName: 'Upgrades', account: '111122223333', region: 'eu-central-1' });
  expect([stack.stackName, stack.account, stack.region]).toEqual(['Upgrades', '111122223333', 'eu-central-1']);
});

test('a new topic that takes only TLS is told, and an address is subscribed to it', () => {
  const template = Template.fromStack(stackWith({ notificationEmail: 'bitbucket-admins@example.com' }));
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'bitbucket-admins@example.com' });
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
    },
  });
});

test('an existing topic is told instead', () => {
  const template = Template.fromStack(stackWith({ topicArn: 'arn:aws:sns:eu-central-1:111122223333:upgrades' }));
  template.resourceCountIs('AWS::SNS::Topic', 0);
  template.hasOutput('TopicArn', { Value: 'arn:aws:sns:eu-central-1:111122223333:upgrades' });
});

test('a schedule is made when one is set', () => {
  Template.fromStack(stackWith()).resourceCountIs('AWS::Scheduler::Schedule', 0);
  const schedule = { scheduleExpression: 'cron(0 2 ? * SUN *)', scheduleTimeZone: 'Europe/Berlin', scheduleTargetVersion: '9.4.23' };
  Template.fromStack(stackWith(schedule)).hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpressionTimezone: 'Europe/Berlin',
    Target: { Input: '{"targetVersion":"9.4.23"}' },
  });
});

test('every option of the construct reaches the tasks', () => {
  const template = Template.fromStack(
    stackWith({
      contextPath: '/git',
      nodePort: '8443',
      nodeProtocol: 'https',
      capacity: 'within-capacity',
      deniedVersions: '9.4.21',
      defaultTargetVersion: '9.4.23',
      drainLimitMinutes: '30',
      caCertificateSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ca-a1b2c3',
      securityGroupIds: 'sg-0123456789abcdef0',
    }),
  );
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        BASE_URL: 'https://bitbucket.example.com/git',
        NODE_PORT: '8443',
        NODE_PROTOCOL: 'https',
        DENIED_VERSIONS: '9.4.21',
        DEFAULT_TARGET_VERSION: '9.4.23',
        LIMITS: Match.stringLikeRegexp('"drainLimit":1800,'),
        CA_CERTIFICATE_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:ca-a1b2c3',
      },
    },
    VpcConfig: {
      SecurityGroupIds: ['sg-0123456789abcdef0'],
      SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    },
  });
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { CAPACITY: 'within-capacity' } } });
  template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
});

test('what the checks look at reaches their task', () => {
  const settings = { changeCalendars: 'freeze,holidays', startAlarmNames: 'errors', maxCpuPercent: '70', loadLookbackHours: '48' };
  Template.fromStack(stackWith(settings)).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { CHECKS: '{"changeCalendars":["freeze","holidays"],"alarms":["errors"],"maxCpu":70,"loadHours":48}' } },
  });
});

test('a schedule may ask for the newest bug-fix version', () => {
  const settings = { scheduleExpression: 'rate(1 day)', defaultTargetVersion: 'LATEST_BUGFIX' };
  Template.fromStack(stackWith(settings)).hasResourceProperties('AWS::Scheduler::Schedule', { Target: { Input: '{}' } });
  Template.fromStack(stackWith(settings)).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { DEFAULT_TARGET_VERSION: 'LATEST_BUGFIX' } },
  });
});

test.each(['roll-back', 'hold', 'go-forward'])('what is to follow a failure reaches the tasks: %s', (failurePolicy) => {
  const settings = { failurePolicy, holdLimitHours: '2', replacementBudget: '1', bakeFirstMinutes: '30', bakeAlarmNames: 'errors,latency' };
  const template = Template.fromStack(stackWith(settings));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { FAILURE_POLICY: failurePolicy, REPLACEMENT_BUDGET: '1' } },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { BAKE: '{"first":1800,"each":0,"alarms":["errors","latency"]}' } },
  });
});
