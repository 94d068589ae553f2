import type { Look, Plan } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { cancelStep } from '../core/cluster-steps';
import { actingTask } from '../shared/acting-task';
import { stepCluster } from '../shared/cluster-step';

interface Input {
  readonly plan: Plan;
  readonly since?: string;
}

/** Turns upgrade mode off again, once every live node runs the original version. */
export const handler = actingTask('cancel-upgrade-mode', ({ since }: Input): Promise<Look> => {
  const env = readEnvironment((read) => ({ access: read.bitbucket(), limits: read.limits() }));
  const { bitbucket } = bitbucketOf(env.access);
  return stepCluster({
    bitbucket,
    operation: 'cancel',
    decide: cancelStep,
    error: 'UpgradeModeRefused',
    limits: env.limits,
    now: new Date(),
    since,
  });
});
