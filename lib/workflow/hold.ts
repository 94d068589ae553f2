import type { Duration } from 'aws-cdk-lib';
import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/**
 * Waits for an operator's answer, which decides what follows. A time-out, a refused token, or a question that could not be asked is the
 * answer `stop`.
 */
export function holdPhase(steps: Steps, limit: Duration, decide: IChainable): IChainable {
  const nobody = steps.shape('Nobody answered', { answer: 'stop' }, '$.answer');
  nobody.next(decide);
  return steps
    .catching(nobody, '$.unanswered')
    .ask('Hold for the operator', {
      task: 'ask-operator',
      payload: {
        token: '$$.Task.Token',
        plan: '$.plan',
        run: '$.run',
        reason: '$.decision.reason',
        failure: '$.failure',
        holdLimit: limit.toSeconds(),
      },
      result: '$.answer',
      comment: 'The cluster serves meanwhile. Answer with the task token that was sent.',
      limit,
    })
    .next(decide);
}
