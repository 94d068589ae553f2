import type { Duration } from 'aws-cdk-lib';
import type * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Approvals } from './approvals';
import type { Backup } from './backup';
import type { CapacityStrategy } from './capacity-strategy';
import type { Database } from './database';
import type { FailurePolicy } from './failure-policy';
import type { NodeImages } from './node-images';
import type { NodeProtocol } from './node-protocol';
import type { OtherHome } from './other-home';
import type { SharedHome } from './shared-home';

/** Properties of `BitbucketRollingUpgrade`. */
export interface BitbucketRollingUpgradeProps {
  /** The group whose instances are the nodes of the cluster. It needs at least two nodes. */
  readonly autoScalingGroup: autoscaling.IAutoScalingGroup;

  /**
   * The launch template of the group. A run adds a version with the target's image to it, made from the version in use.
   *
   * It must be known by its id: that is what policies can name.
   */
  readonly launchTemplate: ec2.ILaunchTemplate;

  /** The role of the nodes' instance profile. Updating a group's launch template needs the right to pass it on. */
  readonly nodeRole: iam.IRole;

  /**
   * Every target group of the nodes: HTTP(S) and SSH.
   *
   * **Note:** a node counts as drained, and as good, by these groups only: leave none out.
   */
  readonly targetGroups: elbv2.ITargetGroup[];

  /** URL of the cluster as clients use it, with its context path if that is not given apart: `https://bitbucket.example.com/git`. */
  readonly baseUrl: string;

  /**
   * Path that Bitbucket is served under, for example `/git`.
   *
   * @default - the path of `baseUrl`
   */
  readonly contextPath?: string;

  /**
   * User name and password of a Bitbucket system administrator, under the keys `username` and `password`.
   *
   * They are sent with Basic authentication, to the base URL and to each node directly.
   */
  readonly adminCredentials: secretsmanager.ISecret;

  /**
   * PEM of the private certificate authority that signed the certificates of the base URL or of the nodes.
   *
   * @default - the certificate authorities that Node.js trusts
   */
  readonly caCertificate?: secretsmanager.ISecret;

  /** The VPC from which the tasks reach the nodes. It needs a way to the AWS APIs: NAT, or interface endpoints. */
  readonly vpc: ec2.IVpc;

  /**
   * Where in the VPC the tasks run.
   *
   * @default - the private subnets with a way out
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the tasks.
   *
   * @default - one new group that allows all outbound traffic; let it reach the nodes with `connections`
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Port on which each node answers directly.
   *
   * @default 7990
   */
  readonly nodePort?: number;

  /**
   * Protocol in which each node is asked directly.
   *
   * @default NodeProtocol.HTTP
   */
  readonly nodeProtocol?: NodeProtocol;

  /** How a version of Bitbucket becomes the image of its nodes. */
  readonly nodeImages: NodeImages;

  /** The database: a part of the backup. */
  readonly database: Database;

  /** The shared home: a part of the backup. */
  readonly sharedHome: SharedHome;

  /**
   * Homes of Bitbucket Mesh nodes and of mirrors: further parts of the same backup.
   *
   * @default - none
   */
  readonly otherHomes?: OtherHome[];

  /**
   * How the backup is made that is complete and verified before the first node is touched.
   *
   * @default Backup.snapshots()
   */
  readonly backup?: Backup;

  /**
   * Whether an extra node serves while others are replaced.
   *
   * @default CapacityStrategy.surge()
   */
  readonly capacity?: CapacityStrategy;

  /**
   * What follows a failure that fresh instances did not mend.
   *
   * `FailurePolicy.hold()` and `FailurePolicy.goForward()` need a `notificationTopic`: the operator is asked there.
   *
   * @default FailurePolicy.rollBack()
   */
  readonly failurePolicy?: FailurePolicy;

  /**
   * Where a run stops and asks a person whether it may go on: after the plan, after the first node, before it finalizes.
   *
   * They need a `notificationTopic`: the question is asked there.
   *
   * @default - nobody is asked
   */
  readonly approvals?: Approvals;

  /**
   * How many replacements of a run may fail before the failure policy decides: each is followed by a fresh instance until then.
   *
   * Between 0 and 10.
   *
   * @default 2
   */
  readonly replacementBudget?: number;

