import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BitbucketRollingUpgrade } from '../../../lib';
import type { TaskName } from '../../../lib/contract/tasks';
import { ACTING_TASKS, BACKUP_TASKS, TASKS } from '../../../lib/contract/tasks';
import { BITBUCKET_TASKS } from '../../../lib/functions/environment';
import { pascalCase } from '../../../lib/private/pascal-case';
import type { TemplateResource } from '../../support/construct';
import { example, exampleProps, resourcesOf } from '../../support/construct';
import { environmentOf, functionOf, pathOf } from '../../support/functions';
import { statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

const plain = example();
const template = Template.fromStack(plain.stack);

/** The tasks of the native parts: of RDS and of EBS. */
const NATIVE_TASKS = BACKUP_TASKS.filter((task) => !task.includes('aws-backup'));

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

test('a topic that is encrypted with a key of its own can be published to', () => {
  const { stack } = example((scope) => ({ notificationTopic: new Topic(scope, 'Topic', { masterKey: new kms.Key(scope, 'TopicKey') }) }));
  for (const part of ['ReportRun', 'AskOperator', 'Announce']) {
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
    const others: TaskName[] = ['plan-upgrade', 'check-account', 'acquire-lock', 'compare-apps', 'plan-recovery', 'release-lock'];
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
