import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Stacks } from '../ports/stacks';
import { awsUnless } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: CloudFormationClient | undefined;

/** CloudFormation stacks: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const stacks = (): Stacks => ({
  status: async (StackName) => {
    // ValidationError: the stack is not there.
    const answer = await awsUnless(`DescribeStacks of ${StackName}`, ['ValidationError'], () =>
      (client ??= new CloudFormationClient(CLIENT_SETTINGS)).send(new DescribeStacksCommand({ StackName })),
    );
    return answer?.Stacks?.[0]?.StackStatus;
  },
});
