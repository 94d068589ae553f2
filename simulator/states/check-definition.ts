// eslint-disable-next-line @typescript-eslint/no-require-imports -- the package exports a bare function
import validate = require('asl-validator');

type Fields = Readonly<Record<string, unknown>>;

/** One state with its name, and whether it is inside a Parallel branch or a Map. */
export interface NamedState {
  readonly name: string;
  readonly state: Fields;
  readonly nested: boolean;
}

const COMMON = ['Type', 'Comment', 'QueryLanguage', 'InputPath', 'OutputPath', 'Next', 'End'];
const RESULT = ['Parameters', 'ResultPath', 'ResultSelector', 'Retry', 'Catch'];

/** The fields of each state type that the engine carries out. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...COMMON, ...RESULT, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds'],
  Parallel: [...COMMON, ...RESULT, 'Branches'],
  Map: [...COMMON, ...RESULT, 'ItemProcessor', 'Iterator', 'ItemSelector', 'ItemsPath', 'MaxConcurrency', 'MaxConcurrencyPath'],
  Pass: [...COMMON, 'Parameters', 'ResultPath', 'Result'],
  Wait: [...COMMON, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Choice: [...COMMON, 'Choices', 'Default'],
  Succeed: COMMON,
  Fail: ['Type', 'Comment', 'QueryLanguage', 'Error', 'ErrorPath', 'Cause', 'CausePath'],
};

const CONTEXT_PATH = /^\$\$\.(Execution\.(Id|Name|StartTime|Input|RedriveCount)|StateMachine\.(Id|Name))(\.|$)/;

const LIVE_PATH = /^\$\$\.(Task\.Token|State\.EnteredTime)$/;

/** Intrinsic functions whose results the engine gives as AWS does. It strips backslashes from strings, so that `States.JsonToString` would be wrong. */
const INTRINSICS = new Set([
  ...['States.Format', 'States.Array', 'States.ArrayLength', 'States.ArrayContains', 'States.ArrayGetItem', 'States.ArrayUnique'],
  ...['States.ArrayRange', 'States.ArrayPartition', 'States.MathAdd', 'States.JsonMerge', 'States.StringToJson', 'States.UUID'],
]);

/** A nested execution that is awaited. */
export const START_EXECUTION = 'arn:aws:states:::states:startExecution.sync:2';
/** A function that is invoked with a token; the task ends when the token is answered. */
export const INVOKE_AND_WAIT = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
const FUNCTION_ARN = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

/** Every state of a definition, branches and item processors included. */
export function statesOf(definition: Fields, nested = false): NamedState[] {
  return Object.entries((definition['States'] ?? {}) as Record<string, Fields>).flatMap(([name, state]) => {
    const inner = [...((state['Branches'] ?? []) as Fields[]), state['ItemProcessor'], state['Iterator']] as (Fields | undefined)[];
    return [{ name, state, nested }, ...inner.flatMap((definition) => (definition === undefined ? [] : statesOf(definition, true)))];
  });
}

/**
 * What a definition uses that the engine would ignore or do differently from AWS, and what is wrong with it. A simulation refuses such a definition:
 * it must never report success for something that it did not carry out.
 */
export function definitionProblems(definition: Fields): string[] {
  const problems: string[] = [];
  const { isValid, errorsText } = validate(structuredClone(definition), { checkArn: true, checkPaths: true });
  if (!isValid) problems.push(errorsText('; '));
  if (definition['QueryLanguage'] === 'JSONata') problems.push('the simulator does not model JSONata');
  const names = new Set<string>();
  for (const { name, state, nested } of statesOf(definition)) {
    const about = (text: string): void => {
      problems.push(`state "${name}": ${text}`);
    };
    if (names.has(name)) about('another state has the same name');
    names.add(name);
    stateProblems(state, nested).forEach(about);
  }
  return problems;
}

function stateProblems(state: Fields, nested: boolean): string[] {
  const problems: string[] = [];
  const type = state['Type'] as string;
  if (state['QueryLanguage'] === 'JSONata') problems.push('the simulator does not model JSONata');
  for (const field of Object.keys(state)) {
    if (FIELDS[type]?.includes(field) !== true) problems.push(`the simulator does not model ${field} of a ${type} state`);
  }
  if (type === 'Pass' && 'Result' in state && !state['Result'])
    problems.push('the engine ignores a Result that is 0, false, empty or null');
  if (type === 'Fail') problems.push(...failProblems(state));
  if (type === 'Task') {
    const resource = String(state['Resource']);
    if (resource !== START_EXECUTION && resource !== INVOKE_AND_WAIT && !FUNCTION_ARN.test(resource))
      problems.push(`the simulator does not model the task resource ${resource}`);
    problems.push(...(resource === INVOKE_AND_WAIT ? callbackProblems(state) : []));
    if (resource !== INVOKE_AND_WAIT && 'HeartbeatSeconds' in state)
      problems.push('the simulator models HeartbeatSeconds only of tasks that wait for a token');
  }
  const processor = (state['ItemProcessor'] ?? {}) as { ProcessorConfig?: { Mode?: string } };
  if (processor.ProcessorConfig?.Mode === 'DISTRIBUTED') problems.push('the simulator does not model a distributed Map');
  for (const path of pathsOf(state)) problems.push(...pathProblems(path, nested, state));
  problems.push(...liveContextProblems(state));
  return problems;
}

