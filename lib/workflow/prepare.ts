import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/** From the complete backup to a cluster in upgrade mode whose group launches the target version. */
export function preparePhase(steps: Steps, next: IChainable): IChainable {
  const hold = steps.task('Hold the group', {
    task: 'hold-group',
    payload: { plan: '$.plan' },
    result: '$.hold',
    comment: 'Records what must be put back, then suspends the scaling processes that would interfere.',
  });
  hold.next(upgradeMode(steps, image(steps, next)));
  return hold;
}

function upgradeMode(steps: Steps, next: IChainable): IChainable {
  return steps.repeat({
    function: 'enable-upgrade-mode',
    payload: { plan: '$.plan' },
    look: '$.upgradeMode',
    first: 'Turn on upgrade mode',
    again: 'Look at upgrade mode',
    question: 'Is upgrade mode on?',
    wait: 'Wait for upgrade mode',
    comment: 'Bitbucket lets nodes of a later bug-fix version join from here on.',
    commentAgain: 'Reads the state; starts again only if it never began.',
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
