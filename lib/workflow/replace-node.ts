import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/**
 * The machine `ReplaceNode`: input `{plan, node, action, rolled}`, output the new `rolled`. It catches nothing: an error ends the nested
 * execution, and the main one decides what to do about it.
 *
 * The replacement is awaited before the draining is looked at: the node drains by itself meanwhile, mostly sooner than another boots.
 */
export function replaceNode(steps: Steps): IChainable {
  const standBy = steps.task('Put the node in Standby', {
    task: 'stand-by',
    payload: { plan: '$.plan', node: '$.node', action: '$.action', redriveCount: '$$.Execution.RedriveCount' },
    result: '$.standby',
    comment: 'It takes no new requests; unless it is surplus, the group starts its replacement at once.',
  });
  const follows = Choice.jsonPath(steps.scope, 'Does a replacement follow?')
    .when(Condition.stringEquals('$.action', 'replace'), awaitReplacement(steps, retire(steps)))
    .otherwise(awaitDrained(steps, 'the surplus node', retireSurplus(steps)));
  return standBy.next(follows);
}

function awaitReplacement(steps: Steps, retired: IChainable): IChainable {
  return steps.repeat({
    function: 'await-replacement',
    payload: { plan: '$.plan', rolled: '$.rolled' },
    look: '$.replacement',
    first: 'Look at the replacement',
    again: 'Look at the replacement again',
    question: 'Is the replacement good?',
    wait: 'Wait for the replacement',
    comment: 'Good: booted, on the target version, joined, seen by all others, healthy in every target group.',
    then: bake(steps, awaitDrained(steps, 'the old node', retired)),
  });
}

/** The new node is watched while the old one, which could still return, drains. */
function bake(steps: Steps, next: IChainable): IChainable {
  return steps.repeat({
    function: 'bake-node',
    payload: { plan: '$.plan', rolled: '$.rolled', replacement: '$.replacement' },
    look: '$.bake',
    first: 'Bake the new node',
    again: 'Look at the baking node',
    question: 'Has the new node proved itself?',
    wait: 'Wait while the new node bakes',
    comment: 'Fails when an alarm goes off, or the node is not good any more. Done when its time has passed, at once without a bake.',
    then: next,
  });
}

function awaitDrained(steps: Steps, what: string, retired: IChainable): IChainable {
  return steps.loop({
    first: steps.task(`Look at ${what} draining`, {
      task: 'await-drained',
      payload: { plan: '$.plan', node: '$.node', standby: '$.standby' },
      result: '$.drain',
      comment: 'Done when every target group has let go of it, or the drain limit has passed.',
    }),
    question: `Is ${what} drained?`,
    wait: `Wait for ${what} to drain`,
    look: '$.drain',
    then: retired,
  });
}

function retire(steps: Steps): IChainable {
  return steps.task('Retire the old node', {
    task: 'retire-node',
    payload: {
      plan: '$.plan',
      node: '$.node',
      rolled: '$.rolled',
      standby: '$.standby',
      drain: '$.drain',
      replacement: '$.replacement',
      redriveCount: '$$.Execution.RedriveCount',
    },
    comment: 'Terminated through the group. Until here it was the way back.',
  });
}

function retireSurplus(steps: Steps): IChainable {
  return steps.task('Retire the surplus node', {
    task: 'retire-node',
    payload: {
      plan: '$.plan',
      node: '$.node',
      rolled: '$.rolled',
      standby: '$.standby',
      drain: '$.drain',
      redriveCount: '$$.Execution.RedriveCount',
    },
    comment: 'Nothing takes its place: the surge is given back.',
  });
}
