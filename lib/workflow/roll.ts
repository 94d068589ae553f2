import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, IntegrationPattern, JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { ApprovalsSpec } from '../contract/approvals';
import type { Announcement, Announcer } from './announce';
import type { GateWays } from './gates';
import { firstNodeGate } from './gates';
import { START_RETRY } from './retries';
import type { Steps } from './steps';

/** Names of the states that replace one node after the other. */
export interface RollNames {
  readonly choose: string;
  readonly again: string;
  readonly wait: string;
  readonly left: string;
  readonly replace: string;
}

/** What the phase is made with. */
export interface RollProps extends Pick<GateWays, 'refused' | 'again'> {
  readonly replaceNode: IStateMachine;
  readonly approvals: ApprovalsSpec;
  readonly announce: Announcer;
}

/** From the surge node to a cluster without a node of the original version. */
export function rollPhase(steps: Steps, { replaceNode, approvals, announce, ...ways }: RollProps, next: IChainable): IChainable {
  const begin = steps.shape(
    'Begin with the first node',
    {
      completed: '$.rolled.completed', // not empty when a failed node is tried again
      expectedBootSeconds: '$.replacement.bootSeconds', // the surge node shows how long a boot takes
      failures: '$.rolled.failures',
      postponed: '$.rolled.postponed',
    },
    '$.rolled',
  );
  const names = {
    choose: 'Choose the next node',
    again: 'Choose the next node again',
    wait: 'Wait until the cluster is ready',
    left: 'Is a node left?',
    replace: 'Replace the node',
  };
  return begin.next(
    nodeByNode(steps, replaceNode, names, next, {
      before: (passed, approved) => firstNodeGate(steps, approvals, { passed, approved, ...ways }),
      after: (then) => announce(steps, NODE_REPLACED, then),
    }),
  );
}

const NODE_REPLACED: Announcement = {
  name: 'Tell that the node is replaced',
  event: 'node-replaced',
  payload: { rolled: '$.rolled' },
  comment: 'Which of how many, by whom, and how long it took.',
};

/** What comes around the replacement of each node. */
export interface AroundReplacing {
  /** Between the choice of a node and its replacement: where it leads on, and where to choose again. */
  readonly before: (replace: IChainable, choose: IChainable) => IChainable;
  /** Between its replacement and the choice of the next one. */
  readonly after: (then: IChainable) => IChainable;
}

const NOTHING_MORE: AroundReplacing = { before: (replacing) => replacing, after: (then) => then };

/**
 * One node of the plan's original version after the other, each in an execution of its own: its looks do not add to this history, which grows by
 * some 20 events a node and so stays below 5,000 for 100 nodes. A plan that is turned round makes the same steps roll back.
 *
 * @param replaced makes what is done after each node, before the next one is chosen
 */
export function nodeByNode(
  steps: Steps,
  replaceNode: IStateMachine,
  names: RollNames,
  next: IChainable,
  { before, after }: AroundReplacing = NOTHING_MORE,
): IChainable {
  const choice = {
    task: 'choose-node',
    result: '$.next',
    comment: 'The least busy node that is to be replaced; only when the cluster is ready for it.',
  } as const;
  const payload = { plan: '$.plan', rolled: '$.rolled' };
  const choose = steps.task(names.choose, { ...choice, payload });
  const again = steps.task(names.again, { ...choice, payload: { ...payload, since: '$.next.since' } });
  const wait = steps.wait(names.wait, '$.next');
  const left = Choice.jsonPath(steps.scope, names.left)
    .when(Condition.stringEquals('$.next.verdict', 'wait'), wait)
    .when(Condition.stringEquals('$.next.action', 'none'), next)
    .otherwise(before(replace(steps, replaceNode, names.replace).next(after(choose)), choose));
  wait.next(again);
  choose.next(left);
  again.next(left);
  return choose;
}

/** A nested execution, awaited; its output is the new `$.rolled`. */
function replace(steps: Steps, replaceNode: IStateMachine, name: string): StepFunctionsStartExecution {
  const state = StepFunctionsStartExecution.jsonPath(steps.scope, name, {
    comment: 'Standby, a good replacement, bake, drain, retire: an execution of its own.',
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
      failures: JsonPath.objectAt('$.Output.failures'),
      postponed: JsonPath.objectAt('$.Output.postponed'),
    },
    resultPath: '$.rolled',
  });
  state.addRetry(START_RETRY);
  steps.catch(state);
  return state;
}
