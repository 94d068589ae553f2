import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Parameters } from '../ports/compute';
import { awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SSMClient | undefined;

/** Parameters of Systems Manager. */
export const parameters = (): Parameters => ({
  text: async (Name) => {
    const answer = await awsUnless(`GetParameter ${Name}`, ['ParameterNotFound', 'ParameterVersionNotFound'], () =>
      (client ??= new SSMClient(CLIENT_SETTINGS)).send(new GetParameterCommand({ Name })),
    );
    return answer?.Parameter?.Value?.trim();
  },
});
