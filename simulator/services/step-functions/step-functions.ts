import type {
  DescribeExecutionCommandInput,
  ListExecutionsCommandInput,
  RedriveExecutionCommandInput,
  SendTaskFailureCommandInput,
  SendTaskHeartbeatCommandInput,
  SendTaskSuccessCommandInput,
  StartExecutionCommandInput,
  StopExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import type { AwsService, Clock } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import type { Execution } from '../../states/execution';
import { notRedrivable } from '../../states/redrive';
import type { StateMachines } from '../../states/state-machines';

const PAGE = 100;

/** The API of Step Functions over the executions that run. https://docs.aws.amazon.com/step-functions/latest/apireference/ */
export class StepFunctionsApi implements AwsService {
  readonly client = 'client-sfn';

  constructor(
    private readonly machines: StateMachines,
    private readonly clock: Clock,
  ) {}

  readonly operations = {
    DescribeExecution: {
      mutates: false,
      authorize: ({ executionArn = '' }: DescribeExecutionCommandInput) => [
        { action: 'states:DescribeExecution', resources: [executionArn] },
      ],
      call: ({ executionArn = '' }: DescribeExecutionCommandInput) => {
        const execution = this.find(executionArn);
        const { input, output, error, cause } = execution;
        const details = { inputDetails: { included: true }, outputDetails: { included: true } };
        return { ...summary(execution), ...this.redriveStatus(execution), input, output, error, cause, ...details };
      },
    },
    ListExecutions: {
      mutates: false,
      authorize: ({ stateMachineArn = '' }: ListExecutionsCommandInput) => [
        { action: 'states:ListExecutions', resources: [stateMachineArn] },
      ],
      call: ({ stateMachineArn = '', statusFilter, maxResults, nextToken }: ListExecutionsCommandInput) => {
        if (!this.machines.hasMachine(stateMachineArn))
          throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
        const newestFirst = this.machines.executions
          .filter(({ machine, status }) => machine.arn === stateMachineArn && (statusFilter === undefined || status === statusFilter))
          .reverse();
        const start = Number(nextToken ?? 0);
        const end = start + (maxResults === undefined || maxResults === 0 ? PAGE : maxResults);
        return { executions: newestFirst.slice(start, end).map(summary), ...(end < newestFirst.length ? { nextToken: String(end) } : {}) };
      },
    },
    StartExecution: {
      mutates: true,
      authorize: ({ stateMachineArn = '' }: StartExecutionCommandInput) => [
        { action: 'states:StartExecution', resources: [stateMachineArn] },
      ],
      call: ({ stateMachineArn = '', input = '{}', name }: StartExecutionCommandInput) => {
        const execution = this.machines.start(stateMachineArn, input, name);
        return { executionArn: execution.arn, startDate: new Date(execution.startedAt) };
      },
    },
    StopExecution: {
      mutates: true,
      authorize: ({ executionArn = '' }: StopExecutionCommandInput) => [{ action: 'states:StopExecution', resources: [executionArn] }],
      call: ({ executionArn = '', error, cause }: StopExecutionCommandInput) => {
        const execution = this.find(executionArn);
        execution.stop(error, cause);
        return { stopDate: new Date(execution.endedAt ?? this.clock.now()) };
      },
    },
    RedriveExecution: {
      mutates: true,
      authorize: ({ executionArn = '' }: RedriveExecutionCommandInput) => [
        { action: 'states:RedriveExecution', resources: [executionArn] },
      ],
      call: ({ executionArn = '', clientToken }: RedriveExecutionCommandInput) => ({
        redriveDate: new Date(this.machines.redrive(executionArn, clientToken)),
      }),
    },
    // Answers to a token change nothing but how their execution goes on. They have no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
    SendTaskSuccess: {
      mutates: false,
      authorize: () => [{ action: 'states:SendTaskSuccess', resources: ['*'] }],
      call: ({ taskToken = '', output = '' }: SendTaskSuccessCommandInput) => {
        this.machines.callbacks.succeed(taskToken, output);
        return {};
      },
    },
    SendTaskFailure: {
      mutates: false,
      authorize: () => [{ action: 'states:SendTaskFailure', resources: ['*'] }],
      call: ({ taskToken = '', error, cause }: SendTaskFailureCommandInput) => {
        this.machines.callbacks.fail(taskToken, error, cause);
        return {};
      },
    },
    SendTaskHeartbeat: {
      mutates: false,
      authorize: () => [{ action: 'states:SendTaskHeartbeat', resources: ['*'] }],
      call: ({ taskToken = '' }: SendTaskHeartbeatCommandInput) => {
        this.machines.callbacks.heartbeat(taskToken);
        return {};
      },
    },
  };

  private redriveStatus(execution: Execution): Record<string, unknown> {
    const redriveStatusReason = notRedrivable(execution, this.clock.now());
    return redriveStatusReason === undefined ? { redriveStatus: 'REDRIVABLE' } : { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
  }

  private find(executionArn: string): Execution {
    const execution = this.machines.find(executionArn);
    if (execution === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return execution;
  }
}

function summary({ arn, machine, name, status, startedAt, endedAt, redriveCount, redrivenAt }: Execution): Record<string, unknown> {
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate: new Date(startedAt),
    ...(endedAt === undefined ? {} : { stopDate: new Date(endedAt) }),
    redriveCount,
    ...(redrivenAt === undefined ? {} : { redriveDate: new Date(redrivenAt) }),
  };
}
