import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/**
 * The machine `ReplaceNode`: input `{plan, node, action, rolled}`, output the new `rolled`. It catches nothing: an error ends the nested
 * execution, and the main one decides what to do about it.
 */
export function replaceNode(steps: Steps): IChainable {
  const standBy = steps.task('Put the node in Standby', {
    task: 'stand-by',
    payload: { plan: '$.plan', node: '$.node', action: '$.action' },
    result: '$.standby',
    comment: 'It takes no new requests; unless it is surplus, the group starts its replacement at once.',
  });
  const follows = Choice.jsonPath(steps.scope, 'Does a replacement follow?')
    .when(Condition.stringEquals('$.action', 'replace'), awaitReplacement(steps))
    .otherwise(retireSurplus(steps));
  const drained = steps.loop({
    first: steps.task('Look at the draining node', {
      task: 'await-drained',
      payload: { plan: '$.plan', node: '$.node', standby: '$.standby' },
      result: '$.drain',
      comment: 'Done when every target group has let go of it, or the drain limit has passed.',
    }),
    question: 'Is the node drained?',
    wait: 'Wait for the node to drain',
    look: '$.drain',
    then: follows,
  });
  return standBy.next(drained);
}

function awaitReplacement(steps: Steps): IChainable {
  const step = {
    task: 'await-replacement',
    result: '$.replacement',
    comment: 'Good: booted, on the target version, joined, seen by all others, healthy in every target group.',
  } as const;
  const retire = steps.task('Retire the old node', {
    task: 'retire-node',
    payload: {
      plan: '$.plan',
      node: '$.node',
      rolled: '$.rolled',
      standby: '$.standby',
      drain: '$.drain',
      replacement: '$.replacement',
    },
    comment: 'Terminated through the group. Until here it was the way back.',
  });
  return steps.loop({
    first: steps.task('Look at the replacement', { ...step, payload: { plan: '$.plan', rolled: '$.rolled' } }),
    question: 'Is the replacement good?',
    wait: 'Wait for the replacement',
    again: steps.task('Look at the replacement again', {
      ...step,
      payload: { plan: '$.plan', rolled: '$.rolled', since: '$.replacement.since' },
    }),
    look: '$.replacement',
    then: retire,
  });
}

function retireSurplus(steps: Steps): IChainable {
  return steps.task('Retire the surplus node', {
    task: 'retire-node',
    payload: { plan: '$.plan', node: '$.node', rolled: '$.rolled', standby: '$.standby', drain: '$.drain' },
    comment: 'Nothing takes its place: the surge is given back.',
  });
}
