import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '../ports/lock';
import { aws, awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SFNClient | undefined;
const connect = (): SFNClient => (client ??= new SFNClient(CLIENT_SETTINGS));

/** Executions of state machines. */
export const executions = (): Executions => ({
  isRunning: async (executionArn) => {
    const answer = await awsUnless(`DescribeExecution of ${executionArn}`, ['ExecutionDoesNotExist', 'InvalidArn'], () =>
      connect().send(new DescribeExecutionCommand({ executionArn })),
    );
    // PENDING_REDRIVE: it is about to run again.
    return answer?.status === 'RUNNING' || answer?.status === 'PENDING_REDRIVE';
  },
  running: async (stateMachineArn) => {
    const { executions: found = [] } = await aws(`ListExecutions of ${stateMachineArn}`, () =>
      connect().send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' })),
    );
    return found.flatMap(({ executionArn }) => executionArn ?? []);
  },
});
