import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { BackupTaskName, TaskName } from '../contract/tasks';
import { acknowledgeWildcards } from '../private/acknowledge';
import { bundleOf } from '../private/bundle';
import type { Permission } from './permission';

/** Where a function runs in the VPC. */
export interface Placement {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly securityGroups: ec2.ISecurityGroup[];
}

/** Properties of {@link TaskFunction}. */
export interface TaskFunctionProps {
  readonly task: TaskName | BackupTaskName;
  readonly environment: Record<string, string>;
  readonly permissions: readonly Permission[];
  readonly logRetention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
  /** Undefined for a task that asks only AWS. */
  readonly placement?: Placement;
}

/** How long one call of a task may take. The longest asks each of 100 nodes, many at a time, each within seconds. */
export const TASK_TIMEOUT = Duration.seconds(60);

/**
 * Memory of a task in MB. CPU grows with it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html), but a task mostly waits
 * for answers: 128 would double the time that a cold start needs, more would be paid for while nothing is computed.
 */
const MEMORY = 256;

/** One Lambda task: function, role and log group, each for itself. */
export class TaskFunction extends Construct {
  /** The function that the state machine calls. */
  public readonly function: lambda.Function;

  /** What the function runs as: nothing but what its task calls. */
  public readonly role: iam.Role;

  public constructor(scope: Construct, id: string, props: TaskFunctionProps) {
    super(scope, id);
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.RETAIN, // what was done to the cluster must be readable after the stack is gone
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs the task ${props.task} of a Bitbucket rolling upgrade`,
    });
    this.allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn], reason: LOG_STREAMS });
    if (props.placement) this.allow(networkInterfaces());
    for (const permission of props.permissions) this.allow(permission);
    this.function = new lambda.Function(this, 'Function', {
      description: `Task ${props.task} of a Bitbucket rolling upgrade`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64, // the bundles hold no native code
      code: lambda.Code.fromAsset(bundleOf(props.task)),
      handler: 'index.handler',
      role: this.role,
      timeout: TASK_TIMEOUT,
      memorySize: MEMORY,
      environment: props.environment,
      loggingFormat: lambda.LoggingFormat.JSON,
      logGroup,
      tracing: lambda.Tracing.ACTIVE,
      ...props.placement,
    });
    acknowledgeWildcards(this.role, ['*'], 'X-Ray offers no resource-level permissions to send traces');
  }

  /** Adds a statement to the function's policy. */
  public allow({ actions, resources, conditions, reason }: Permission): void {
    this.role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: [...actions], resources: [...resources], conditions: conditions && { ...conditions } }),
    );
    if (reason !== undefined) acknowledgeWildcards(this.role, resources, reason);
  }
}

const LOG_STREAMS = "Lambda names the log streams of the function's own log group";

/** What Lambda needs to place a function in a VPC: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkInterfaces(): Permission {
  const actions = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'];
  const addresses = ['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'];
  return {
    actions: [...actions, ...addresses].map((action) => `ec2:${action}`),
    resources: ['*'],
    reason: 'the interfaces are made by Lambda, in the way AWSLambdaVPCAccessExecutionRole allows it; their ids are not known before',
  };
}
