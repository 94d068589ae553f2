import type { App, Environment, StackProps } from 'aws-cdk-lib';
import { CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { ChecksSpec, Limits, NodeImagesSpec } from '../../lib/contract/environment';
import type { BitbucketRollingUpgradeProps } from '../../lib';
import { BitbucketRollingUpgrade, CapacityStrategy, FailurePolicy, NodeImages, NodeProtocol } from '../../lib';
import { approvalProps } from './approvals';
import { importCluster } from './cluster';
import type { FailureSettings, ScheduleSettings, Settings } from './settings';

/** Properties of {@link RollingUpgradeStack}. */
export interface RollingUpgradeStackProps extends StackProps {
  readonly settings: Settings;
}

/** The deployable app's one stack: the workflow for an existing cluster, and a topic that is told. Nothing is looked up. */
export class RollingUpgradeStack extends Stack {
  /** The construct, for those who want more of it. */
  public readonly upgrade: BitbucketRollingUpgrade;

  public constructor(scope: Construct, id: string, { settings, ...props }: RollingUpgradeStackProps) {
    super(scope, id, { description: 'Rolling upgrades of a Bitbucket Data Center cluster without downtime', ...props });
    const topic = this.topic(settings);
    this.upgrade = new BitbucketRollingUpgrade(this, 'Upgrade', {
      ...importCluster(this, settings),
      ...limitProps(settings.limits),
      ...failureProps(this, settings.failures),
      ...checkProps(this, settings.checks),
      ...approvalProps(settings.approvals),
      nodePort: settings.nodePort,
      nodeProtocol: settings.nodeProtocol === 'https' ? NodeProtocol.HTTPS : NodeProtocol.HTTP,
      nodeImages: nodeImages(settings.images),
      capacity: settings.capacity === 'within-capacity' ? CapacityStrategy.withinCapacity() : CapacityStrategy.surge(),
      deniedVersions: [...settings.deniedVersions],
      defaultTargetVersion: settings.defaultTargetVersion,
      notificationTopic: topic,
    });
    if (settings.schedule) this.schedule(settings.schedule);
    new CfnOutput(this, 'StateMachineArn', { value: this.upgrade.stateMachine.stateMachineArn, description: 'Start executions of this' });
    new CfnOutput(this, 'TopicArn', { value: topic.topicArn, description: 'Subscribe to this to be told' });
  }

  private topic({ topicArn, notificationEmail }: Settings): sns.ITopic {
    if (topicArn !== undefined) return sns.Topic.fromTopicArn(this, 'Topic', topicArn);
    const topic = new sns.Topic(this, 'Topic', { enforceSSL: true, displayName: 'Bitbucket rolling upgrades' });
    if (notificationEmail !== undefined) topic.addSubscription(new subscriptions.EmailSubscription(notificationEmail));
    return topic;
  }

  private schedule(settings: ScheduleSettings): void {
    const { expression, timeZone, targetVersion, maintenanceWindow, flexible, retryAttempts, maximumAge } = settings;
    this.upgrade.schedule('Schedule', {
      schedule: scheduler.ScheduleExpression.expression(expression, TimeZone.of(timeZone ?? 'Etc/UTC')),
      request: { targetVersion },
      maintenanceWindow: minutes(maintenanceWindow),
      flexibleWindow: flexible === undefined ? undefined : scheduler.TimeWindow.flexible(Duration.minutes(flexible)),
      retryAttempts,
      maximumEventAge: minutes(maximumAge),
    });
  }
}

/**
 * Defines the app's stack.
 *
 * @returns the stack
 */
export function defineApp(app: App, settings: Settings): RollingUpgradeStack {
  const env: Environment = { account: settings.account, region: settings.region };
  return new RollingUpgradeStack(app, settings.stackName, { env, settings });
}

function nodeImages(images: NodeImagesSpec): NodeImages {
  switch (images.kind) {
    case 'tag':
      return NodeImages.byTag({ tagKey: images.tagKey, owners: [...images.owners] });
    case 'parameter':
      return NodeImages.byParameter(images.prefix);
    case 'map':
      return NodeImages.fromMap(images.images);
  }
}

function limitProps(limits: Partial<Limits>): Pick<BitbucketRollingUpgradeProps, keyof Limits> {
  return {
    bootTimeout: duration(limits.bootTimeout),
    drainLimit: duration(limits.drainLimit),
    backupTimeout: duration(limits.backupTimeout),
    finalizeTimeout: duration(limits.finalizeTimeout),
    minPollInterval: duration(limits.minPollInterval),
    maxPollInterval: duration(limits.maxPollInterval),
  };
}

function failureProps(scope: Construct, { policy, holdLimit, replacementBudget, bake = {} }: FailureSettings = {}) {
  return {
    failurePolicy: failurePolicy(policy, duration(holdLimit)),
    replacementBudget,
    bakeTimeFirst: duration(bake.first),
    bakeTimeEach: duration(bake.each),
    bakeAlarms: bake.alarms?.map((name, index) => Alarm.fromAlarmName(scope, `BakeAlarm${index + 1}`, name)),
  };
}

function checkProps(scope: Construct, { changeCalendars = [], alarms = [], maxCpu, loadHours }: Partial<ChecksSpec> = {}) {
  return {
    changeCalendars: [...changeCalendars],
    startAlarms: alarms.map((name, index) => Alarm.fromAlarmName(scope, `StartAlarm${index + 1}`, name)),
    maxCpuPercent: maxCpu,
    loadLookback: loadHours === undefined ? undefined : Duration.hours(loadHours),
  };
}

function failurePolicy(policy: FailureSettings['policy'], limit: Duration | undefined): FailurePolicy {
  switch (policy) {
    case 'hold':
      return FailurePolicy.hold({ limit });
    case 'go-forward':
      return FailurePolicy.goForward({ limit });
    default:
      return FailurePolicy.rollBack({ limit });
  }
}

function duration(seconds: number | undefined): Duration | undefined {
  return seconds === undefined ? undefined : Duration.seconds(seconds);
}

function minutes(value: number | undefined): Duration | undefined {
  return value === undefined ? undefined : Duration.minutes(value);
}
