import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { TopicResource } from '../../assembly/deployment';
import type { AwsService, Caller, Journal, Random } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { uuidOf } from '../../kernel/random';
import { delivered } from './message';

/** Begins with a letter, a number or punctuation; ASCII without line breaks and control characters; at most 100. */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;

/**
 * SNS: what is published goes into the journal as `notification`, with the text for people as `message` and what a queue gets as `body`.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export class Sns implements AwsService {
  readonly client = 'client-sns';
  private readonly topics = new Map<string, TopicResource>();
  private readonly random: Random;

  constructor(
    topics: readonly TopicResource[],
    random: Random,
    private readonly journal: Journal,
  ) {
    this.random = random.fork('sns');
    for (const topic of topics) this.addTopic(topic);
  }

  /** A topic that the template refers to and does not contain. */
  addTopic(topic: TopicResource): void {
    this.topics.set(topic.arn, topic);
  }

  readonly operations = {
    Publish: {
      mutates: true,
      authorize: ({ TopicArn }: PublishCommandInput) => {
        const key = this.topics.get(TopicArn ?? '')?.kmsKeyArn;
        const publish = { action: 'sns:Publish', resources: [TopicArn ?? '*'] };
        // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
        return key === undefined
          ? [publish]
          : [publish, ...['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, resources: [key] }))];
      },
      call: (input: PublishCommandInput, caller: Caller) => {
        const { TopicArn, Subject } = input;
        if (TopicArn === undefined) throw new AwsError('NotImplemented', 'The simulator publishes to topics only.', 501);
        if (!this.topics.has(TopicArn)) throw new AwsError('NotFound', 'Topic does not exist', 404);
        if (Subject !== undefined && !SUBJECT.test(Subject)) throw new AwsError('InvalidParameter', 'Invalid parameter: Subject');
        this.journal.record({ kind: 'notification', topicArn: TopicArn, subject: Subject, ...delivered(input), caller: caller.name });
        return { MessageId: uuidOf(this.random) };
      },
    },
  };
}
