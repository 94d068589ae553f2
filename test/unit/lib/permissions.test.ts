import type { Stack } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { TaskName } from '../../../lib/contract/tasks';
import { TASKS } from '../../../lib/contract/tasks';
import { CapacityStrategy, NodeImages } from '../../../lib';
import { pascalCase } from '../../../lib/private/pascal-case';
import { example, resourcesOf } from '../../support/construct';
import { expectDocumented } from '../../support/authorization-reference';
import type { Statement } from '../../support/policies';
import { policiesOf, statementsOf } from '../../support/policies';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

/** Another account's, shared with this one. */
const SHARED_CALENDAR = 'arn:aws:ssm:eu-central-1:222233334444:document/holidays';

const errors = (scope: Stack): IAlarm => Alarm.fromAlarmName(scope, 'Alarm', 'bitbucket-errors');

const { stack } = example((scope) => ({
  notificationTopic: new Topic(scope, 'Topic'),
  bakeTimeFirst: Duration.minutes(30),
  bakeAlarms: [Alarm.fromAlarmName(scope, 'Bake', 'bitbucket-errors')],
  startAlarms: [errors(scope)],
  changeCalendars: ['release-freeze', SHARED_CALENDAR],
  capacity: CapacityStrategy.withinCapacity(),
  nodeImages: NodeImages.byParameter('/bitbucket/ami'),
}));

const GROUPS = 'autoscaling:DescribeAutoScalingGroups';
const IMAGES = 'ec2:DescribeImages';
const INSTANCES = 'ec2:DescribeInstances';
const VERSIONS = 'ec2:DescribeLaunchTemplateVersions';
const HEALTH = 'elasticloadbalancing:DescribeTargetHealth';
const CLUSTER = [GROUPS, INSTANCES, HEALTH];
/** What it takes to launch another image. */
const LAUNCHING = ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate', 'ec2:RunInstances', 'ec2:CreateTags', 'iam:PassRole'];
const LOCK = 'dynamodb:GetItem';
const SECRET = 'secretsmanager:GetSecretValue';

/** What each task may call, as docs/architecture.md says; logs, traces and network interfaces are Lambda's own. */
const ACTIONS: Record<(typeof TASKS)[number], string[]> = {
  'resolve-request': [GROUPS, IMAGES, 'ssm:GetParameter', 'ssm:GetParametersByPath', SECRET],
  'plan-upgrade': [GROUPS, INSTANCES, VERSIONS, LOCK, SECRET],
  'check-cluster': [...CLUSTER, IMAGES, SECRET],
  'check-group': [
    GROUPS,
    'autoscaling:DescribeInstanceRefreshes',
    'autoscaling:DescribeScheduledActions',
    'autoscaling:DescribeLifecycleHooks',
    INSTANCES,
    IMAGES,
    'ec2:DescribeSnapshots',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'cloudformation:DescribeStacks',
  ],
  'check-account': [
    LOCK,
    'states:DescribeExecution',
    GROUPS,
    'cloudwatch:DescribeAlarms',
    'cloudwatch:GetMetricData',
    'ssm:GetCalendarState',
    ...LAUNCHING,
  ],
  'judge-checks': [],
  'acquire-lock': [LOCK, 'dynamodb:PutItem', 'states:DescribeExecution', 'states:ListExecutions'],
  'end-run': ['states:SendTaskSuccess', 'states:SendTaskFailure'],
  'judge-readiness': [],
  'judge-skew': [],
  'choose-expired-backups': [],
  'put-up-banner': [LOCK, 'dynamodb:PutItem', SECRET],
  'hold-group': [LOCK, GROUPS, 'autoscaling:CreateOrUpdateTags', 'autoscaling:SuspendProcesses'],
  'enable-upgrade-mode': [LOCK, SECRET],
  'point-at-image': [LOCK, GROUPS, 'autoscaling:UpdateAutoScalingGroup', VERSIONS, ...LAUNCHING, SECRET],
  'add-surge': [LOCK, GROUPS, 'autoscaling:UpdateAutoScalingGroup'],
  'choose-node': [GROUPS, INSTANCES, HEALTH, SECRET],
  'stand-by': [LOCK, GROUPS, 'autoscaling:EnterStandby'],
  'await-drained': [GROUPS, HEALTH],
  'await-replacement': [...CLUSTER, 'autoscaling:DescribeScalingActivities', SECRET],
  'bake-node': [...CLUSTER, 'autoscaling:DescribeScalingActivities', 'cloudwatch:DescribeAlarms', SECRET],
  'decide-recovery': [],
  'ask-operator': ['sns:Publish'],
  announce: ['sns:Publish'],
  'plan-recovery': [GROUPS, INSTANCES, VERSIONS, LOCK, 'states:DescribeExecution', SECRET],
  'retire-node': [LOCK, GROUPS, 'autoscaling:TerminateInstanceInAutoScalingGroup'],
  'verify-cluster': [...CLUSTER, SECRET],
  'compare-apps': [LOCK, SECRET],
  'finalize-upgrade': [LOCK, GROUPS, INSTANCES, SECRET],
  'restore-capacity': [
    LOCK,
    ...CLUSTER,
    'autoscaling:UpdateAutoScalingGroup',
    'autoscaling:EnterStandby',
    'autoscaling:ExitStandby',
    'autoscaling:TerminateInstanceInAutoScalingGroup',
    SECRET,
  ],
  'cancel-upgrade-mode': [LOCK, GROUPS, INSTANCES, SECRET],
  'restore-settings': [LOCK, GROUPS, 'autoscaling:ResumeProcesses', 'autoscaling:UpdateAutoScalingGroup', 'autoscaling:DeleteTags'],
  'take-down-banner': [LOCK, 'dynamodb:PutItem', 'dynamodb:DeleteItem', SECRET],
  'release-lock': ['dynamodb:DeleteItem'],
  'report-run': ['sns:Publish'],
};

