import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/** From the backup pair to a cluster in upgrade mode whose group launches the target version, with the surge node if there is one. */
export function preparePhase(steps: Steps, next: IChainable): IChainable {
  const hold = steps.task('Hold the group', {
    task: 'hold-group',
    payload: { plan: '$.plan' },
    result: '$.hold',
    comment: 'Records what must be put back, then suspends the scaling processes that would interfere.',
  });
  hold.next(upgradeMode(steps, image(steps, surge(steps, next))));
  return hold;
}

function upgradeMode(steps: Steps, next: IChainable): IChainable {
  return steps.loop({
    first: steps.task('Turn on upgrade mode', {
      task: 'enable-upgrade-mode',
      payload: { plan: '$.plan' },
      result: '$.upgradeMode',
      comment: 'Bitbucket lets nodes of a later bug-fix version join from here on.',
    }),
    question: 'Is upgrade mode on?',
    wait: 'Wait for upgrade mode',
    again: steps.task('Look at upgrade mode', {
      task: 'enable-upgrade-mode',
      payload: { plan: '$.plan', since: '$.upgradeMode.since' },
      result: '$.upgradeMode',
      comment: 'Reads the state; starts again only if it never began.',
    }),
    look: '$.upgradeMode',
    then: next,
  });
}

function image(steps: Steps, next: IChainable): IChainable {
  return steps
    .task('Point the group at the new image', {
      task: 'point-at-image',
      payload: { plan: '$.plan', image: 'target' },
      result: '$.image',
      comment: 'A new version of the launch template, made from the one in use. Only while upgrade mode is on.',
    })
    .next(next);
}

function surge(steps: Steps, next: IChainable): IChainable {
  const add = steps.task('Add the surge node', {
    task: 'add-surge',
    payload: { plan: '$.plan' },
    result: '$.surge',
    comment: 'One extra node, if the capacity strategy asks for it; otherwise nothing.',
  });
  const look = {
    task: 'await-replacement',
    result: '$.replacement',
    comment: 'Done when every node in service is good, and as many are in service as desired.',
  } as const;
  add.next(
    steps.loop({
      first: steps.task('Look at the surge node', { ...look, payload: { plan: '$.plan', rolled: '$.rolled' } }),
      question: 'Does the surge node serve?',
      wait: 'Wait for the surge node',
      again: steps.task('Look at the surge node again', {
        ...look,
        payload: { plan: '$.plan', rolled: '$.rolled', since: '$.replacement.since' },
      }),
      look: '$.replacement',
      then: next,
    }),
  );
  return add;
}
