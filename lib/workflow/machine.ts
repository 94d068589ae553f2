import type { Duration } from 'aws-cdk-lib';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CustomerManagedEncryptionConfiguration, DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { TaskFunctions } from '../functions/task-functions';
import { acknowledgeWildcards } from '../private/acknowledge';
import { Steps } from './steps';

/** Properties of {@link Machine}. */
export interface MachineProps {
  readonly comment: string;
  readonly functions: TaskFunctions;
  /** Makes the states and returns the first. */
  readonly define: (steps: Steps) => IChainable;
  /** A last net only: an execution that times out puts nothing back. */
  readonly timeout: Duration;
  readonly logRetention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
  /** The machines that it starts and awaits. */
  readonly nested?: readonly IStateMachine[];
}

/** A state machine with its log group, all events logged and traced. */
export class Machine extends Construct {
  public readonly stateMachine: StateMachine;

  public constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const steps = new Steps(this, props.functions);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment: props.comment,
      definitionBody: DefinitionBody.fromChainable(props.define(steps)),
      timeout: props.timeout,
      tracingEnabled: true,
      logs: {
        destination: new logs.LogGroup(this, 'Logs', {
          retention: props.logRetention,
          encryptionKey: props.encryptionKey,
          removalPolicy: RemovalPolicy.RETAIN, // what was done to the cluster must be readable after the stack is gone
        }),
        level: LogLevel.ALL,
        includeExecutionData: true, // plans, looks and reports: no secret is ever in them
      },
      encryptionConfiguration: props.encryptionKey && new CustomerManagedEncryptionConfiguration(props.encryptionKey),
    });
    this.acknowledge(
      [...steps.called].map(({ functionArn }) => functionArn),
      props.nested,
    );
  }

  private acknowledge(functionArns: string[], nested: readonly IStateMachine[] = []): void {
    const { role } = this.stateMachine;
    acknowledgeWildcards(role, ['*'], 'delivery of logs and traces offers no resource-level permissions');
    acknowledgeWildcards(
      role,
      functionArns.map((arn) => `${arn}:*`),
      'versions of the one function',
    );
    const executions = nested.map((machine) => executionsOf(machine, '*'));
    acknowledgeWildcards(role, executions, 'each execution of a nested machine has a name of its own');
  }
}

/** ARN of every execution of a machine. */
function executionsOf(machine: IStateMachine, which = ':*'): string {
  const stack = Stack.of(machine);
  const name = stack.splitArn(machine.stateMachineArn, ArnFormat.COLON_RESOURCE_NAME).resourceName ?? '';
  return stack.formatArn({
    service: 'states',
    resource: 'execution',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: `${name}${which}`,
  });
}

/** Lets a role ask which executions of a machine run. */
export function letListExecutions(scope: Construct, id: string, machine: IStateMachine, role: iam.IRole): void {
  const statement = new iam.PolicyStatement({ actions: ['states:ListExecutions'], resources: [machine.stateMachineArn] });
  new iam.Policy(scope, id, { roles: [role], statements: [statement] });
}

/** Lets roles ask how executions of some machines stand, in a policy of its own: in theirs it would be a circle of function, role and machine. */
export function letDescribeExecutions(scope: Construct, id: string, machines: readonly IStateMachine[], roles: iam.IRole[]): void {
  const resources = machines.map((machine) => executionsOf(machine));
  const policy = new iam.Policy(scope, id, {
    roles,
    statements: [new iam.PolicyStatement({ actions: ['states:DescribeExecution'], resources })],
  });
  acknowledgeWildcards(policy, resources, 'each execution of these machines has a name of its own');
}
