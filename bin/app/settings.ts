import type { BakeSpec, ChecksSpec, Limits, NodeImagesSpec } from '../../lib/contract/environment';
import type { ApprovalSettings } from './approvals';
import { readApprovals } from './approvals';
import type { BackupSettings } from './backup-settings';
import { readBackupSettings } from './backup-settings';
import { FORMS } from './forms';
import { Reader } from './reader';

/** What the deployable app is made from: the existing cluster, by the names that AWS gives, and the options of the construct. */
export interface Settings {
  readonly stackName: string;
  /** Account and region of the cluster; those of the AWS CLI's profile when they are not given. */
  readonly account?: string;
  readonly region?: string;
  readonly groupName: string;
  readonly launchTemplateId: string;
  readonly nodeRoleArn: string;
  readonly targetGroupArns: readonly string[];
  readonly baseUrl: string;
  readonly contextPath?: string;
  readonly credentialsSecretArn: string;
  readonly caCertificateSecretArn?: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** A new security group is made when there is none. */
  readonly securityGroupIds: readonly string[];
  readonly nodePort?: number;
  readonly nodeProtocol?: 'http' | 'https';
  readonly images: NodeImagesSpec;
  readonly backup: BackupSettings;
  readonly capacity?: 'surge' | 'within-capacity';
  /** In whole seconds; the construct's defaults for those that are left out. */
  readonly limits: Partial<Limits>;
  readonly failures?: FailureSettings;
  readonly checks?: Partial<ChecksSpec>;
  readonly approvals?: ApprovalSettings;
  readonly deniedVersions: readonly string[];
  readonly defaultTargetVersion?: string;
  /** An existing topic; a new one is made when it is not given. */
  readonly topicArn?: string;
  /** Subscribed to the new topic. */
  readonly notificationEmail?: string;
  readonly schedule?: ScheduleSettings;
}

/** How failures are noticed and answered; the construct's defaults for what is left out. */
export interface FailureSettings {
  readonly policy?: 'roll-back' | 'hold' | 'go-forward';
  /** In whole seconds. */
  readonly holdLimit?: number;
  readonly replacementBudget?: number;
  readonly bake?: Partial<BakeSpec>;
}

/** A schedule that starts upgrades. */
export interface ScheduleSettings {
  /** `cron(0 2 ? * SUN *)`, `rate(7 days)` or `at(2026-12-06T02:00:00)`. */
  readonly expression: string;
  /** IANA name; UTC when it is not given. */
  readonly timeZone?: string;
  /** The default target version when it is not given. */
  readonly targetVersion?: string;
  /** In whole minutes, from the scheduled time on. */
  readonly maintenanceWindow?: number;
  /** A window after the scheduled time in which a run may start, in whole minutes. */
  readonly flexible?: number;
  /** How many times a start that failed is tried again. */
  readonly retryAttempts?: number;
  /** In whole minutes: later than that a start is given up. */
  readonly maximumAge?: number;
}

/**
 * Reads the settings of the deployable app.
 *
 * @param get the value of a key: `(key) => app.node.tryGetContext(key)`
 * @throws one error that lists every setting that is missing or malformed, each with an example
 */
export function readSettings(get: (key: string) => unknown): Settings {
  const reader = new Reader(get);
  const settings: Settings = {
    stackName: reader.optional('stackName', FORMS.stackName, 'BitbucketRollingUpgrade') ?? 'BitbucketRollingUpgrade',
    account: reader.optional('account', FORMS.account, '111122223333'),
    region: reader.optional('region', FORMS.region, 'eu-central-1'),
    ...cluster(reader),
    ...network(reader),
    images: images(reader),
    backup: readBackupSettings(reader),
    capacity: reader.choice('capacity', ['surge', 'within-capacity']),
    limits: limits(reader),
    failures: failures(reader),
    checks: checks(reader),
    approvals: readApprovals(reader),
    deniedVersions: reader.optionalList('deniedVersions', FORMS.version, '9.4.21'),
    defaultTargetVersion: reader.optional('defaultTargetVersion', FORMS.target, '9.4.23'),
    topicArn: reader.optional('topicArn', FORMS.topic, 'arn:aws:sns:eu-central-1:111122223333:bitbucket-upgrades'),
    notificationEmail: reader.optional('notificationEmail', FORMS.email, 'bitbucket-admins@example.com'),
    schedule: schedule(reader),
  };
  if (settings.schedule && (settings.schedule.targetVersion ?? settings.defaultTargetVersion) === undefined) {
    reader.missing('scheduleTargetVersion', '9.4.23');
  }
  if (settings.topicArn !== undefined && settings.notificationEmail !== undefined) {
    reader.problem('notificationEmail', 'is for a new topic; with topicArn, subscribe to that one');
  }
  reader.throwIfAny();
  return settings;
}

