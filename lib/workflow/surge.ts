import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/** The extra node, if the capacity strategy asks for one, and a cluster in which every node in service is good. */
export function surgePhase(steps: Steps, next: IChainable): IChainable {
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
