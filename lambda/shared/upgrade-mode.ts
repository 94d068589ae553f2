import type { Plan } from '../../lib/contract/events';
import { upgradeModeLost } from '../core/cluster-steps';
import { TaskError } from '../core/errors';
import type { Cluster, Member } from '../core/observation';
import type { Bitbucket } from '../ports/bitbucket';
import { pause, SECOND_LOOK } from './task';

/**
 * While nodes are replaced upgrade mode is on; an administrator who turned it off has decided something, so it is not turned on again.
 *
 * @throws ClusterUnexpected when it is off though nodes are left to replace
 */
export async function requireUpgradeMode(
  plan: Plan,
  { cluster, members }: { readonly cluster: Cluster | undefined; readonly members: readonly Member[] },
  bitbucket: Bitbucket,
): Promise<void> {
  if (upgradeModeLost(plan, cluster, members) === undefined) return;
  // The first answer may have come from a node that lags behind.
  await pause(SECOND_LOOK);
  const lost = upgradeModeLost(plan, await bitbucket.cluster(), members);
  if (lost !== undefined) throw new TaskError('ClusterUnexpected', lost);
}
