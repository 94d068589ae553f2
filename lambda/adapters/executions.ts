import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '../ports/lock';
import { aws, awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SFNClient | undefined;
const connect = (): SFNClient => (client ??= new SFNClient(CLIENT_SETTINGS));

/** Undefined when it is not known: history is kept for 90 days. */
const describe = (executionArn: string): Promise<DescribeExecutionCommandOutput | undefined> =>
  awsUnless(`DescribeExecution of ${executionArn}`, ['ExecutionDoesNotExist', 'InvalidArn'], () =>
    connect().send(new DescribeExecutionCommand({ executionArn })),
  );

/** Executions of state machines. */
export const executions = (): Executions => ({
  isRunning: async (executionArn) => {
    const status = (await describe(executionArn))?.status;
    // PENDING_REDRIVE: it is about to run again.
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  },
  startedAt: async (executionArn) => (await describe(executionArn))?.startDate?.toISOString(),
  running: async (stateMachineArn) => {
    const { executions: found = [] } = await aws(`ListExecutions of ${stateMachineArn}`, () =>
      connect().send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' })),
    );
    return found.flatMap(({ executionArn }) => executionArn ?? []);
  },
});
