import { ENV } from '../../lib/contract/environment';
import { notifications } from '../adapters/notifications';
import { readEnvironment } from '../adapters/environment';
import type { QuestionGround } from '../core/question';
import { makeQuestion } from '../core/question';
import type { Notifications } from '../ports/notifications';
import { task } from '../shared/task';

/**
 * Tells what happened, what can be answered and how. The run goes on when Step Functions gets the answer, not when this ends. The token is
 * in the message only: neither the result nor the log has it.
 */
export async function askOperator(
  ground: QuestionGround,
  now: Date,
  topic: Notifications | undefined,
): Promise<{ readonly told: boolean; readonly detail: string }> {
  const question = makeQuestion(ground, now);
  const { subject } = question;
  await topic?.publish(question);
  return topic
    ? { told: true, detail: subject }
    : { told: false, detail: `${subject}; there is no topic: the token is in the input of this state in the execution's history` };
}

export const handler = task('ask-operator', (ground: QuestionGround) => {
  const topicArn = readEnvironment((read) => read.optional(ENV.TOPIC_ARN));
  return askOperator(ground, new Date(), topicArn === '' ? undefined : notifications(topicArn));
});
