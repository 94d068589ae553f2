/** The message of a `Publish`: one text for all, or one for each protocol. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
import type { PublishCommandInput } from '@aws-sdk/client-sns';
import { AwsError } from '../../kernel/ports';

/** Combined size of message and attributes, unless a topic allows more. */
const MAX_MESSAGE_BYTES = 262_144;

/** Letters, digits, underscores, hyphens and periods; no period first or last, none after another. https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
const ATTRIBUTE_NAME = /^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/;
const DATA_TYPES = ['String', 'String.Array', 'Number', 'Binary'];

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

/** What subscribers get. */
export interface Delivered {
  /** What every protocol gets that has no text of its own: people, by e-mail. */
  readonly message: string;
  /** What a queue gets, if that is something else. */
  readonly body?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** @throws AwsError for what SNS does not take */
export function delivered({ Message = '', MessageStructure, MessageAttributes = {} }: PublishCommandInput): Delivered {
  if (Message === '') throw invalid('Empty message');
  if (MessageStructure !== undefined && MessageStructure !== 'json') throw invalid('MessageStructure');
  const attributes = attributesOf(MessageAttributes);
  const sizes = Object.entries(MessageAttributes).map(([name, { DataType = '', StringValue = '' }]) =>
    bytes(name + DataType + StringValue),
  );
  if (sizes.reduce((sum, size) => sum + size, bytes(Message)) > MAX_MESSAGE_BYTES) throw invalid('Message too long');
  if (MessageStructure === undefined) return { message: Message, attributes };
  const texts = textsOf(Message);
  if (texts['default'] === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return { message: texts['default'], ...(texts['sqs'] !== undefined && { body: texts['sqs'] }), attributes };
}

/** By protocol; values that are no text are ignored. */
function textsOf(message: string): Readonly<Record<string, string | undefined>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  return Object.fromEntries(Object.entries(parsed).filter(([, text]) => typeof text === 'string'));
}

function attributesOf(given: NonNullable<PublishCommandInput['MessageAttributes']>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { DataType = '', StringValue }]) => {
      if (!ATTRIBUTE_NAME.test(name)) throw invalid(`The message attribute name '${name}' is invalid`);
      if (!DATA_TYPES.includes(DataType)) throw invalid(`The message attribute '${name}' has an invalid message attribute type`);
      if (DataType === 'Binary') throw new AwsError('NotImplemented', 'The simulator does not model binary message attributes.', 501);
      if (StringValue === undefined || StringValue === '') {
        throw invalid(
          `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'`,
        );
      }
      return [name, StringValue];
    }),
  );
}

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