  /**
   * How long the first new node of a run is watched before the node that it replaces is given up.
   *
   * Up to 24 hours.
   *
   * @default - not at all
   */
  readonly bakeTimeFirst?: Duration;

  /**
   * How long each further new node is watched before the node that it replaces is given up.
   *
   * Up to 24 hours.
   *
   * @default - not at all
   */
  readonly bakeTimeEach?: Duration;

  /**
   * Alarms, in the account and region of the group, that are looked at while a new node is watched: one in ALARM fails that node.
   *
   * @default - none; a node fails only when it is not good any more
   */
  readonly bakeAlarms?: cloudwatch.IAlarm[];

  /**
   * How long a new node may take from its launch until it is good: booted, joined, on the target version, healthy in every target group.
   *
   * Between 5 minutes and 6 hours.
   *
   * @default Duration.minutes(45)
   */
  readonly bootTimeout?: Duration;

  /**
   * How long connections to an old node may go on once it takes no new ones. What is left then is cut.
   *
   * Between 1 minute and 24 hours.
   *
   * @default Duration.minutes(60)
   */
  readonly drainLimit?: Duration;

  /**
   * How long a part of the backup may take, from its begin until it is complete.
   *
   * Between 5 minutes and 48 hours.
   *
   * @default Duration.hours(6)
   */
  readonly backupTimeout?: Duration;

  /**
   * How long finalizing may take, from the approval until the cluster is stable on the target version.
   *
   * Between 5 minutes and 24 hours.
   *
   * @default Duration.hours(1)
   */
  readonly finalizeTimeout?: Duration;

  /**
   * Shortest wait between two looks at something that is awaited.
   *
   * Between 1 second and `maxPollInterval`.
   *
   * @default Duration.seconds(3)
   */
  readonly minPollInterval?: Duration;

  /**
   * Longest wait between two looks at something that is awaited, but for backups: they are looked at seldom, up to 5 minutes apart.
   *
   * Between `minPollInterval` and 10 minutes.
   *
   * @default - 60 seconds, or longer where long time limits need it, so that the history of an execution cannot overflow
   */
  readonly maxPollInterval?: Duration;

  /**
   * Versions that are never upgraded to, for example `['9.4.21']`.
   *
   * @default - none
   */
  readonly deniedVersions?: string[];

  /**
   * The version to upgrade to when the request names none, for example `9.4.23` or `TargetVersion.LATEST_BUGFIX`.
   *
   * @default - a request must name its target version
   */
  readonly defaultTargetVersion?: string;

  /**
   * Change calendars of Systems Manager, by name or, when shared by another account, by ARN: an upgrade begins only while all of them are open.
   *
   * A token counts as a name.
   *
   * @default - none
   */
  readonly changeCalendars?: string[];

  /**
   * Alarms, in the account and region of the group, none of which may be in ALARM when an upgrade begins.
   *
   * @default - none
   */
  readonly startAlarms?: cloudwatch.IAlarm[];

  /**
   * The most CPU, in percent, that each node may have come to with one node fewer, in the busiest minutes of `loadLookback`.
   *
   * Between 1 and 100. It counts only without an extra node: with `CapacityStrategy.withinCapacity()`.
   *
   * @default 80
   */
  readonly maxCpuPercent?: number;

  /**
   * How far back the load of the nodes is looked at, without an extra node.
   *
   * Between 1 hour and 14 days.
   *
   * @default Duration.hours(24)
   */
  readonly loadLookback?: Duration;

  /**
   * Topic that is told when a run begins, of each replaced node, of a roll back and how the run ended, and is asked when a run holds for an operator, or
   * for an approval.
   *
   * People (e-mail, SMS) get a text; queues, functions and web hooks get JSON: its schema is in the README, under Notifications. The message attributes
   * `event` and `cluster` are for filter policies.
   *
   * @default - nobody is told; the execution's output holds the report
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * How long logs of the tasks and of the state machines are kept.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Key that encrypts the log groups, the state machines' data, the lock table and the dead-letter queues.
   *
   * **Note:** the policy of a key that was created elsewhere and imported cannot be changed from here: it must let
   * CloudWatch Logs, Step Functions and EventBridge use the key.
   *
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: kms.IKey;
}
