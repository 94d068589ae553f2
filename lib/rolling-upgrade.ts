import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { TaskFunctions } from './functions/task-functions';
import { recoveryRule } from './private/recovery-rule';
import { resolveProps } from './private/resolve-props';
import type { ScheduledUpgrade } from './private/upgrade-schedule';
import { scheduleAlarm, upgradeSchedule } from './private/upgrade-schedule';
import type { BitbucketRollingUpgradeProps } from './rolling-upgrade-props';
import type { UpgradeScheduleOptions } from './schedule';
import { toNobody, toTopic } from './workflow/announce';
import { letDescribeExecutions, letListExecutions, Machine } from './workflow/machine';
import { recover } from './workflow/recover';
import { replaceNode } from './workflow/replace-node';
import { rollingUpgrade } from './workflow/rolling-upgrade';
import { tidyAllParts } from './workflow/tidy-backups';
import { nodeTimeout, recoveryTimeout, runTimeout, tidyTimeout } from './workflow/time-outs';

/**
 * Upgrades a self-hosted Bitbucket Data Center cluster on AWS without downtime.
 *
 * Defines a Step Functions workflow that, for each execution, checks that the upgrade is allowed, makes a backup, turns on upgrade
 * mode, replaces the nodes of an Auto Scaling group one at a time, finalizes the upgrade, and puts every setting back.
 *
 * After a failure the cluster serves as before; then fresh instances are tried, the run is rolled back, or an operator is asked. Whatever a run that
 * was ended from outside left behind is restored by a second workflow.
 */
export class BitbucketRollingUpgrade extends Construct implements ec2.IConnectable {
  /** The workflow. Start an execution with `{"targetVersion": "9.4.23"}`, or with `{"targetVersion": "9.4.23", "dryRun": true}` to see the plan. */
  public readonly stateMachine: stepfunctions.StateMachine;

  /** The part of the workflow that replaces one node: the workflow starts it, for each node. */
  public readonly replaceNodeStateMachine: stepfunctions.StateMachine;

  /** The part of the workflow that marks and deletes backups; undefined when nothing is backed up. */
  public readonly tidyBackupsStateMachine?: stepfunctions.StateMachine;

  /** The workflow that restores what a run left behind that was aborted, timed out or failed: a rule starts it at each such end. */
  public readonly recoveryStateMachine: stepfunctions.StateMachine;

  /** Goes off when the recovery could not be started: nobody restores by himself what a run left behind. Publishes to the notification topic, if there is one. */
  public readonly recoveryDeadLetterAlarm: cloudwatch.Alarm;

  /** The table that holds the lock of the cluster while a run is under way, and the record of Bitbucket's banner and apps. */
  public readonly lockTable: dynamodb.Table;

  /** The security groups of the tasks that ask Bitbucket: let them reach the load balancer and each node. */
  public readonly connections: ec2.Connections;

  private readonly scheduled: ScheduledUpgrade;

  public constructor(scope: Construct, id: string, props: BitbucketRollingUpgradeProps) {
    super(scope, id);
    const resolved = resolveProps(this, props);
    const { encryptionKey, logRetention = logs.RetentionDays.ONE_YEAR } = props;
    const securityGroups = props.securityGroups ?? [this.securityGroup(props.vpc)];
    this.connections = new ec2.Connections({ securityGroups });
    this.lockTable = this.table(props);
    const functions = new TaskFunctions(this, 'Tasks', {
      props,
      resolved,
      placement: { vpc: props.vpc, vpcSubnets: props.vpcSubnets, securityGroups },
      lockTable: this.lockTable,
      logRetention,
    });
    const machine = { functions, logRetention, encryptionKey };
    const node = new Machine(this, 'ReplaceNode', {
      ...machine,
      comment: 'Takes one old node out of service, waits until its replacement is good and it is drained, and retires it.',
      define: replaceNode,
      timeout: nodeTimeout(resolved),
    });
    const backup = { parts: resolved.backup.parts, clusterName: props.autoScalingGroup.autoScalingGroupName };
    const tidy =
      backup.parts.length === 0
        ? undefined
        : new Machine(this, 'TidyBackups', {
            ...machine,
            comment: 'Marks the backups of finished upgrades, and deletes those that failed or are kept no longer: of this cluster only.',
            define: (steps) => tidyAllParts(steps, backup),
            timeout: tidyTimeout(resolved),
          });
    const main = new Machine(this, 'RollingUpgrade', {
      ...machine,
      comment: 'Upgrades a Bitbucket Data Center cluster without downtime: check, back up, replace node by node, finalize, restore.',
      define: (steps) =>
        rollingUpgrade(steps, {
          replaceNode: node.stateMachine,
          announce: props.notificationTopic ? toTopic : toNobody,
          holdLimit: Duration.seconds(resolved.failures.holdLimit),
          backup,
          tidyBackups: tidy?.stateMachine,
          keepFailedParts: resolved.backup.keepFailedParts,
          approvals: resolved.approvals,
        }),
      nested: tidy ? [node.stateMachine, tidy.stateMachine] : [node.stateMachine],
      timeout: runTimeout(resolved),
    });
    const recovery = new Machine(this, 'Recover', {
      ...machine,
      comment: 'Restores what a rolling upgrade left behind that was aborted, timed out or failed.',
      define: (steps) => recover(steps, props.autoScalingGroup.autoScalingGroupName, node.stateMachine),
      timeout: recoveryTimeout(resolved),
    });
    this.stateMachine = main.stateMachine;
    this.replaceNodeStateMachine = node.stateMachine;
    this.tidyBackupsStateMachine = tidy?.stateMachine;
    this.recoveryStateMachine = recovery.stateMachine;
    const { notificationTopic } = props;
    const groupName = props.autoScalingGroup.autoScalingGroupName;
    this.recoveryDeadLetterAlarm = recoveryRule(this, 'RecoveryRule', {
      watched: this.stateMachine,
      recovery: this.recoveryStateMachine,
      encryptionKey,
      groupName,
      notificationTopic,
    }).alarm;
    // They ask whether a run, or a recovery, that holds the lock or left its record is still under way.
    const asking = (['check-account', 'acquire-lock', 'plan-recovery'] as const).map((task) => functions.task(task).role);
    letDescribeExecutions(this, 'DescribeExecutions', [this.stateMachine, this.recoveryStateMachine], asking);
    letListExecutions(this, 'ListReplacements', this.replaceNodeStateMachine, functions.task('acquire-lock').role);
    this.scheduled = {
      stateMachine: this.stateMachine,
      groupName,
      defaultTargetVersion: resolved.defaultTargetVersion,
      encryptionKey,
      notificationTopic,
    };
  }

