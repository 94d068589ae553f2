import { ENV } from '../../lib/contract/environment';
import { readEnvironment } from '../adapters/environment';
import { lock } from '../adapters/lock';
import { notifications } from '../adapters/notifications';
import type { ApprovalGround } from '../core/approval-question';
import { makeApprovalQuestion } from '../core/approval-question';
import type { Lock } from '../ports/lock';
import type { Notifications } from '../ports/notifications';
import { requireLock } from '../shared/acting-task';
import { gateOf } from '../shared/gate';
import { task } from '../shared/task';

/** What the state machine says; the rest is configured. */
type Input = Omit<ApprovalGround, 'gates' | 'spec' | 'noBackupBecause' | 'times'>;

interface Ports {
  readonly topic: Notifications;
  readonly table: Pick<Lock, 'holder'>;
}

/**
 * Asks whether the run may go on. It does so when Step Functions gets the answer, not when this ends. The token is in the message only: neither the
 * result nor the log has it.
 *
 * @throws LockLost when the run does not hold the lock any more (it was ended and redriven): nobody is asked in vain
 */
export async function askApproval(ground: ApprovalGround, now: Date, { topic, table }: Ports): Promise<{ readonly detail: string }> {
  await requireLock(ground, table);
  const question = makeApprovalQuestion(ground, now);
  await topic.publish(question);
  return { detail: question.subject };
}

export const handler = task('ask-approval', (input: Input) => {
  const { topicArn, table, backup, times, gates } = readEnvironment((read) => ({
    topicArn: read.text(ENV.TOPIC_ARN),
    table: read.text(ENV.LOCK_TABLE_NAME),
    backup: read.backup(),
    times: { limits: read.limits(), bake: read.bake() },
    gates: read.approvals(),
  }));
  const ground = { ...input, gates, spec: gateOf(gates, input.gate), noBackupBecause: backup.noneBecause, times };
  return askApproval(ground, new Date(), { topic: notifications(topicArn), table: lock(table) });
});
