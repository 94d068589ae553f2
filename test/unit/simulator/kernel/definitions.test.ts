import { definitionProblems } from '../../../../simulator/states/check-definition';

const FUNCTION = 'arn:aws:lambda:eu-central-1:111111111111:function:f';
const one = (state: Record<string, unknown>): Record<string, unknown> => ({ StartAt: 'S', States: { S: { End: true, ...state } } });
const pass = (fields: Record<string, unknown>): Record<string, unknown> => one({ Type: 'Pass', ...fields });
const task = (fields: Record<string, unknown>): Record<string, unknown> => one({ Type: 'Task', Resource: FUNCTION, ...fields });
const callback = (fields: Record<string, unknown>): Record<string, unknown> =>
  one({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: FUNCTION, Payload: { 'token.$': '$$.Task.Token' } },
    ...fields,
  });
const inBranch = (state: Record<string, unknown>): Record<string, unknown> =>
  one({ Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', End: true, ...state } } }] });

test.each([
  [
    'plain JSONPath',
    task({ Parameters: { 'a.$': '$.b.c', 'id.$': '$$.Execution.Id', 'text.$': "States.Format('$.x[0] is {}', $.a)" }, ResultPath: '$.r' }),
  ],
  [
    'a nested execution',
    one({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: 'a', 'Input.$': '$' } }),
  ],
  ['a function that is answered for by its token', callback({ TimeoutSeconds: 60, HeartbeatSeconds: 10 })],
  ['the time of entering a state', pass({ Parameters: { 'at.$': '$$.State.EnteredTime', 'n.$': '$$.Execution.RedriveCount' } })],
  ['one element of an array', pass({ InputPath: '$.a[0].b[12]', Parameters: { 'c.$': '$.c[1]' } })],
  ['the context in a branch, if it is the same there', inBranch({ Parameters: { 'id.$': '$$.Execution.Id' } })],
])('%s is accepted', (_name, definition) => {
  expect(definitionProblems(definition)).toEqual([]);
});

test.each([
  ['JSONata', pass({ QueryLanguage: 'JSONata' }), 'does not model JSONata'],
  ['JSONata of the machine', { ...pass({}), QueryLanguage: 'JSONata' }, 'does not model JSONata'],
  ['variables', pass({ Assign: { x: 1 } }), 'does not model Assign of a Pass state'],
  ['a variable that is read', pass({ Parameters: { 'a.$': '$x' } }), 'does not model variables'],
  ['a task token', task({ Parameters: { 'token.$': '$$.Task.Token' } }), 'only in Parameters of a task that waits for it'],
  ['the state in the context', pass({ Parameters: { 'a.$': '$$.State.Name' } }), 'does not model $$.State.Name'],
  ['the start time in a branch', inBranch({ Parameters: { 'a.$': '$$.Execution.StartTime' } }), "the branch's own $$.Execution.StartTime"],
  ['an index in an intrinsic function', pass({ Parameters: { 'a.$': 'States.Array($.a[0])' } }), 'engines differ on States.Array($.a[0])'],
  ['an index where a result is put', pass({ ResultPath: '$.a[0]' }), 'engines differ on $.a[0]'],
  ['slices', pass({ InputPath: '$.a[0:1]' }), 'engines differ on $.a[0:1]'],
  ['wildcards in paths', pass({ InputPath: '$.a.*' }), 'engines differ on $.a.*'],
  ['a falsy result', pass({ Result: 0 }), 'ignores a Result that is 0'],
  [
    'a distributed map',
    one({
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'B',
        States: { B: { Type: 'Pass', End: true } },
      },
    }),
    'distributed Map',
  ],
  [
    'another service integration',
    one({ Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Parameters: {} }),
    'task resource arn:aws:states:::sns:publish',
  ],
  ['heartbeats', task({ HeartbeatSeconds: 5 }), 'HeartbeatSeconds only of tasks that wait for a token'],
  ['a task that nobody could answer', callback({ Parameters: { FunctionName: FUNCTION, Payload: {} } }), 'nobody could answer'],
  ['a limit that comes from the state', callback({ TimeoutSecondsPath: '$.limit' }), 'TimeoutSecondsPath of a task that waits for a token'],
  [
    'an error name that the engine would match with a time-out',
    callback({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'S' }] }),
    'matches States.TaskFailed with a time-out',
  ],
  [
    'the time of entering a state that is tried again',
    task({ Parameters: { 'at.$': '$$.State.EnteredTime' }, Retry: [{ ErrorEquals: ['Busy'] }] }),
    'only in Parameters of a state without Retry',
  ],
  [
    'a function that the engine gets wrong',
    pass({ Parameters: { 'a.$': 'States.JsonToString($)' } }),
    'intrinsic function States.JsonToString',
  ],
  ['a state that nobody has', { StartAt: 'X', States: { S: { Type: 'Succeed' } } }, 'X'],
])('%s is refused, with the state', (_name, definition, message) => {
  expect(definitionProblems(definition).join('\n')).toContain(message);
});

test('every problem is told, each with its state', () => {
  const problems = definitionProblems({
    StartAt: 'A',
    States: { A: { Type: 'Pass', Result: 0, Next: 'B' }, B: { Type: 'Pass', Assign: {}, End: true } },
  }).join('\n');
  expect(problems).toContain('state "A"');
  expect(problems).toContain('state "B"');
});