const NETWORK =
  /^ec2:(CreateNetworkInterface|DescribeNetworkInterfaces|DescribeSubnets|DeleteNetworkInterface|(Una|A)ssignPrivateIpAddresses)$/;

/** The statements of a task's policies. */
function ofTask(task: TaskName): Statement[] {
  return statementsOf(stack, (role) => role.startsWith(`UpgradeTasks${pascalCase(task)}Role`));
}

/** The one statement of a task with this action. */
function statement(task: TaskName, action: string, resource = /./): Statement {
  const found = ofTask(task).filter(
    ({ actions, resources }) => actions.includes(action) && resources.some((candidate) => resource.test(candidate)),
  );
  expect(found).toHaveLength(1);
  return found[0]!;
}

test.each(TASKS)('%s may call what its task needs, and nothing else', (task) => {
  const actions = ofTask(task).flatMap((found) => found.actions);
  const own = actions.filter((action) => !/^(logs|xray):/.test(action) && !NETWORK.test(action));
  expect([...new Set(own)].sort()).toEqual([...ACTIONS[task]].sort());
});

test.each(TASKS.filter((task) => ACTIONS[task].includes(SECRET)))('%s reads the credentials, and so runs in the VPC', (task) => {
  expect(
    ofTask(task)
      .flatMap((found) => found.actions)
      .filter((action) => NETWORK.test(action)),
  ).toHaveLength(6);
});

test.each(TASKS.filter((task) => !ACTIONS[task].includes(SECRET)))('%s does not ask Bitbucket: it has no network interface', (task) => {
  expect(
    ofTask(task)
      .flatMap((found) => found.actions)
      .filter((action) => NETWORK.test(action)),
  ).toEqual([]);
});

