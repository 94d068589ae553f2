/** What follows a failure, once capacity is back. */
import type { CapacityLook, Failure, NextNode, NodeRef, OperatorAnswer, Plan, RecoveryDecision, Rolled } from '../../lib/contract/events';
import { isTurned, turn } from './direction';
import { unwrapFailure } from './failure';
import { nameOf } from './observation';

/** What follows a failure that fresh instances did not mend. */
export const POLICIES = ['roll-back', 'hold', 'go-forward'] as const;
export type Policy = (typeof POLICIES)[number];

/** What is decided from. */
export interface RecoveryGround {
  readonly plan: Plan;
  readonly failure: Partial<Failure>;
  readonly made: CapacityLook['made'];
  /** As it was before the failure. */
  readonly rolled: Rolled;
  /** Whom the run took out last. */
  readonly next?: Partial<NextNode>;
  /** What an operator said about this failure, as it was sent; nobody was asked when its `answer` is empty. */
  readonly answer: unknown;
  readonly policy: Policy;
  /** How many replacements may fail before the policy decides. */
  readonly budget: number;
}

/** Failures of one instance, against the budget. */
const OF_A_REPLACEMENT = ['ReplacementFailed', 'WrongVersion', 'BakeFailed'];

const ANSWERS: readonly OperatorAnswer['answer'][] = ['retry', 'roll-back', 'go-on', 'stop'];

type Action = RecoveryDecision['action'];

/**
 * The table, first match wins:
 *
 * | what                                                             | action |
 * |------------------------------------------------------------------|--------|
 * | ApprovalRejected on the way there                                | roll-back, whatever the policy is and whatever was replaced: a person has decided |
 * | ApprovalMissing on the way there                                 | stop: nobody has decided, so nothing is undone; the next start asks again |
 * | every node is upgraded                                           | stop: only the finish is left, and the next start does that |
 * | the maintenance window ends                                      | stop where both versions run, roll-back where nothing was replaced: never retry, never hold |
 * | an operator answered                                             | that; on the way back only `roll-back` and `stop` are left |
 * | on the way back                                                  | hold: going back failed too, a person has to look |
 * | WrongVersion of the first new node                               | by policy: the image is wrong, a fresh instance would be as well |
 * | ReplacementFailed, WrongVersion; budget left; policy is not hold | retry with a fresh instance |
 * | anything else                                                    | by policy |
 *
 * By policy: `roll-back` rolls back; `hold` and `go-forward` hold, but where only original nodes are there is nothing to hold for.
 */
export function decideRecovery(ground: RecoveryGround): RecoveryDecision {
  const { plan, made, rolled } = ground;
  const failed = unwrapFailure(ground.failure);
  const counted = { ...rolled, failures: rolled.failures + (OF_A_REPLACEMENT.includes(failed.error) ? 1 : 0) };
  const decide = (action: Action, why: string, change: Partial<Rolled> = {}): RecoveryDecision => ({
    action,
    reason: `${failed.error}: ${failed.message}\n${why}`,
    plan: action === 'roll-back' && !isTurned(plan) ? turn(plan) : plan,
    // What an operator put last on the way there means nothing on the way back.
    rolled: { ...counted, ...(action === 'roll-back' && { postponed: [] }), ...change },
  });

  if (failed.error === 'ApprovalRejected' && !isTurned(plan)) return decide('roll-back', 'A person has decided: it is rolled back.');
  if (failed.error === 'ApprovalMissing' && !isTurned(plan))
    return decide('stop', 'The next start with the same target goes on, and asks again.');
  if (made === 'upgraded' && !isTurned(plan)) {
    return decide('stop', 'Every node is upgraded: the next start with the same target verifies and finalizes.');
  }
  if (failed.error === 'WindowClosing' && !isTurned(plan)) {
    return made === 'original'
      ? decide('roll-back', 'No node is upgraded: upgrade mode is turned off, and all is as it was until the next window.')
      : decide('stop', 'Both versions go on serving until the next window.');
  }
  const said = readAnswer(ground.answer);
  if (said === 'not understood') {
    return decide('hold', `The answer ${JSON.stringify(ground.answer).slice(0, 200)} is none of ${ANSWERS.join(', ')}: asked again.`);
  }
  if (said) return answered(said, ground, decide, failedNode(ground, failed.node));
  if (isTurned(plan)) return decide('hold', 'Going back failed too: a person has to look before anything else is replaced.');
  return unanswered(failed.error, ground, decide);
}

/** The node of the failure: as the nested execution names it, or, when that is cut off, whom the run took out last. */
const failedNode = ({ failure, next }: RecoveryGround, named: NodeRef | undefined): NodeRef | undefined =>
  named ?? (failure.Error === 'States.TaskFailed' ? next?.node : undefined);

type Decide = (action: Action, why: string, change?: Partial<Rolled>) => RecoveryDecision;

function answered(
  { answer, by, reason }: OperatorAnswer,
  { plan, rolled }: RecoveryGround,
  decide: Decide,
  node: NodeRef | undefined,
): RecoveryDecision {
  const who = `${by ?? 'An operator'} answered ${answer}${reason ? ` (${reason})` : ''}`;
  if (answer === 'stop') return decide('stop', `${who}.`);
  if (isTurned(plan)) {
    const only = answer === 'roll-back' ? '' : ': on the way back nothing goes forward again';
    return decide('roll-back', `${who}${only}; rolling back goes on.`);
  }
  if (answer === 'roll-back') return decide('roll-back', `${who}.`);
  if (answer === 'retry' || !node) return decide('retry', `${who}.`);
  return decide('retry', `${who}: ${nameOf(node)} comes last.`, {
    postponed: [...rolled.postponed.filter((id) => id !== node.instanceId), node.instanceId],
  });
}

function unanswered(error: string, { made, rolled, policy, budget }: RecoveryGround, decide: Decide): RecoveryDecision {
  const imageIsWrong = error === 'WrongVersion' && made === 'original';
  if ((error === 'ReplacementFailed' || error === 'WrongVersion') && !imageIsWrong && policy !== 'hold') {
    if (rolled.failures < budget) return decide('retry', `A fresh instance is tried: failure ${rolled.failures + 1} of ${budget} allowed.`);
    return byPolicy(`The budget of ${budget} failed replacements is used up`, { made, policy }, decide);
  }
  return byPolicy(
    imageIsWrong ? 'The first new node has the wrong version: so would the next one' : 'A fresh instance would not help',
    { made, policy },
    decide,
  );
}

function byPolicy(why: string, { made, policy }: Pick<RecoveryGround, 'made' | 'policy'>, decide: Decide): RecoveryDecision {
  if (made === 'original') return decide('roll-back', `${why}. No node is upgraded: upgrade mode is turned off, and all is as it was.`);
  if (policy === 'roll-back') return decide('roll-back', `${why}. The failure policy is to roll back.`);
  return decide('hold', `${why}. The failure policy is to hold for an operator.`);
}

/** What an operator sent, if anything: the output of `send-task-success` is whatever was typed. */
function readAnswer(sent: unknown): OperatorAnswer | 'not understood' | undefined {
  if (sent === undefined || sent === null) return undefined;
  if (typeof sent !== 'object') return 'not understood';
  const { answer, by, reason } = sent as { readonly answer?: unknown; readonly by?: unknown; readonly reason?: unknown };
  if (answer === '') return undefined;
  const known = ANSWERS.find((one) => one === answer);
  if (!known) return 'not understood';
  return { answer: known, ...(typeof by === 'string' && { by }), ...(typeof reason === 'string' && { reason }) };
}
