import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { backupPhase } from './backup';
import type { FailureProps } from './failure';
import { failurePhase } from './failure';
import { finishPhase } from './finish';
import { preparePhase } from './prepare';
import { refusal, requestPhase, takeRequest } from './request';
import { rollPhase } from './roll';
import type { Steps } from './steps';
import { surgePhase } from './surge';

/** The machine `RollingUpgrade`: the phases in their order, each with the way it fails. */
export function rollingUpgrade(steps: Steps, props: Omit<FailureProps, 'again'>): IChainable {
  const take = takeRequest(steps);
  const failure = failurePhase(steps, { ...props, again: take });
  const caught = steps.catching(failure.start);
  const finish = finishPhase(steps, { failed: failure.start, releaseLock: failure.releaseLock, report: failure.report });
  const surge = surgePhase(caught, rollPhase(caught, props.replaceNode, finish));
  failure.retry.next(surge);
  const backup = backupPhase(steps, failure.start, preparePhase(caught, surge));
  return requestPhase(steps, { take, refusal: refusal(steps, take), replaceNode: props.replaceNode, next: backup });
}
