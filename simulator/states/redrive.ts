import type { Execution } from './execution';
import { MAX_HISTORY_EVENTS } from './history';
import type { EngineEvent } from './engine';
import type { Position } from './position';

type Fields = Readonly<Record<string, unknown>>;
interface States extends Fields {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, Fields>>;
}

/** How long an execution can be redriven after its end: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;

/** Room for `ExecutionRedriven` and one more event, as that page asks for. */
const MOST_EVENTS = MAX_HISTORY_EVENTS - 2;

/** States that only lead to where the execution was; no execution has entered them. */
const LEAD = 'redriven: ';

/** Ends the name of a Parallel state whose branches go on where they were: entered again later, all of them run. */
const AGAIN = ' (redriven)';

/**
 * Why an execution cannot be redriven; undefined when it can. The reasons are those of `redriveStatusReason` in
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
export function notRedrivable({ status, endedAt, historyEvents }: Execution, now: number): string | undefined {
  if (status === 'RUNNING') return 'Execution is RUNNING and cannot be redriven';
  if (status === 'SUCCEEDED') return 'Execution is SUCCEEDED and cannot be redriven';
  if (historyEvents > MOST_EVENTS) return 'Execution history event limit exceeded';
  if (now - (endedAt ?? now) > REDRIVABLE_MS) return 'Execution redrivable period exceeded';
  return undefined;
}

/**
 * The definition that goes on where an execution was, with the input that the state had. Tasks are scheduled again with all their retries, Choice
 * states judged and Fail states entered again; of a Parallel state only the branches go on that had not ended, but all of them when its result was too large.
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html#redrive-behavior-states
 *
 * @param text the definition, as the engine has it
 * @throws Error when the execution was in a Map state, which is not modelled.
 */
export function goOnFrom(text: string, position: Position, error: string | undefined): string {
  const definition = JSON.parse(text) as States;
  const at = position.within(definition.States);
  if (at === undefined) return text; // it ended before it entered its first state
  const state = definition.States[at.name] ?? {};
  if (state['Type'] === 'Map') throw new Error(`the simulator does not model the redrive of the Map state "${at.name}"`);
  const partly = state['Type'] === 'Parallel' && error !== 'States.DataLimitExceeded';
  const next = partly ? `${at.name}${AGAIN}` : at.name;
  return JSON.stringify({
    ...definition,
    StartAt: `${LEAD}${at.name}`,
    States: {
      ...definition.States,
      [`${LEAD}${at.name}`]: lead(at.input, { Next: next }),
      ...(partly && { [next]: { ...state, Branches: (state['Branches'] as States[]).map((branch) => unfinished(branch, position)) } }),
    },
  });
}

/** A branch that goes on where it was, or, when it had ended, only gives its output. */
function unfinished(branch: States, position: Position): States {
  const at = position.within(branch.States);
  const start = `${LEAD}${branch.StartAt}`;
  if (at !== undefined) return { ...branch, StartAt: start, States: { ...branch.States, [start]: lead(at.input, { Next: at.name }) } };
  const ended = position.outputOf(branch.States);
  return ended === undefined ? branch : { ...branch, StartAt: start, States: { [start]: lead(ended.output, { End: true }) } };
}

function lead(result: unknown, where: Fields): Fields {
  if (!result)
    throw new Error('the engine ignores a state input that is 0, false, empty or null: such an execution cannot be redriven here');
  return { Type: 'Pass', Result: result, ...where };
}

/** What the engine tells, with the names of the machine's own states; undefined when it is about none of them. */
export function ownEvent(event: EngineEvent): EngineEvent | undefined {
  const { state } = event;
  if (state === undefined) return event;
  if (state.name.startsWith(LEAD)) return undefined;
  return state.name.endsWith(AGAIN) ? { ...event, state: { ...state, name: state.name.slice(0, -AGAIN.length) } } : event;
}
