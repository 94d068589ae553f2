import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '../ports/lock';
import { awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SFNClient | undefined;

/** Executions of state machines. */
export const executions = (): Executions => ({
  isRunning: async (executionArn) => {
    const answer = await awsUnless(`DescribeExecution of ${executionArn}`, ['ExecutionDoesNotExist', 'InvalidArn'], () =>
      (client ??= new SFNClient(CLIENT_SETTINGS)).send(new DescribeExecutionCommand({ executionArn })),
    );
    // PENDING_REDRIVE: it is about to run again.
    return answer?.status === 'RUNNING' || answer?.status === 'PENDING_REDRIVE';
  },
});
