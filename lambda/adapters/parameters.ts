import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Parameters } from '../ports/compute';
import { aws, awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';
import { allPages } from './pages';

let client: SSMClient | undefined;
const connect = (): SSMClient => (client ??= new SSMClient(CLIENT_SETTINGS));

/** Parameters of Systems Manager. */
export const parameters = (): Parameters => ({
  text: async (Name) => {
    const answer = await awsUnless(`GetParameter ${Name}`, ['ParameterNotFound', 'ParameterVersionNotFound'], () =>
      connect().send(new GetParameterCommand({ Name })),
    );
    return answer?.Parameter?.Value?.trim();
  },
  // The path ends with a slash, so that a policy on `<prefix>/*` covers it:
  // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
  under: async (prefix) => {
    const found = await allPages(async (NextToken) => {
      const { Parameters: items, NextToken: next } = await aws(`GetParametersByPath ${prefix}/`, () =>
        connect().send(new GetParametersByPathCommand({ Path: `${prefix}/`, NextToken })),
      );
      return { items, next };
    });
    return found.map(({ Name = '', Value = '' }) => ({ name: Name, value: Value.trim() }));
  },
});