  /**
   * Defines a schedule that starts an upgrade, for example in each maintenance window.
   *
   * @param id the schedule's id among those of this construct
   * @param options when, and what to upgrade to
   */
  public schedule(id: string, options: UpgradeScheduleOptions): scheduler.Schedule {
    return upgradeSchedule(this, id, this.scheduled, options);
  }

  /**
   * Goes off when a schedule could not start an upgrade. Publishes to the notification topic, if there is one. Undefined while no schedule has its
   * failed starts in the construct's own queue.
   */
  public get scheduleDeadLetterAlarm(): cloudwatch.Alarm | undefined {
    return scheduleAlarm(this);
  }

  /** Lets the grantee start an upgrade. */
  public grantStartExecution(grantee: iam.IGrantable): iam.Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /**
   * Lets the grantee answer a run that holds, and approve or reject what a run asks about: with the task token that was sent to the topic. AWS offers no resource-level permissions for
   * this: who has a token can answer, whichever state machine it is of.
   */
  public grantAnswer(grantee: iam.IGrantable): iam.Grant {
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
    return iam.Grant.addToPrincipal({ grantee, actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'], resourceArns: ['*'] });
  }

  /** Lets the grantee redrive a run that failed, was aborted or timed out: it begins anew with its request, and continues the upgrade. */
  public grantRedriveExecution(grantee: iam.IGrantable): iam.Grant {
    return this.stateMachine.grantExecution(grantee, 'states:RedriveExecution');
  }

  /** Lets the grantee read executions: of the workflow, of each node's replacement, of tidying backups, and of the recovery. */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    const tidying = this.tidyBackupsStateMachine ? [this.tidyBackupsStateMachine] : [];
    const others = [this.replaceNodeStateMachine, ...tidying, this.recoveryStateMachine];
    return others.reduce((all, machine) => all.combine(machine.grantRead(grantee)), this.stateMachine.grantRead(grantee));
  }

  /**
   * Upgrades (and dry runs) that succeeded.
   *
   * @default - sum over 5 minutes
   */
  public metricSucceeded(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stateMachine.metricSucceeded(options);
  }

  /**
   * Upgrades that failed, were rolled back or refused, or stopped with nodes of both versions.
   *
   * @default - sum over 5 minutes
   */
  public metricFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stateMachine.metricFailed(options);
  }

  /**
   * Upgrades that timed out: the recovery puts back what it can; start the same request again to continue.
   *
   * @default - sum over 5 minutes
   */
  public metricTimedOut(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stateMachine.metricTimedOut(options);
  }

  /**
   * Upgrades that somebody aborted: the recovery puts back what it can; start the same request again to continue.
   *
   * @default - sum over 5 minutes
   */
  public metricAborted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stateMachine.metricAborted(options);
  }

  /**
   * How long upgrades took, in milliseconds.
   *
   * @default - average over 5 minutes
   */
  public metricTime(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stateMachine.metricTime(options);
  }

  private securityGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'Tasks of the Bitbucket rolling upgrade that ask the nodes and AWS',
    });
  }

  private table({ encryptionKey }: BitbucketRollingUpgradeProps): dynamodb.Table {
    const table = new dynamodb.Table(this, 'LockTable', {
      partitionKey: { name: 'cluster', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: encryptionKey ? dynamodb.TableEncryption.CUSTOMER_MANAGED : dynamodb.TableEncryption.DEFAULT,
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const reason = 'it holds a lock and a record for the time of a run; there is nothing to recover';
    Validations.of(table).acknowledge({ id: 'AwsSolutions-DDB3', reason });
    return table;
  }
}
