import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, IntegrationPattern, JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { START_RETRY } from './retries';
import type { Steps } from './steps';

/**
 * One old node after the other, each in an execution of its own: its looks do not add to this history, which grows by some 15 events a
 * node and so stays below 5,000 for 100 nodes.
 */
export function rollPhase(steps: Steps, replaceNode: IStateMachine, next: IChainable): IChainable {
  const begin = steps.shape(
    'Begin with the first node',
    { completed: [], expectedBootSeconds: '$.replacement.bootSeconds' }, // the surge node shows how long a boot takes
    '$.rolled',
  );
  const choice = {
    task: 'choose-node',
    result: '$.next',
    comment: 'The least busy node of the original version; only when the cluster is ready for it.',
  } as const;
  const choose = steps.task('Choose the next node', { ...choice, payload: { plan: '$.plan', rolled: '$.rolled' } });
  const again = steps.task('Choose the next node again', {
    ...choice,
    payload: { plan: '$.plan', rolled: '$.rolled', since: '$.next.since' },
  });
  const wait = steps.wait('Wait until the cluster is ready', '$.next');
  const left = Choice.jsonPath(steps.scope, 'Is a node left?')
    .when(Condition.stringEquals('$.next.verdict', 'wait'), wait)
    .when(Condition.stringEquals('$.next.action', 'none'), next)
    .otherwise(replace(steps, replaceNode).next(choose));
  wait.next(again);
  choose.next(left);
  again.next(left);
  return begin.next(choose);
}

/** A nested execution, awaited; its output is the new `$.rolled`. */
function replace(steps: Steps, replaceNode: IStateMachine): StepFunctionsStartExecution {
  const state = StepFunctionsStartExecution.jsonPath(steps.scope, 'Replace the node', {
    comment: 'Standby, drain, a good replacement, retire: an execution of its own.',
    stateMachine: replaceNode,
    integrationPattern: IntegrationPattern.RUN_JOB,
    associateWithParent: true,
    input: TaskInput.fromObject({
      plan: JsonPath.objectAt('$.plan'),
      node: JsonPath.objectAt('$.next.node'),
      action: JsonPath.stringAt('$.next.action'),
      rolled: JsonPath.objectAt('$.rolled'),
    }),
    resultSelector: {
      completed: JsonPath.objectAt('$.Output.completed'),
      expectedBootSeconds: JsonPath.objectAt('$.Output.expectedBootSeconds'),
    },
    resultPath: '$.rolled',
  });
  state.addRetry(START_RETRY);
  steps.catch(state);
  return state;
}
