import { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { TaskName } from '../contract/tasks';
import { ACTING_TASKS, APPROVAL_TASKS, TASKS } from '../contract/tasks';
import { pascalCase } from '../private/pascal-case';
import type { ResolvedProps } from '../private/resolve-props';
import type { BitbucketRollingUpgradeProps } from '../rolling-upgrade-props';
import type { EnvironmentSources } from './environment';
import { backupEnvironment, BITBUCKET_TASKS, environmentOf } from './environment';
import type { PermissionTargets } from './permission';
import { permissionsOf } from './permissions';
import { letLogsUse, letUseKeyThrough, TABLE_KEY_ACTIONS, TOPIC_KEY_ACTIONS } from './keys';
import { letReadSecret } from './secrets';
import type { Placement } from './task-function';
import { TaskFunction } from './task-function';

/** Properties of {@link TaskFunctions}. */
export interface TaskFunctionsProps {
  readonly props: BitbucketRollingUpgradeProps;
  readonly resolved: ResolvedProps;
  readonly placement: Placement;
  readonly lockTable: dynamodb.ITable;
  readonly logRetention: logs.RetentionDays;
}

/** The tasks that tell people. */
const TELLING_TASKS: readonly TaskName[] = ['ask-operator', 'ask-approval', 'announce', 'report-run'];

/** The tasks of the table that has the lock, and the record of the banner and the apps. */
const LOCK_TASKS: readonly TaskName[] = [
  'plan-upgrade',
  'check-account',
  'acquire-lock',
  'ask-approval',
  'compare-apps',
  'release-lock',
  'plan-recovery',
  ...ACTING_TASKS,
];

/** Every Lambda task of the workflow but those of the backup's strategies. */
export class TaskFunctions extends Construct {
  private readonly tasks: ReadonlyMap<TaskName, TaskFunction>;

  public constructor(scope: Construct, id: string, props: TaskFunctionsProps) {
    super(scope, id);
    const sources = this.sources(props);
    const targets = this.targets(props);
    const { encryptionKey, adminCredentials, caCertificate } = props.props;
    if (encryptionKey) letLogsUse(encryptionKey, this);
    const asksApproval = Object.keys(props.resolved.approvals).length > 0;
    const deployed: readonly TaskName[] = [...TASKS, ...(asksApproval ? APPROVAL_TASKS : [])];
    this.tasks = new Map(
      deployed.map((task) => {
        const asksBitbucket = BITBUCKET_TASKS.includes(task);
        const made = new TaskFunction(this, pascalCase(task), {
          task,
          environment: environmentOf(task, sources),
          permissions: permissionsOf(task, targets),
          placement: asksBitbucket ? props.placement : undefined,
          logRetention: props.logRetention,
          encryptionKey,
        });
        if (asksBitbucket) letReadSecret(made.role, adminCredentials);
        if (asksBitbucket && caCertificate) letReadSecret(made.role, caCertificate);
        return [task, made];
      }),
    );
    props.resolved.backup.functions.tell((task) => backupEnvironment(task, sources));
    const topicKey = props.props.notificationTopic?.masterKey;
    if (topicKey) for (const role of this.roles(TELLING_TASKS)) letUseKeyThrough('sns', role, topicKey, TOPIC_KEY_ACTIONS);
    if (encryptionKey) for (const role of this.roles(LOCK_TASKS)) letUseKeyThrough('dynamodb', role, encryptionKey, TABLE_KEY_ACTIONS);
  }

  /** The function of a task. */
  public of(task: TaskName): lambda.IFunction {
    return this.task(task).function;
  }

  /** The construct of a task. */
  public task(task: TaskName): TaskFunction {
    const found = this.tasks.get(task);
    if (!found) throw new Error(`there is no task '${task}'`);
    return found;
  }

  /** Of those of the tasks that are deployed. */
  private roles(tasks: readonly TaskName[]): iam.Role[] {
    return tasks.flatMap((task) => this.tasks.get(task)?.role ?? []);
  }

  private sources({ props, resolved, lockTable }: TaskFunctionsProps): EnvironmentSources {
    return {
      props: resolved,
      groupName: props.autoScalingGroup.autoScalingGroupName,
      lockTableName: lockTable.tableName,
      credentialsSecretArn: props.adminCredentials.secretArn,
      caCertificateSecretArn: props.caCertificate?.secretArn,
      topicArn: props.notificationTopic?.topicArn,
      toJson: (value) => Stack.of(this).toJsonString(value),
    };
  }

  private targets({ props, resolved, lockTable }: TaskFunctionsProps): PermissionTargets {
    const { partition, region, account } = Stack.of(this);
    return {
      partition,
      region,
      account,
      groupName: props.autoScalingGroup.autoScalingGroupName,
      groupArn: props.autoScalingGroup.autoScalingGroupArn,
      launchTemplateId: resolved.launchTemplateId,
      nodeRoleArn: props.nodeRole.roleArn,
      lockTableArn: lockTable.tableArn,
      imageParameterPrefix: resolved.images.parameterPrefix,
      bakesWithAlarms: resolved.failures.bake.alarms.length > 0,
      startsWithAlarms: resolved.checks.alarms.length > 0,
      readsLoad: resolved.capacity !== 'surge',
      changeCalendarArns: resolved.checks.changeCalendars.map((calendar) =>
        calendar.startsWith('arn:') ? calendar : Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName: calendar }),
      ),
      topicArn: props.notificationTopic?.topicArn,
    };
  }
}