function cluster(reader: Reader) {
  const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:bitbucket-admin-a1b2c3';
  const group = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/bitbucket-http/0123456789abcdef';
  return {
    groupName: reader.required('groupName', FORMS.name, 'bitbucket-nodes'),
    launchTemplateId: reader.required('launchTemplateId', FORMS.launchTemplate, 'lt-0123456789abcdef0'),
    nodeRoleArn: reader.required('nodeRoleArn', FORMS.role, 'arn:aws:iam::111122223333:role/bitbucket-node'),
    targetGroupArns: reader.list('targetGroupArns', FORMS.targetGroup, `${group},${group.replace('http', 'ssh')}`),
    baseUrl: reader.required('baseUrl', FORMS.url, 'https://bitbucket.example.com'),
    contextPath: reader.optional('contextPath', FORMS.path, '/git'),
    credentialsSecretArn: reader.required('credentialsSecretArn', FORMS.secret, secret),
    caCertificateSecretArn: reader.optional('caCertificateSecretArn', FORMS.secret, secret.replace('admin', 'ca')),
    nodePort: reader.number('nodePort', '7990'),
    nodeProtocol: reader.choice('nodeProtocol', ['http', 'https']),
  };
}

function network(reader: Reader) {
  return {
    vpcId: reader.required('vpcId', FORMS.vpc, 'vpc-0123456789abcdef0'),
    subnetIds: reader.list('subnetIds', FORMS.subnet, 'subnet-0123456789abcdef0,subnet-0123456789abcdef1'),
    securityGroupIds: reader.optionalList('securityGroupIds', FORMS.securityGroup, 'sg-0123456789abcdef0'),
  };
}

/** One of three ways; by tag unless another one is given. */
function images(reader: Reader): NodeImagesSpec {
  const prefix = reader.optional('imageParameterPrefix', FORMS.parameterPrefix, '/bitbucket/ami');
  const map = reader.map('imageMap', FORMS.version, FORMS.image, '{"9.4.23":"ami-0123456789abcdef0"}');
  const tagKey = reader.optional('imageTagKey', FORMS.name, 'BitbucketVersion');
  const owners = reader.optionalList('imageOwners', FORMS.owner, 'self');
  const byTag = tagKey !== undefined || owners.length > 0;
  if (Number(prefix !== undefined) + Number(map !== undefined) + Number(byTag) > 1) {
    reader.problem(
      'imageParameterPrefix',
      'is one way to find images, imageMap another, imageTagKey with imageOwners a third: give one of them',
    );
  }
  if (prefix !== undefined) return { kind: 'parameter', prefix };
  if (map !== undefined) return { kind: 'map', images: map };
  return { kind: 'tag', tagKey: tagKey ?? 'BitbucketVersion', owners: owners.length > 0 ? owners : ['self'] };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A time in whole units, as seconds. */
function seconds(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value * unit;
}

function limits(reader: Reader): Partial<Limits> {
  return {
    bootTimeout: seconds(reader.number('bootTimeoutMinutes', '45'), MINUTE),
    drainLimit: seconds(reader.number('drainLimitMinutes', '60'), MINUTE),
    backupTimeout: seconds(reader.number('backupTimeoutMinutes', '360'), MINUTE),
    finalizeTimeout: seconds(reader.number('finalizeTimeoutMinutes', '60'), MINUTE),
    minPollInterval: reader.number('minPollSeconds', '3'),
    maxPollInterval: reader.number('maxPollSeconds', '60'),
  };
}

function failures(reader: Reader): FailureSettings {
  return {
    policy: reader.choice('failurePolicy', ['roll-back', 'hold', 'go-forward']),
    holdLimit: seconds(reader.number('holdLimitHours', '24'), HOUR),
    replacementBudget: reader.number('replacementBudget', '2', 0),
    bake: {
      first: seconds(reader.number('bakeFirstMinutes', '30', 0), MINUTE),
      each: seconds(reader.number('bakeEachMinutes', '5', 0), MINUTE),
      alarms: reader.optionalList('bakeAlarmNames', FORMS.alarm, 'bitbucket-errors,bitbucket-latency'),
    },
  };
}

function checks(reader: Reader): Partial<ChecksSpec> {
  return {
    changeCalendars: reader.optionalList('changeCalendars', FORMS.calendar, 'release-freeze'),
    alarms: reader.optionalList('startAlarmNames', FORMS.alarm, 'bitbucket-errors,bitbucket-latency'),
    maxCpu: reader.number('maxCpuPercent', '80'),
    loadHours: reader.number('loadLookbackHours', '24'),
  };
}

function schedule(reader: Reader): ScheduleSettings | undefined {
  const expression = reader.optional('scheduleExpression', FORMS.expression, 'cron(0 2 ? * SUN *)');
  const timeZone = reader.optional('scheduleTimeZone', FORMS.name, 'Europe/Berlin');
  const targetVersion = reader.optional('scheduleTargetVersion', FORMS.target, '9.4.23');
  const more = {
    timeZone,
    targetVersion,
    maintenanceWindow: reader.number('scheduleWindowMinutes', '180'),
    flexible: reader.number('scheduleFlexibleMinutes', '15'),
    retryAttempts: reader.number('scheduleRetryAttempts', '20', 0),
    maximumAge: reader.number('scheduleMaximumAgeMinutes', '60'),
  };
  if (expression !== undefined) return { expression, ...more };
  if (Object.values(more).some((value) => value !== undefined)) reader.missing('scheduleExpression', 'cron(0 2 ? * SUN *)');
  return undefined;
}
