import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { asPublication } from '../core/publication';
import type { Notifications } from '../ports/notifications';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SNSClient | undefined;

/** A topic of SNS. */
export const notifications = (TopicArn: string): Notifications => ({
  publish: async (told) => {
    const { subject, message, attributes } = asPublication(told, new Date());
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    const publish = new PublishCommand({ TopicArn, Subject: subject, Message: message, MessageStructure: 'json', MessageAttributes });
    await aws(`Publish to ${TopicArn}`, () => (client ??= new SNSClient(CLIENT_SETTINGS)).send(publish));
  },
});
