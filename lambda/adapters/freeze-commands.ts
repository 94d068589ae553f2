import { GetCommandInvocationCommand, SSMClient, SendCommandCommand } from '@aws-sdk/client-ssm';
import { TaskError } from '../core/errors';
import type { CommandState, FreezeCommands } from '../ports/commands';
import { awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SSMClient | undefined;
const ssm = (): SSMClient => (client ??= new SSMClient(CLIENT_SETTINGS));

/** Seconds within which a command must have started, or it never does: the least that is allowed. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
const START_WITHIN = 30;

const RUNNING = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];

/** File systems are frozen and thawed by Systems Manager Run Command: https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html */
export const freezeCommands = (): FreezeCommands => ({
  send: async (instanceId, { documentName, mountPoints, limitSeconds }, action) => {
    const answer = await awsUnless(`SendCommand ${action} to ${instanceId}`, ['InvalidInstanceId'], () =>
      ssm().send(
        new SendCommandCommand({
          DocumentName: documentName,
          InstanceIds: [instanceId],
          Parameters: { Action: [action], MountPoints: [mountPoints.join(' ')], LimitSeconds: [String(limitSeconds)] },
          TimeoutSeconds: START_WITHIN,
        }),
      ),
    );
    const commandId = answer?.Command?.CommandId;
    if (commandId !== undefined) return commandId;
    throw new TaskError(
      'BackupFailed',
      `Systems Manager cannot reach the instance ${instanceId} to ${action} its file systems: it must run the SSM agent, be online in Fleet Manager, and have a role with AmazonSSMManagedInstanceCore. ` +
        'No snapshot of it was made. Correct that, or leave the freeze out, then start the upgrade again.',
    );
  },
  look: async (CommandId, InstanceId): Promise<CommandState | undefined> => {
    // Right after it was sent, a command is not known: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html
    const answer = await awsUnless(`GetCommandInvocation ${CommandId}`, ['InvocationDoesNotExist'], () =>
      ssm().send(new GetCommandInvocationCommand({ CommandId, InstanceId })),
    );
    if (!answer) return undefined;
    const { Status = 'Pending', StatusDetails = '', StandardErrorContent = '' } = answer;
    const said = [StatusDetails || Status, StandardErrorContent.trim().slice(0, 300)].filter(Boolean).join(': ');
    return { state: Status === 'Success' ? 'done' : RUNNING.includes(Status) ? 'running' : 'failed', said };
  },
});
