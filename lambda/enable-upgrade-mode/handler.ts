import type { Look, Plan } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { enableStep } from '../core/cluster-steps';
import { actingTask } from '../shared/acting-task';
import { stepCluster } from '../shared/cluster-step';

interface Input {
  readonly plan: Plan;
  readonly since?: string;
}

/** Turns upgrade mode on, and looks until Bitbucket is ready to upgrade from the original version. */
export const handler = actingTask('enable-upgrade-mode', ({ plan, since }: Input): Promise<Look> => {
  const env = readEnvironment((read) => ({ access: read.bitbucket(), limits: read.limits() }));
  const { bitbucket } = bitbucketOf(env.access);
  const decide = (cluster: Parameters<typeof enableStep>[0]) => enableStep(cluster, plan);
  return stepCluster({ bitbucket, operation: 'start', decide, error: 'UpgradeModeRefused', limits: env.limits, now: new Date(), since });
});
