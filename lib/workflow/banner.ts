import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Steps } from './steps';

/**
 * Puts up Bitbucket's banner, before anything else is changed. One that cannot be put up is a warning of the report; but a run that does not hold
 * the lock any more begins anew.
 *
 * @param again where a run begins anew
 */
export function putUpBanner(steps: Steps, again: IChainable, next: IChainable): IChainable {
  return steps
    .catching(next, '$.bannerFailure', again)
    .task('Put up the banner', {
      task: 'put-up-banner',
      payload: { plan: '$.plan' },
      result: '$.banner',
      comment: 'Nobody should change apps now. Records the banner from before, and the apps, so that a later run can put back and compare.',
    })
    .next(next);
}

/**
 * Puts back the banner from before.
 *
 * @param made path of what the cluster is made of, or a constant: what is recorded of the apps stays while an upgrade can be gone on with
 * @param finalized the last look at the finalization, or nothing where there is none
 */
export function takeDownBanner(steps: Steps, name: string, plan: unknown, made: string, finalized?: unknown): LambdaInvoke {
  return steps.task(name, {
    task: 'take-down-banner',
    payload: { plan, made, ...(finalized !== undefined && { finalized }) },
    result: '$.banner',
    comment: 'As it was before. One that somebody put up meanwhile stays.',
  });
}

/** Compares the apps with those at the start. What it finds, and its own error, are warnings of the report. */
export function compareApps(steps: Steps, next: IChainable): IChainable {
  return steps
    .catching(next, '$.appsFailure')
    .task('Compare the apps', {
      task: 'compare-apps',
      payload: { plan: '$.plan' },
      result: '$.apps',
      comment: 'Those that were installed, updated or removed meanwhile are told in the report.',
    })
    .next(next);
}
