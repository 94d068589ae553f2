import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BitbucketRollingUpgrade, CapacityStrategy, FailurePolicy, NodeImages, NodeProtocol } from '../../../lib';
import type { TaskName } from '../../../lib/contract/tasks';
import { ACTING_TASKS, BACKUP_TASKS, TASKS } from '../../../lib/contract/tasks';
import { BITBUCKET_TASKS } from '../../../lib/functions/environment';
import { pascalCase } from '../../../lib/private/pascal-case';
import type { TemplateResource } from '../../support/construct';
import { example, exampleProps, resourcesOf, secretArn, targetGroupArn } from '../../support/construct';
import { definitionsOf } from '../../support/definition';
import { statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const plain = example();
const template = Template.fromStack(plain.stack);

/** The tasks of the native parts: of RDS and of EBS. */
const NATIVE_TASKS = BACKUP_TASKS.filter((task) => !task.includes('aws-backup'));

/** How the logical ids of a task's resources begin. */
function pathOf(task: string): string {
  return `Upgrade${(TASKS as readonly string[]).includes(task) ? 'Tasks' : 'Backup'}${pascalCase(task)}`;
}

/** The function of a task. */
function functionOf(stack: Stack, task: string): TemplateResource {
  const [, found] =
    Object.entries(resourcesOf(stack, 'AWS::Lambda::Function')).find(([id]) => id.startsWith(`${pathOf(task)}Function`)) ?? [];
  if (!found) throw new Error(`no function of ${task}`);
  return found;
}

/** The environment of a task's function. */
function environmentOf(stack: Stack, task: string): Record<string, unknown> {
  return (functionOf(stack, task).Properties.Environment as { Variables: Record<string, unknown> }).Variables;
}

test('nothing in the template is a custom resource, or runs at deployment', () => {
  const types = Object.values(template.toJSON().Resources as Record<string, TemplateResource>).map(({ Type }) => Type);
  expect(types.filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')).toEqual([]);
});

test('there is one function a task, and no other', () => {
  template.resourceCountIs('AWS::Lambda::Function', TASKS.length + NATIVE_TASKS.length);
});

describe.each([...TASKS, ...NATIVE_TASKS])('the function of %s', (task) => {
  test('runs on Node.js 24 with JSON logs, traces, a log group and a role of its own', () => {
    const { Properties } = functionOf(plain.stack, task);
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 60,
      MemorySize: 256,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.stringContaining(`${pathOf(task)}Logs`) as string } },
      Role: { 'Fn::GetAtt': [expect.stringContaining(`${pathOf(task)}Role`), 'Arn'] },
    });
  });

  test('is in the VPC exactly when it asks Bitbucket', () => {
    const { VpcConfig } = functionOf(plain.stack, task).Properties;
    expect(VpcConfig !== undefined).toBe((BITBUCKET_TASKS as readonly string[]).includes(task));
    expect('CREDENTIALS_SECRET_ARN' in environmentOf(plain.stack, task)).toBe((BITBUCKET_TASKS as readonly string[]).includes(task));
  });
});

test('logs are kept for a year, and survive the stack', () => {
  const groups = Object.values(resourcesOf(plain.stack, 'AWS::Logs::LogGroup'));
  expect(groups).toHaveLength(TASKS.length + NATIVE_TASKS.length + 4);
  for (const group of groups) expect([group.Properties.RetentionInDays, group.DeletionPolicy]).toEqual([365, 'Retain']);
});

test('how long logs are kept can be chosen', () => {
  const { stack } = example(() => ({ logRetention: RetentionDays.ONE_WEEK }));
  for (const group of Object.values(resourcesOf(stack, 'AWS::Logs::LogGroup'))) expect(group.Properties.RetentionInDays).toBe(7);
});

describe('the environment of the tasks', () => {
  test('holds the defaults', () => {
    expect(environmentOf(plain.stack, 'check-preconditions')).toEqual({
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
      CAPACITY: 'surge',
      DENIED_VERSIONS: '',
      DEFAULT_TARGET_VERSION: '',
      BASE_URL: 'https://bitbucket.example.com',
      NODE_PORT: '7990',
      NODE_PROTOCOL: 'http',
      CREDENTIALS_SECRET_ARN: secretArn('bitbucket-admin'),
      LOCK_TABLE_NAME: { Ref: expect.stringContaining('LockTable') as string },
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
      CAPACITY: 'within-capacity',
      DENIED_VERSIONS: '9.4.21,9.4.22',
      DEFAULT_TARGET_VERSION: '9.4.23',
    });
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
    expect(environmentOf(plain.stack, 'report-run')).not.toHaveProperty('TOPIC_ARN');
    for (const part of ['ReportRun', 'AskOperator']) {
      expect(statementsOf(plain.stack, (role) => role.includes(part)).flatMap(({ actions }) => actions)).not.toContain('sns:Publish');
    }
  });
});

test('a topic that is encrypted with a key of its own can be published to', () => {
  const { stack } = example((scope) => ({ notificationTopic: new Topic(scope, 'Topic', { masterKey: new kms.Key(scope, 'TopicKey') }) }));
  for (const part of ['ReportRun', 'AskOperator']) {
    expect(statementsOf(stack, (role) => role.includes(part))).toContainEqual({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [expect.stringMatching(/^<TopicKey.*Arn>$/) as string],
      conditions: { StringEquals: { 'kms:ViaService': 'sns.<AWS::Region>.amazonaws.com' } },
    });
  }
});

