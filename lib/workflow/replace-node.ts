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
  const step = {
    task: 'await-replacement',
    result: '$.replacement',
    comment: 'Good: booted, on the target version, joined, seen by all others, healthy in every target group.',
  } as const;
  return steps.loop({
    first: steps.task('Look at the replacement', { ...step, payload: { plan: '$.plan', rolled: '$.rolled' } }),
    question: 'Is the replacement good?',
    wait: 'Wait for the replacement',
    again: steps.task('Look at the replacement again', {
      ...step,
      payload: { plan: '$.plan', rolled: '$.rolled', since: '$.replacement.since' },
    }),
    look: '$.replacement',
    then: bake(steps, awaitDrained(steps, 'the old node', retired)),
  });
}

/** The new node is watched while the old one, which could still return, drains. */
function bake(steps: Steps, next: IChainable): IChainable {
  const step = {
    task: 'bake-node',
    result: '$.bake',
    comment: 'Fails when an alarm goes off, or the node is not good any more. Done when its time has passed, at once without a bake.',
  } as const;
  const payload = { plan: '$.plan', rolled: '$.rolled', replacement: '$.replacement' };
  return steps.loop({
    first: steps.task('Bake the new node', { ...step, payload }),
    question: 'Has the new node proved itself?',
    wait: 'Wait while the new node bakes',
    again: steps.task('Look at the baking node', { ...step, payload: { ...payload, since: '$.bake.since' } }),
    look: '$.bake',
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
