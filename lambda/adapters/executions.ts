import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { ExecutionLook } from '../core/leftovers';
import type { Executions } from '../ports/lock';
import { aws, awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SFNClient | undefined;
const connect = (): SFNClient => (client ??= new SFNClient(CLIENT_SETTINGS));

async function look(executionArn: string): Promise<ExecutionLook> {
  // History is kept for 90 days.
  const found = await awsUnless(`DescribeExecution of ${executionArn}`, ['ExecutionDoesNotExist', 'InvalidArn'], () =>
    connect().send(new DescribeExecutionCommand({ executionArn })),
  );
  // PENDING_REDRIVE: it is about to run again.
  return { isRunning: found?.status === 'RUNNING' || found?.status === 'PENDING_REDRIVE', startedAt: found?.startDate?.toISOString() };
}

/** Executions of state machines. */
export const executions = (): Executions => ({
  isRunning: async (executionArn) => (await look(executionArn)).isRunning,
  look,
  running: async (stateMachineArn) => {
    const { executions: found = [] } = await aws(`ListExecutions of ${stateMachineArn}`, () =>
      connect().send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' })),
    );
    return found.flatMap(({ executionArn }) => executionArn ?? []);
  },
});
