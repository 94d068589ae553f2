/** What people are told and asked when a run needs an approval. */
import type { ApprovalGate, Approvals, ApprovedPlan, GateSpec } from '../../lib/contract/approvals';
import type { Plan, Rolled, Run } from '../../lib/contract/events';
import { answerCommand, until } from './answer-command';
import { unansweredText } from './approval-words';
import { counted } from './checks/check';
import { nameOf } from './observation';
import type { PageGround } from './plan-page';
import { makePlanPage } from './plan-page';
import { planPageText } from './plan-page-text';
import type { SiteGround } from './site-warnings';
import { siteWarnings } from './site-warnings';
import { asSubject } from './subject';
import type { Told } from './told';
import { aboutPlan } from './told';

/** What the question is made from. */
export interface ApprovalGround extends PageGround, SiteGround {
  /** The task token: whoever has it, and may call Step Functions, can answer. It is told to the topic, and nowhere else. */
  readonly token: string;
  readonly gate: ApprovalGate;
  readonly run: Run;
  /** What was asked and answered before. */
  readonly approvals: Approvals;
  readonly spec: GateSpec;
  readonly rolled?: Rolled;
}

/** The words of one gate. */
interface Words {
  readonly subject: string;
  readonly question: (plan: Plan) => string;
  readonly state: string;
  readonly approve: string;
  readonly reject: string;
}

const WORDS: Readonly<Record<ApprovalGate, Words>> = {
  'after-plan': {
    subject: 'the plan',
    question: ({ groupName, fromVersion, toVersion }) =>
      `May ${groupName} be upgraded from ${fromVersion} to ${toVersion}, as the plan below says?`,
    state:
      'How things are: every check is made, and nothing was changed but that this run holds the lock of the cluster: another run is refused until it ends.',
    approve: 'everything is looked at and checked once more, and the upgrade begins; another version or image is asked about again',
    reject: 'the run ends, and nothing is changed',
  },
  'after-first-node': {
    subject: 'the first node',
    question: ({ toVersion }) => `A first node is replaced by one of ${toVersion}. May the other nodes follow?`,
    state:
      'How things are: nodes of both versions serve, upgrade mode is on, and no other node is taken out until you answer. Install no apps meanwhile, and do not turn upgrade mode off by hand.',
    approve: 'the other nodes are replaced, one after the other',
    reject: 'the upgraded nodes are replaced by original ones, then upgrade mode is turned off',
  },
  'before-finalize': {
    subject: 'finalizing',
    question: ({ toVersion }) =>
      `Every node runs ${toVersion}, and the whole cluster is good. May the upgrade be finalized? From there on there is no way back but a backup.`,
    state:
      'How things are: the cluster serves on the new version, upgrade mode is on. Install no apps meanwhile, and do not finalize or cancel by hand.',
    approve: 'the cluster is verified once more, and the upgrade is finalized',
    reject: 'every node is replaced by an original one, then upgrade mode is turned off',
  },
};

/** What is told: first what to do, then what there is to read, since a message that is too long is cut at its end. */
export function makeApprovalQuestion(ground: ApprovalGround, now: Date): Told<'approval-wanted'> {
  const { gate, plan, run, spec } = ground;
  const words = WORDS[gate];
  const choices = Object.entries({ approve: words.approve, reject: words.reject });
  const text = [
    words.question(plan),
    ...notes(ground),
    words.state,
    'Answer with one of these commands, with your name and reason filled in: both are in the report. Each answers once.',
    ...choices.map(([answer, meaning]) => `${answer}: ${meaning}\n${answerCommand(ground, answer)}`),
    `Without an answer until ${until(now, spec.timeLimit)} ${unansweredText(gate, spec.ifUnanswered)}.`,
    `Approval: ${gate}\nExecution: ${run.executionArn}`,
    ...reading(ground),
  ].join('\n\n');
  return {
    event: 'approval-wanted',
    ...aboutPlan(plan, run),
    subject: asSubject(`Bitbucket: APPROVAL WANTED, ${words.subject}, ${plan.fromVersion} to ${plan.toVersion} (${plan.groupName})`),
    text,
    details: {
      gate,
      taskToken: ground.token,
      answers: choices.map(([answer]) => answer),
      until: until(now, spec.timeLimit),
      ifUnanswered: spec.ifUnanswered,
    },
  };
}

/** Why it is asked again. */
function notes({ gate, plan, approvals }: ApprovalGround): readonly string[] {
  const { misunderstood, plan: approved } = approvals;
  return [
    ...(misunderstood === '' ? [] : [`You are asked again: ${misunderstood}`]),
    ...(gate === 'after-plan' && approved.toVersion !== ''
      ? [`You are asked again: since the approval the plan has changed. Approved was ${named(approved)}; now it is ${named(plan)}.`]
      : []),
  ];
}

const named = ({ fromVersion, toVersion, originalImageId, targetImageId }: ApprovedPlan): string =>
  `${fromVersion} (${originalImageId}) to ${toVersion} (${targetImageId})`;

/** What there is to read before the answer. */
function reading(ground: ApprovalGround): readonly string[] {
  if (ground.gate === 'after-plan') return planPageText(makePlanPage(ground));
  const { completed = [] } = ground.rolled ?? {};
  const lines = completed.map(({ old, replacement, bootSeconds }) => {
    const by = replacement
      ? `replaced by ${nameOf(replacement)}${bootSeconds > 0 ? `, good ${bootSeconds} s after its launch` : ''}`
      : 'retired';
    return `- ${nameOf(old)}: ${by}`;
  });
  const changed = siteWarnings(ground).map(({ message }) => `- ${message}`);
  return [
    ...(changed.length > 0 ? [`Changed meanwhile:\n${changed.join('\n')}`] : []),
    ...(lines.length > 0 ? [`Done so far, ${counted(completed.length, 'node')}:\n${lines.join('\n')}`] : []),
  ];
}
