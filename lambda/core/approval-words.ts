/** What people read about approvals: in the plan, and in the report. */
import type { ApprovalAnswer, ApprovalGate, GateSpec, Unanswered } from '../../lib/contract/approvals';
import type { PlannedApproval } from '../../lib/contract/plan-page';
import { duration } from './checks/words';

/** What each gate is about. */
export const ABOUT: Readonly<Record<ApprovalGate, string>> = {
  'after-plan': 'the plan',
  'after-first-node': 'the first node',
  'before-finalize': 'finalizing',
};

const WHEN: Readonly<Record<ApprovalGate, string>> = {
  'after-plan': 'before anything is changed, whether to carry out the plan',
  'after-first-node': 'once the first node is replaced, whether the others may follow',
  'before-finalize': 'once every node is upgraded and good, whether to finalize',
};

/** What follows when nobody answers. */
export function unansweredText(gate: ApprovalGate, ifUnanswered: Unanswered): string {
  const isFirst = gate === 'after-plan';
  switch (ifUnanswered) {
    case 'approve':
      return 'the run goes on, as if it were approved';
    case 'reject':
      return isFirst ? 'the run ends, as if it were rejected; nothing is changed' : 'the run is rolled back, as if it were rejected';
    case 'stop':
      return isFirst
        ? 'the run ends; nothing is changed'
        : 'the run ends held: every node goes on serving, upgrade mode stays on, and the next start with the same target goes on';
  }
}

/** A line of the plan. */
export const plannedText = ({ gate, timeLimit, ifUnanswered }: PlannedApproval): string =>
  `${WHEN[gate]}; without an answer within ${duration(timeLimit)} ${unansweredText(gate, ifUnanswered)}`;

const SAID: Readonly<Record<ApprovalAnswer['answer'], string>> = {
  approve: 'approved',
  reject: 'REJECTED',
  unanswered: 'NOT ANSWERED',
  'not-understood': 'answered in a way that is not understood, so it was asked again',
};

/** A section of the report; none when nobody was asked. */
export function approvalsText(answers: readonly ApprovalAnswer[]): readonly string[] {
  const lines = answers.map(({ gate, answer, by, reason, at }) => {
    const who = by === '' ? '' : ` by ${by}`;
    return `- ${ABOUT[gate]}: ${SAID[answer]}${who} at ${at}${reason === '' ? '' : `: ${reason}`}`;
  });
  return lines.length > 0 ? [`Approvals:\n${lines.join('\n')}`] : [];
}

/** What an answer of silence rests on. */
export const silence = ({ timeLimit, ifUnanswered }: GateSpec): string =>
  `nobody answered within ${duration(timeLimit)}${ifUnanswered === 'stop' ? '' : `: so it is ${ifUnanswered === 'approve' ? 'approved' : 'rejected'}, as it is configured`}`;