function callbackProblems(state: Fields): string[] {
  const problems = [];
  const given = Object.keys((state['Parameters'] ?? {}) as Fields).map((key) => key.replace(/\.\$$/, ''));
  for (const name of given)
    if (!['FunctionName', 'Payload'].includes(name)) problems.push(`the simulator does not model the parameter ${name}`);
  if ('TimeoutSecondsPath' in state) problems.push('the simulator does not model TimeoutSecondsPath of a task that waits for a token');
  if (!JSON.stringify(state['Parameters'] ?? {}).includes('$$.Task.Token'))
    problems.push('nobody could answer: $$.Task.Token is not in its parameters');
  if (JSON.stringify([state['Retry'], state['Catch']]).includes('"States.TaskFailed"'))
    problems.push('the engine matches States.TaskFailed with a time-out of a task that waits for a token: name the errors, or States.ALL');
  return problems;
}

function failProblems(state: Fields): string[] {
  const problems = [];
  if (!('Error' in state) && !('ErrorPath' in state))
    problems.push('the engine invents an error name for a Fail state without Error or ErrorPath');
  for (const field of ['ErrorPath', 'CausePath']) {
    if (field in state && !String(state[field]).startsWith('$')) problems.push(`the engine takes only a path in ${field}`);
  }
  return problems;
}

/** The strings of a state that are paths or intrinsic functions; nested states are looked at by themselves. */
function pathsOf(value: unknown, isPath = false): string[] {
  if (typeof value === 'string') return isPath ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    ['Branches', 'ItemProcessor', 'Iterator', 'Result'].includes(key)
      ? []
      : pathsOf(item, key.endsWith('.$') || key.endsWith('Path') || key === 'Variable'),
  );
}

/** `$$` paths whose value changes are right only where the engine asks for them at the state's beginning. */
function liveContextProblems({ Parameters: parameters, ...state }: Fields): string[] {
  const problems: string[] = [];
  const [inParameters, elsewhere] = [pathsOf(parameters).join(), pathsOf(state).join()];
  if (elsewhere.includes('$$.Task.Token') || (inParameters.includes('$$.Task.Token') && state['Resource'] !== INVOKE_AND_WAIT))
    problems.push('the simulator models $$.Task.Token only in Parameters of a task that waits for it');
  if (elsewhere.includes('$$.State.EnteredTime') || (inParameters.includes('$$.State.EnteredTime') && 'Retry' in state))
    problems.push('the simulator models $$.State.EnteredTime only in Parameters of a state without Retry');
  return problems;
}

/** Names, and places in arrays: https://states-language.net/spec.html#ref-paths */
const REFERENCE_PATH = /^\$(?:\.[A-Za-z_]\w*|\[\d+\])+$/;

function pathProblems(path: string, nested: boolean, state: Fields): string[] {
  const problems: string[] = [];
  const outside = path.replace(/'(?:[^'\\]|\\.)*'/g, "''"); // text in quotes is no path
  for (const [context] of outside.matchAll(/\$\$[\w.]*/g)) {
    const ofMap = state['Type'] === 'Map' && context.startsWith('$$.Map.Item.');
    if (!CONTEXT_PATH.test(context) && !LIVE_PATH.test(context) && !ofMap) problems.push(`the simulator does not model ${context}`);
    if (nested && /^\$\$\.Execution\.(StartTime|Input)/.test(context)) problems.push(`the engine gives the branch's own ${context}`);
  }
  // A reference path is followed by hand (`engine.ts`); with a place in an array it is not tried where a result is put.
  const followed = REFERENCE_PATH.test(path) && state['ResultPath'] !== path;
  if (!followed && (/\$[\w.]*\[/.test(outside) || outside.includes('..') || outside.includes('*'))) {
    problems.push(`engines differ on ${path}: shape data in a Lambda function`);
  }
  if (/\$[A-Za-z_]/.test(outside)) problems.push(`the simulator does not model variables (${path})`);
  for (const [name] of outside.matchAll(/States\.\w+/g)) {
    if (!INTRINSICS.has(name)) problems.push(`the simulator does not model the intrinsic function ${name}`);
  }
  return problems;
}
