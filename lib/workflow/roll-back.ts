import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Announcement, Announcer } from './announce';
import { cancelUpgradeMode, pointBack } from './restore';
import { nodeByNode } from './roll';
import type { Steps } from './steps';

/**
 * The engine run backwards: with the plan turned round, the upgraded nodes are the ones to be replaced, by original ones; then upgrade mode is
 * turned off. With nothing replaced, only that is done.
 */
export function rollBackPhase(steps: Steps, replaceNode: IStateMachine, announce: Announcer, next: IChainable): IChainable {
  const turn = steps.pick('Turn the plan round', '$.decision.plan', '$.plan');
  const begin = steps.pick('Begin to roll back', '$.decision.rolled', '$.rolled');
  const undone = steps.shape('All is as it was before', { outcome: 'ROLLED_BACK', made: 'original' }, '$.end');
  const names = {
    choose: 'Choose the next node to roll back',
    again: 'Choose the next node to roll back again',
    wait: 'Wait until the cluster is ready to roll back',
    left: 'Is a node left to roll back?',
    replace: 'Roll the node back',
  };
  const nodes = nodeByNode(steps, replaceNode, names, cancelUpgradeMode(steps, undone.next(next)));
  const back = pointBack(steps, 'target');
  back.next(withRoom(steps, nodes));
  return turn.next(begin).next(announce(steps, ROLLING_BACK, back));
}

const ROLLING_BACK: Announcement = {
  name: 'Tell that the upgrade is rolled back',
  event: 'rolling-back',
  payload: { rolled: '$.rolled', made: '$.capacity.made', reason: '$.decision.reason' },
  comment: 'Why, and what follows.',
};

/** While new nodes are left the roll back needs the surge as the upgrade did; it may be gone: a run was continued, or had replaced every node. */
function withRoom(steps: Steps, nodes: IChainable): IChainable {
  const surge = steps.task('Add a surge node to roll back', {
    task: 'add-surge',
    payload: { plan: '$.plan' },
    result: '$.surge',
    comment: 'Nothing happens if it is there already, or the nodes are replaced within capacity.',
  });
  return Choice.jsonPath(steps.scope, 'Is there a new node to roll back?')
    .when(Condition.stringEquals('$.capacity.made', 'original'), nodes)
    .otherwise(surge.next(nodes));
}
