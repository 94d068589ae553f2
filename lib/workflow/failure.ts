import type { Duration } from 'aws-cdk-lib';
import type { IChainable, IStateMachine, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Announcer } from './announce';
import { closing } from './closing';
import { holdPhase } from './hold';
import { unlessLockLost } from './lock-lost';
import { CapacityLoop, pointAtSettled } from './restore';
import { rollBackPhase } from './roll-back';
import type { Steps } from './steps';

/** The ways into the phase, and the one way back out of it. */
export interface FailurePhase {
  /** For any error after the lock was taken: `$.failure` says which. */
  readonly start: IChainable;
  /** For an error once the upgrade is final: nothing but the banner and the lock is put back any more. */
  readonly takeDownBanner: IChainable;
  /** For an error once nothing is left to put back. */
  readonly report: IChainable;
  /** Its next state is where the run goes on with a fresh instance. */
  readonly retry: Pass;
}

/** What the phase is made with. */
export interface FailureProps {
  readonly replaceNode: IStateMachine;
  /** How long an operator's answer is awaited. */
  readonly holdLimit: Duration;
  /** Where a run begins anew that is redriven, and does not hold the lock any more. */
  readonly again: IChainable;
  readonly announce: Announcer;
}

/**
 * After a failure capacity is restored first, unless this is not the run's any more: then the run begins anew; then, if the group was held at all, it is decided whether a fresh instance is
 * tried, the run is rolled back, an operator is asked, or the run stops. Each turn of these loops costs a part of the replacement budget, or an operator's answer within its limit.
 */
export function failurePhase(steps: Steps, { replaceNode, holdLimit, again, announce }: FailureProps): FailurePhase {
  const { settings, banner, report } = closing(steps, again);
  const keeping = steps.catching(settings, '$.restoreFailure', again);
  const capacity = new CapacityLoop(keeping, {
    first: 'Restore capacity',
    question: 'Is capacity restored?',
    wait: 'Wait for capacity',
    again: 'Look at the restored capacity',
    surplus: 'keep',
    hold: '$.hold',
  });
  const start = unlessLockLost(steps, 'Is the lock lost?', again, pointAtSettled(steps, capacity.start, again));
  const decide = keeping.task('Decide what follows', {
    task: 'decide-recovery',
    payload: {
      plan: '$.plan',
      failure: '$.failure',
      made: '$.capacity.made',
      rolled: '$.rolled',
      next: '$.next',
      answer: '$.answer',
    },
    result: '$.decision',
    comment: 'From the failure, what the cluster is made of, the failure policy, and the answer of an operator if there is one.',
  });
  const retry = steps.pick('Try again with a fresh instance', '$.decision.rolled', '$.rolled');
  const what = Choice.jsonPath(steps.scope, 'What follows?')
    .when(action('retry'), retry)
    .when(action('roll-back'), rollBackPhase(steps.catching(start), replaceNode, announce, settings))
    .when(action('hold'), holdPhase(steps, holdLimit, decide))
    .otherwise(giveBack(keeping, settings));
  // An answer counts once: the next failure is asked about again.
  decide.next(steps.shape('Take the answer as used', { answer: '' }, '$.answer')).next(what);
  const unchanged = steps.shape('Nothing was changed', { outcome: 'FAILED', made: '$.capacity.made' }, '$.end');
  unchanged.next(banner);
  const held = Choice.jsonPath(steps.scope, 'Was the group held?')
    .when(Condition.booleanEquals('$.capacity.held', false), unchanged)
    .otherwise(decide);
  capacity.then(held);
  return { start, takeDownBanner: unlessLockLost(steps, 'Was the lock lost at the end?', again, banner), report, retry };
}

function action(name: string): Condition {
  return Condition.stringEquals('$.decision.action', name);
}

/** The run stops: nodes of both versions may go on serving, but no more of them than planned. */
function giveBack(steps: Steps, settings: IChainable): IChainable {
  const surplus = new CapacityLoop(steps, {
    first: 'Give back the surge',
    question: 'Is the surge given back?',
    wait: 'Wait for the surge to go',
    again: 'Look at the surge that is given back',
    surplus: 'give-back',
    hold: '$.hold',
  });
  return surplus.then(settings);
}
