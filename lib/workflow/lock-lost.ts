import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/**
 * Where an error at `$.failure` leads: an acting task that found that its run does not hold the lock, in this execution or in a nested one (whose
 * description is then the cause), makes the run begin anew.
 */
export function unlessLockLost(steps: Steps, name: string, again: IChainable, otherwise: IChainable): Choice {
  const nested = Condition.stringMatches('$.failure.Cause', '*"Error":"LockLost"*');
  const lost = Condition.or(
    Condition.stringEquals('$.failure.Error', 'LockLost'),
    Condition.and(Condition.isPresent('$.failure.Cause'), nested),
  );
  return Choice.jsonPath(steps.scope, name).when(lost, again).otherwise(otherwise);
}
