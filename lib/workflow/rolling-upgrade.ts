import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { backupPhase } from './backup';
import { finishPhase } from './finish';
import { preparePhase } from './prepare';
import { refusal } from './report';
import { requestPhase } from './request';
import { rollPhase } from './roll';
import type { Steps } from './steps';
import { stopSafely } from './stop-safely';

/** The machine `RollingUpgrade`: the phases in their order, each with the way it fails. */
export function rollingUpgrade(steps: Steps, replaceNode: IStateMachine): IChainable {
  const stop = stopSafely(steps);
  const safely = steps.catching(stop.start);
  const finish = finishPhase(steps, { stopSafely: stop.start, releaseLock: stop.releaseLock, report: stop.report });
  const roll = rollPhase(safely, replaceNode, finish);
  const prepare = preparePhase(safely, roll);
  const backup = backupPhase(steps, stop.start, prepare);
  return requestPhase(steps, refusal(steps), backup);
}
