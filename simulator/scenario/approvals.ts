/** The gates of a scenario: how they are configured, and what people answer there. */

/** The gates, by the key of the scenario. */
export const GATES = ['afterPlan', 'afterFirstNode', 'beforeFinalize'] as const;
export type ScenarioGate = (typeof GATES)[number];

/** How a gate is configured; what is absent has the construct's default. */
export interface ScenarioApproval {
  /** In seconds. */
  readonly timeLimit?: number;
  readonly ifUnanswered?: 'stop' | 'approve' | 'reject';
}

/** What somebody answers to a question of a gate, so many seconds after it was asked. */
export interface ScenarioApprover {
  readonly afterSeconds: number;
  /** `malformed`: something that nobody understands. `fail`: the token is refused. `nothing`: nobody answers. */
  readonly answer: 'approve' | 'reject' | 'malformed' | 'fail' | 'nothing';
  readonly by: string;
  readonly reason: string;
}

export type ScenarioApprovals = { readonly [gate in ScenarioGate]?: ScenarioApproval };
/** One answer for each question of a gate; when there is none left, nobody answers. */
export type ScenarioApprovers = { readonly [gate in ScenarioGate]?: readonly ScenarioApprover[] };

/** The construct's default of a gate's time limit, in seconds. */
export const DEFAULT_TIME_LIMIT = 24 * 3600;

/** How the question of each gate is told from other notifications: a line of its own. */
const MARKS: Readonly<Record<string, ScenarioGate>> = {
  'after-plan': 'afterPlan',
  'after-first-node': 'afterFirstNode',
  'before-finalize': 'beforeFinalize',
};

/** The gate that a notification asks about; undefined when it asks for no approval. */
export const gateIn = (message: string): ScenarioGate | undefined => MARKS[/^Approval: (\S+)$/m.exec(message)?.[1] ?? ''];

/** Fills in what the answers of a scenario leave out. */
export function withApproverDefaults(given: {
  readonly [gate in ScenarioGate]?: readonly (Pick<ScenarioApprover, 'answer'> & Partial<ScenarioApprover>)[];
}): ScenarioApprovers {
  const entries = Object.entries(given).map(([gate, answers]) => [
    gate,
    answers.map((answer) => ({ afterSeconds: 60, by: 'the change board', reason: 'as planned, CHG-4711', ...answer })),
  ]);
  return Object.fromEntries(entries) as ScenarioApprovers;
}
