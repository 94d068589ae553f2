import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notifications } from '../ports/notifications';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SNSClient | undefined;

/** A topic of SNS. */
export const notifications = (TopicArn: string): Notifications => ({
  publish: async (Subject, Message) => {
    await aws(`Publish to ${TopicArn}`, () =>
      (client ??= new SNSClient(CLIENT_SETTINGS)).send(new PublishCommand({ TopicArn, Subject, Message })),
    );
  },
});
