import { Duration } from 'aws-cdk-lib';
import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { ApprovalGate, GateSpec } from '../contract/approvals';
import type { Steps } from './steps';

/** A gate, as the workflow makes it: names of its states, and where they lead. */
export interface Gate {
  readonly gate: ApprovalGate;
  readonly spec: GateSpec;
  readonly names: GateNames;
  /** Whether it was approved already: then nobody is asked. */
  readonly isApproved: Condition;
  /** What the question is made of, besides what every question has. */
  readonly payload: Readonly<Record<string, string>>;
  /** Where it goes on when nobody is to be asked. */
  readonly passed: IChainable;
  /** Where it goes on right after an approval: the world may have moved, so it looks again. */
  readonly approved: IChainable;
  /** Where a rejection leads, and an error of judging the answer: `$.failure` says which. */
  readonly refused: IChainable;
  /** Where the run begins anew when it does not hold the lock any more: then nobody is asked. */
  readonly again: IChainable;
}

/** Names of the states of a gate. */
export interface GateNames {
  readonly isApproved: string;
  readonly ask: string;
  readonly weigh: string;
  readonly answer: string;
  readonly refused: string;
}

/**
 * Asks a person and reads the answer. What was sent, or why nothing was, goes to `judge-approval`, which says what that comes to: a time-out, a refused
 * token and a question that could not be sent are answers, too.
 *
 * @returns the question whether it was approved already
 */
export function approvalGate(steps: Steps, { gate, spec, names, isApproved, payload, passed, approved, refused, again }: Gate): Choice {
  const weigh = steps.catching(refused).task(names.weigh, {
    task: 'judge-approval',
    payload: { gate, plan: '$.plan', approvals: '$.approvals' },
    result: '$.approvals',
    comment: 'Who answered what, and why; what cannot be understood is asked again.',
  });
  const ask = steps.catchingNothing().ask(names.ask, {
    task: 'ask-approval',
    payload: { token: '$$.Task.Token', gate, plan: '$.plan', run: '$.run', approvals: '$.approvals', ...payload },
    result: '$.approvals.sent',
    comment: 'Durable: the answer comes with the task token that was sent to the topic.',
    limit: Duration.seconds(spec.timeLimit),
  });
  ask.addCatch(again, { errors: ['LockLost'], resultPath: '$.failure' });
  ask.addCatch(weigh, { errors: ['States.ALL'], resultPath: '$.approvals.failure' });
  const refusal = steps.pick(names.refused, '$.approvals.refusal', '$.failure');
  refusal.next(refused);
  const answer = Choice.jsonPath(steps.scope, names.answer)
    .when(Condition.stringEquals('$.approvals.verdict', 'approved'), approved)
    .when(Condition.stringEquals('$.approvals.verdict', 'ask-again'), ask)
    .otherwise(refusal);
  ask.next(weigh);
  weigh.next(answer);
  return Choice.jsonPath(steps.scope, names.isApproved).when(isApproved, passed).otherwise(ask);
}