test('the context path may be given apart from the base URL', () => {
  const { stack } = example(() => ({ baseUrl: 'https://bitbucket.example.com', contextPath: '/git/' }));
  expect(environmentOf(stack, 'plan-upgrade').BASE_URL).toBe('https://bitbucket.example.com/git');
});

test('a secret whose suffix is not known is still named as narrowly as can be', () => {
  const { stack } = example((scope) => ({
    adminCredentials: Secret.fromSecretPartialArn(scope, 'Partial', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin'),
  }));
  const [secret] = statementsOf(stack, (role) => role.includes('PlanUpgrade')).filter(({ actions }) =>
    actions.includes('secretsmanager:GetSecretValue'),
  );
  expect(secret?.resources).toEqual(['arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin-??????']);
});

test('the tasks have a security group of their own, which can be let to the nodes', () => {
  const { stack, upgrade } = example();
  const nodes = new ec2.SecurityGroup(stack, 'Nodes', {
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'V', { vpcId: 'vpc-1', availabilityZones: ['a'] }),
  });
  nodes.connections.allowFrom(upgrade, ec2.Port.tcp(7990));
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 7990,
    SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('UpgradeSecurityGroup'), 'GroupId'] },
  });
});

test('security groups that are given are used, and none is made', () => {
  const { stack } = example((scope) => ({ securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(scope, 'Own', 'sg-01234567')] }));
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroup', 0);
  expect(functionOf(stack, 'plan-upgrade').Properties.VpcConfig).toMatchObject({ SecurityGroupIds: ['sg-01234567'] });
});

test('the lock table is keyed by the cluster and paid for by request', () => {
  template.hasResourceProperties('AWS::DynamoDB::Table', {
    KeySchema: [{ AttributeName: 'cluster', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
});

test('the machines log every event with its data, and are traced', () => {
  template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
    LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
    TracingConfiguration: { Enabled: true },
  });
});

describe("with a key of one's own", () => {
  const { stack } = example((scope) => ({ encryptionKey: new kms.Key(scope, 'Key') }));
  const encrypted = Template.fromStack(stack);
  const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };

  test('logs, machines and the table are encrypted with it', () => {
    encrypted.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
    encrypted.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      EncryptionConfiguration: { KmsKeyId: key, Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    });
    encrypted.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { KMSMasterKeyId: key, SSEEnabled: true } });
  });

  test('CloudWatch Logs may use it', () => {
    encrypted.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } }),
        ]),
      },
    });
  });

  test('EventBridge may use it for the queue of events that could not be delivered', () => {
    encrypted.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    encrypted.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Principal: { Service: 'events.amazonaws.com' } }),
        ]),
      },
    });
  });

  test('the tasks of the lock may use it through DynamoDB, and the others not', () => {
    const uses = (task: string): boolean =>
      statementsOf(stack, (role) => role.includes(pascalCase(task))).some(
        ({ actions, conditions }) => actions.includes('kms:GenerateDataKey') && JSON.stringify(conditions).includes('dynamodb.'),
      );
    const others: TaskName[] = ['check-preconditions', 'acquire-lock', 'plan-recovery', 'release-lock'];
    expect(TASKS.filter(uses).sort()).toEqual([...others, ...ACTING_TASKS].sort());
  });
});

describe('rights and metrics', () => {
  test('somebody may be let start an upgrade', () => {
    const { stack, upgrade } = example();
    upgrade.grantStartExecution(new iam.User(stack, 'Operator'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: 'states:StartExecution', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('RollingUpgradeStateMachine') } },
        ],
      },
      Users: Match.anyValue(),
    });
  });

  test('somebody may be let answer a run that holds, and nothing more', () => {
    const { stack, upgrade } = example();
    upgrade.grantAnswer(new iam.User(stack, 'Operator'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
            Effect: 'Allow',
            Resource: '*', // AWS knows no other
          },
        ],
      },
      Users: Match.anyValue(),
    });
  });

  test('somebody may be let read the executions of all machines', () => {
    const { stack, upgrade } = example();
    upgrade.grantRead(new iam.User(stack, 'Reader'));
    const [policy] = Object.values(resourcesOf(stack, 'AWS::IAM::Policy')).filter(({ Properties }) => Properties.Users !== undefined);
    const text = JSON.stringify(policy);
    expect(text).toContain('states:DescribeExecution');
    expect(text).toMatch(/RollingUpgradeStateMachine.*ReplaceNodeStateMachine.*TidyBackupsStateMachine.*RecoverStateMachine/);
  });

  test.each([
    ['metricSucceeded', 'ExecutionsSucceeded'],
    ['metricFailed', 'ExecutionsFailed'],
    ['metricTimedOut', 'ExecutionsTimedOut'],
    ['metricAborted', 'ExecutionsAborted'],
    ['metricTime', 'ExecutionTime'],
  ] as const)('%s is about the main machine', (method, metricName) => {
    const metric = plain.upgrade[method]({ period: Duration.hours(1) });
    expect(metric).toMatchObject({ namespace: 'AWS/States', metricName, period: Duration.hours(1) });
    expect(plain.stack.resolve(metric.dimensions)).toEqual({
      StateMachineArn: plain.stack.resolve(plain.upgrade.stateMachine.stateMachineArn) as unknown,
    });
  });
});

test('two clusters fit into one stack', () => {
  const { stack } = example();
  new BitbucketRollingUpgrade(stack, 'Second', exampleProps(new Stack(stack, 'Imports')));
  Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 8);
});
