/** What an answer to an approval comes to. */
import type { ApprovalAnswer, ApprovalGate, Approvals, GateSpec } from '../../lib/contract/approvals';
import { RETRYABLE_ERRORS, TERMINAL_ERRORS } from '../../lib/contract/errors';
import type { Plan } from '../../lib/contract/events';
import { TO_FILL_IN } from './answer-command';
import { ABOUT, silence } from './approval-words';
import { unwrapFailure } from './failure';

/** What is judged. */
export interface JudgementGround {
  readonly gate: ApprovalGate;
  readonly spec: GateSpec;
  readonly plan: Plan;
  /** With what was sent, or why nothing was. */
  readonly approvals: Approvals;
  readonly now: Date;
}

/** What was said, before it is known what follows. */
type Said = Pick<ApprovalAnswer, 'answer' | 'by' | 'reason'>;

/** Longest name and reason that are kept: they are in the state, in reports and in notifications. */
const LONGEST = { by: 100, reason: 500 } as const;

/**
 * The table, first match wins:
 *
 * | what came                                                       | comes to |
 * |-----------------------------------------------------------------|----------|
 * | an answer `approve` with a name and a reason                    | approved |
 * | an answer `reject`                                              | rejected: the safe way needs no name |
 * | anything else that was sent                                     | asked again |
 * | nothing within the time limit                                   | as it is configured: approved, rejected, or missing |
 * | nothing, because the question could not be sent                 | missing, or rejected if silence is configured so: who was not asked has not consented |
 * | a token that somebody refused                                   | rejected |
 */
export function judgeApproval(ground: JudgementGround): Approvals {
  const { failure } = ground.approvals;
  if (!failure) return answered(ground, read(ground.approvals.sent));
  const { Error: name = '' } = failure;
  const { message } = unwrapFailure(failure);
  if (name === 'States.Timeout') {
    const said: Said = { answer: 'unanswered', by: '', reason: silence(ground.spec) };
    return unanswered(ground, said, ground.spec.ifUnanswered === 'approve');
  }
  if (isOfTheWorkflow(name))
    return unanswered(ground, { answer: 'unanswered', by: '', reason: `nobody could be asked: ${name}: ${message}` }, false);
  return answered(ground, {
    answer: 'reject',
    by: '',
    reason: `the token was refused${name === '' ? '' : ` with ${name}`}${message === '' ? '' : `: ${message}`}`,
  });
}

/** An error that the task or the services gave, not a person. */
const isOfTheWorkflow = (name: string): boolean =>
  /^(States|Lambda|Sandbox|Runtime)\./.test(name) || ([...RETRYABLE_ERRORS, ...TERMINAL_ERRORS] as readonly string[]).includes(name);

function answered(ground: JudgementGround, said: Said): Approvals {
  switch (said.answer) {
    case 'approve':
      return approve(ground, said);
    case 'reject':
      return refuse(ground, said, 'ApprovalRejected', `${said.by || 'Somebody'} rejected ${ABOUT[ground.gate]}`);
    default:
      return { ...kept(ground, said), verdict: 'ask-again', misunderstood: said.reason };
  }
}

function unanswered(ground: JudgementGround, said: Said, isConsent: boolean): Approvals {
  if (isConsent) return approve(ground, said);
  const isRejection = ground.spec.ifUnanswered === 'reject';
  const what = isRejection ? `${ABOUT[ground.gate]} counts as rejected` : `Nobody approved ${ABOUT[ground.gate]}`;
  return refuse(ground, said, isRejection ? 'ApprovalRejected' : 'ApprovalMissing', what.charAt(0).toUpperCase() + what.slice(1));
}

function approve(ground: JudgementGround, said: Said): Approvals {
  const { gate, plan } = ground;
  const { fromVersion, toVersion, originalImageId, targetImageId } = plan;
  return {
    ...kept(ground, said),
    verdict: 'approved',
    ...(gate === 'after-plan' && { plan: { fromVersion, toVersion, originalImageId, targetImageId } }),
    ...(gate === 'after-first-node' && { firstNode: true }),
    ...(gate === 'before-finalize' && { finalizing: true }),
  };
}

function refuse(ground: JudgementGround, said: Said, name: 'ApprovalRejected' | 'ApprovalMissing', what: string): Approvals {
  const { groupName, fromVersion, toVersion } = ground.plan;
  const why = said.reason === '' ? '' : `: ${said.reason}`;
  const Cause = `${what} of the upgrade of ${groupName} from ${fromVersion} to ${toVersion}${why}.`;
  return { ...kept(ground, said), verdict: 'not-approved', refusal: { Error: name, Cause } };
}

/** What stays from question to question, with one line more; neither what was sent nor a refusal does. */
function kept({ gate, approvals: { answers, plan, firstNode, finalizing }, now }: JudgementGround, said: Said): Omit<Approvals, 'verdict'> {
  return { misunderstood: '', answers: [...answers, { gate, ...said, at: now.toISOString() }], plan, firstNode, finalizing };
}

/** The output of `send-task-success` is whatever was typed. */
function read(sent: unknown): Said {
  const { answer, by, reason } = (typeof sent === 'object' && sent !== null ? sent : {}) as Readonly<Record<string, unknown>>;
  const said = { by: filledIn('by', by), reason: filledIn('reason', reason) };
  if (answer === 'reject') return { answer, ...said };
  const isSigned = said.by !== '' && said.reason !== '';
  if (answer === 'approve' && isSigned) return { answer, ...said };
  const what = answer === 'approve' ? 'an approval needs a name (by) and a reason' : 'the answer is neither approve nor reject';
  return {
    answer: 'not-understood',
    by: said.by,
    reason: `${what}, and this was sent: ${short(sent === undefined ? 'nothing' : JSON.stringify(sent), 200)}`,
  };
}

/** What was typed, without line breaks; empty when it was left as the command had it. */
function filledIn(field: keyof typeof TO_FILL_IN, typed: unknown): string {
  const text = typeof typed === 'string' ? short(typed, LONGEST[field]) : '';
  return text === TO_FILL_IN[field] ? '' : text;
}

const short = (text: string, most: number): string => text.replace(/\s+/g, ' ').trim().slice(0, most);
