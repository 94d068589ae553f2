import { describeCluster } from '../../cluster-steps';
import { readRecord } from '../../record';
import type { Finding, Ground } from '../check';
import { Check, finding, when } from '../check';
import type { ClusterFacts } from '../facts';

/** States in which a run that was interrupted can go on. */
const RESUMABLE = ['READY_TO_UPGRADE', 'MIXED', 'READY_TO_RUN_UPGRADE_TASKS', 'RUNNING_UPGRADE_TASKS'];

/** Upgrade mode is off, or it is our own interrupted upgrade to the same version that goes on. */
export class UpgradeMode extends Check<ClusterFacts, 'cluster' | 'group'> {
  readonly name = 'upgrade-mode';
  readonly severity = 'refuse';
  readonly looksAt = 'Upgrade mode and state of the cluster: off and STABLE, or those of our own interrupted upgrade to the same version';
  readonly source = 'https://developer.atlassian.com/server/bitbucket/reference/zdu-rest/';
  readonly override = 'nobody could tell the nodes of two upgrades apart';
  protected readonly needs = ['cluster', 'group'] as const;

  protected look({ cluster, group }: Pick<ClusterFacts, 'cluster' | 'group'>, { plan }: Ground): Finding {
    const state = describeCluster(cluster);
    if (cluster.state === 'STABLE' && !cluster.upgradeModeEnabled) return finding(`Upgrade mode is off: ${state}.`);
    const { versions } = readRecord(group.tags);
    const resumable = RESUMABLE.includes(cluster.state);
    const goesOn = plan.continues && resumable;
    return finding(
      `${state}: the interrupted upgrade from ${plan.fromVersion} to ${plan.toVersion} goes on.`,
      when(
        versions === undefined && !goesOn,
        () => `${state}, and no run of this workflow turned it on.`,
        'Finish that upgrade, or cancel it under Administration > Rolling upgrades, then start again.',
      ),
      when(
        versions !== undefined && !plan.continues,
        () => `${state}: an interrupted run was upgrading ${versions?.from ?? ''} to ${versions?.to ?? ''}.`,
        () => `Start with {"targetVersion": "${versions?.to ?? ''}"} to go on with it; another target is possible only afterwards.`,
      ),
      when(plan.continues && !resumable, () => `${state}: from this state no run can go on.`, 'Look at Administration > Rolling upgrades.'),
      when(
        goesOn && cluster.originalVersion !== plan.fromVersion,
        () => `${state}: upgrade mode was turned on at ${cluster.originalVersion}, not at ${plan.fromVersion}.`,
        'Look at Administration > Rolling upgrades: finish or cancel that upgrade first.',
      ),
    );
  }
}
