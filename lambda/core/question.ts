/** What an operator is told and asked when a run holds. */
import type { Failure, OperatorAnswer, Plan, Run } from '../../lib/contract/events';
import { answerCommand, until } from './answer-command';
import { asMade, isTurned } from './direction';
import { unwrapFailure } from './failure';
import { asSubject } from './subject';
import type { Told } from './told';
import { aboutPlan } from './told';

/** What the question is made from. */
export interface QuestionGround {
  /** The task token: whoever has it, and may call Step Functions, can answer. It is told to the topic, and nowhere else. */
  readonly token: string;
  readonly plan: Plan;
  readonly run: Run;
  /** Why the run holds. */
  readonly reason: string;
  readonly failure?: Partial<Failure>;
  /** Seconds until the run stops without an answer. */
  readonly holdLimit?: number;
}

const FORWARD: Readonly<Record<OperatorAnswer['answer'], string>> = {
  retry: 'try again with a fresh instance',
  'roll-back': 'replace the upgraded nodes by original ones, then turn upgrade mode off',
  'go-on': 'go on with the other nodes first; the one that failed comes last',
  stop: 'end here: every node goes on serving and upgrade mode stays on where both versions run; a later start with the same target goes on',
};
const BACK: Partial<typeof FORWARD> = {
  'roll-back': 'go on rolling back',
  stop: 'end here: every node goes on serving and upgrade mode stays on where both versions run',
};

/** What is told: with the commands that answer for people, and with the token for programs. */
export function makeQuestion(ground: QuestionGround, now: Date): Told<'decision-wanted'> {
  const { plan, run, reason, failure, holdLimit } = ground;
  const { fromVersion, toVersion } = asMade(plan);
  const doing = isTurned(plan) ? 'The roll back' : 'The upgrade';
  const choices = Object.entries(isTurned(plan) ? BACK : FORWARD);
  const why = reason || (failure ? messageOf(failure) : 'An operator has to decide.');
  const text = [
    `${doing} of ${plan.groupName} (${fromVersion} to ${toVersion}) holds and waits for an answer.`,
    `What happened:\n${why}`,
    'How things are: the nodes that served before serve again; nothing is replaced until you answer. Install no apps meanwhile, and do not turn upgrade mode off by hand.',
    'Answer with one of these commands, with your name and reason filled in. Each answers once.',
    ...choices.map(([answer, meaning]) => `${answer}: ${meaning}\n${answerCommand(ground, answer)}`),
    ...(holdLimit === undefined ? [] : [`Without an answer until ${until(now, holdLimit)} the run stops, as by the answer stop.`]),
    `Execution: ${run.executionArn}`,
  ].join('\n\n');
  return {
    event: 'decision-wanted',
    ...aboutPlan(plan, run),
    subject: asSubject(`Bitbucket: DECISION WANTED ${fromVersion} to ${toVersion} (${plan.groupName})`),
    text,
    details: {
      reason: why,
      taskToken: ground.token,
      answers: choices.map(([answer]) => answer),
      until: holdLimit === undefined ? '' : until(now, holdLimit),
    },
  };
}

function messageOf(failure: Partial<Failure>): string {
  const { error, message } = unwrapFailure(failure);
  return `${error}: ${message}`;
}