describe('what may be changed is named exactly', () => {
  test.each([
    [
      'stand-by',
      'autoscaling:EnterStandby',
      'autoscaling:<AWS::Region>:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/bitbucket-nodes',
    ],
    ['point-at-image', 'ec2:ModifyLaunchTemplate', 'ec2:<AWS::Region>:<AWS::AccountId>:launch-template/lt-0123456789abcdef0'],
    ['resolve-request', 'ssm:GetParametersByPath', 'ssm:<AWS::Region>:<AWS::AccountId>:parameter/bitbucket/ami/*'],
  ] as const)('%s: %s', (task, action, resource) => {
    expect(statement(task, action).resources).toEqual([`arn:<AWS::Partition>:${resource}`]);
  });

  test('of the change calendars only those that are asked for may be read', () => {
    expect(statement('check-account', 'ssm:GetCalendarState').resources).toEqual([
      'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:document/release-freeze',
      SHARED_CALENDAR,
    ]);
  });

  test('what is rehearsed before the upgrade is allowed there just as where it is done', () => {
    for (const action of LAUNCHING) expect(statement('check-account', action)).toEqual(statement('point-at-image', action));
  });

  test("the nodes' role may be passed on to EC2 only", () => {
    expect(statement('point-at-image', 'iam:PassRole')).toMatchObject({
      resources: ['arn:aws:iam::111122223333:role/bitbucket-node'],
      conditions: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    });
  });

  test('instances may be launched from the one launch template only', () => {
    expect(statement('point-at-image', 'ec2:RunInstances').conditions).toEqual({
      ArnEquals: { 'ec2:LaunchTemplate': 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:launch-template/lt-0123456789abcdef0' },
    });
  });

  test('tags may be set only on what is being created', () => {
    expect(statement('point-at-image', 'ec2:CreateTags').conditions).toEqual({ StringEquals: { 'ec2:CreateAction': 'RunInstances' } });
  });

  test('of the group only our own tags may be written and removed', () => {
    const conditions = { 'ForAllValues:StringLike': { 'aws:TagKeys': ['bitbucket-rolling-upgrade:*'] } };
    expect(statement('hold-group', 'autoscaling:CreateOrUpdateTags').conditions).toEqual(conditions);
    expect(statement('restore-settings', 'autoscaling:DeleteTags').conditions).toEqual(conditions);
  });

  test('the tasks ask only how executions of the main machine and of the recovery stand', () => {
    for (const task of ['acquire-lock', 'check-account', 'plan-recovery'] as const) {
      const { resources } = statement(task, 'states:DescribeExecution');
      expect(resources).toEqual(
        ['RollingUpgrade', 'Recover'].map(
          (machine) => expect.stringMatching(new RegExp(`:states:.*:execution:.*${machine}StateMachine.*:\\*$`)) as string,
        ),
      );
    }
  });

  test('an update of a stack is looked for among those of the account', () => {
    expect(statement('check-group', 'cloudformation:DescribeStacks').resources).toEqual([
      'arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/*/*',
    ]);
  });

  test('the rule may start the recovery, and nothing else', () => {
    const events = statementsOf(stack, (role) => role.startsWith('UpgradeRecoverStateMachineEventsRole'));
    expect(events).toEqual([
      { actions: ['states:StartExecution'], resources: [expect.stringMatching(/^<UpgradeRecoverStateMachine[0-9A-F]+>$/) as string] },
    ]);
  });
});

test('without alarms none may be described', () => {
  const bake = statementsOf(example().stack, (role) => role.includes('BakeNode')).flatMap((found) => found.actions);
  expect(bake).not.toContain('cloudwatch:DescribeAlarms');
});

test('without alarms, calendars, and with an extra node, the checks may read none of them, and no load', () => {
  const check = statementsOf(example().stack, (role) => role.includes('CheckAccount')).flatMap((found) => found.actions);
  expect(check.filter((action) => /^(cloudwatch|ssm):/.test(action))).toEqual([]);
});

test('what looks alarms up at one time may not do so at the other', () => {
  const actionsOf = (made: Stack, task: string) => statementsOf(made, (role) => role.includes(task)).flatMap((found) => found.actions);
  const start = example((scope) => ({ startAlarms: [errors(scope)] })).stack;
  expect(actionsOf(start, 'CheckAccount')).toContain('cloudwatch:DescribeAlarms');
  expect(actionsOf(start, 'BakeNode')).not.toContain('cloudwatch:DescribeAlarms');
});

test('no policy is a managed one, and none allows a whole service', () => {
  for (const role of Object.values(resourcesOf(stack, 'AWS::IAM::Role'))) expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  for (const { actions } of policiesOf(stack)) expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

test('the machines may call their functions, and the main one may start that of one node', () => {
  const main = statementsOf(stack, (role) => role.startsWith('UpgradeRollingUpgradeStateMachineRole'));
  const actions = main.flatMap((found) => found.actions).filter((action) => !/^(logs|xray|events):/.test(action));
  expect([...new Set(actions)].sort()).toEqual([
    'lambda:InvokeFunction',
    'states:DescribeExecution',
    'states:StartExecution',
    'states:StopExecution',
  ]);
  const node = statementsOf(stack, (role) => role.startsWith('UpgradeReplaceNodeStateMachineRole'));
  const called = node.filter(({ actions: [action] }) => action === 'lambda:InvokeFunction').flatMap(({ resources }) => resources);
  expect(called.filter((resource) => !resource.endsWith(':*'))).toHaveLength(5);
  const recovery = statementsOf(stack, (role) => role.startsWith('UpgradeRecoverStateMachineRole')).flatMap((found) => found.actions);
  expect(recovery.filter((action) => action.startsWith('states:'))).toEqual([]);
});

describe('according to the service authorization reference', () => {
  const statements = policiesOf(stack).map((found) => [found.actions.join(' '), found] as const);

  test.each(statements)('%s: exists, applies to its resources, and knows its condition keys', async (_name, found) => {
    await expectDocumented(found);
  });
});
