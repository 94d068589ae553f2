import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Answers } from '../ports/answers';
import { awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
const LONGEST_ERROR = 256;
const LONGEST_CAUSE = 32_768;

/** The task was answered already, by a call whose answer was lost, or its execution was stopped. */
const OVER = ['TaskTimedOut', 'TaskDoesNotExist'];

let client: SFNClient | undefined;
const connect = (): SFNClient => (client ??= new SFNClient(CLIENT_SETTINGS));

/** Answers by the API of Step Functions. No message holds the token. */
export const answers = (): Answers => ({
  succeed: async (taskToken, output) => {
    await awsUnless('SendTaskSuccess', OVER, () =>
      connect().send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    );
  },
  fail: async (taskToken, error, cause) => {
    await awsUnless('SendTaskFailure', OVER, () =>
      connect().send(new SendTaskFailureCommand({ taskToken, error: error.slice(0, LONGEST_ERROR), cause: cause.slice(0, LONGEST_CAUSE) })),
    );
  },
});
