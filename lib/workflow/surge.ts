import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/** The extra node, if the capacity strategy asks for one, and a cluster in which every node in service is good. */
export function surgePhase(steps: Steps, next: IChainable): IChainable {
  const add = steps.task('Add the surge node', {
    task: 'add-surge',
    payload: { plan: '$.plan', rolled: '$.rolled' },
    result: '$.surge',
    comment: 'One extra node, if the capacity strategy asks for it; otherwise nothing.',
  });
  add.next(
    steps.repeat({
      function: 'await-replacement',
      payload: { plan: '$.plan', rolled: '$.rolled' },
      look: '$.replacement',
      first: 'Look at the surge node',
      again: 'Look at the surge node again',
      question: 'Does the surge node serve?',
      wait: 'Wait for the surge node',
      comment: 'Done when every node in service is good, and as many are in service as desired.',
      then: next,
    }),
  );
  return add;
}
