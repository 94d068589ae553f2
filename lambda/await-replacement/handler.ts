import type { Limits } from '../../lib/contract/environment';
import type { Plan, ReplacementLook, Rolled } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { lookAtReplacement } from '../core/replacement';
import { NOTHING_ROLLED } from '../core/rolled';
import type { Nodes } from '../ports/bitbucket';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { settledVerdict } from '../shared/settled-verdict';
import { task } from '../shared/task';
import { requireUpgradeMode } from '../shared/upgrade-mode';

interface Input {
  readonly plan: Plan;
  /** Absent before the first node: nothing is measured yet. */
  readonly rolled?: Rolled;
  readonly since?: string;
}

interface Settings {
  readonly limits: Limits;
  readonly targetGroupArns: readonly string[];
  readonly now: () => Date;
}

/**
 * Looks whether every instance in service is good, and as many are in service as the group desires. An instance that died, old or new, is
 * told as an error at once, and not ended here: `restore-capacity` first returns what can serve and then has the group launch a fresh one,
 * `decide-recovery` counts it against the budget, and the roll goes on.
 */
export async function awaitReplacement(
  { plan, rolled = NOTHING_ROLLED, since }: Input,
  { limits, targetGroupArns, now }: Settings,
  ports: ClusterPorts & { readonly nodes: Nodes },
): Promise<ReplacementLook> {
  const { verdict, observation } = await settledVerdict(ports, plan, targetGroupArns);
  await requireUpgradeMode(plan, observation, ports.bitbucket);
  // A launch that fails leaves no instance to look at: only the group's activities say why.
  const short = observation.group.instances.length < observation.group.sizes.desired;
  const failedActivity = short ? await ports.group.failedActivity() : undefined;
  return lookAtReplacement({ plan, rolled, verdict, limits, now: now(), since, failedActivity });
}

export const handler = task('await-replacement', (input: Input) => {
  const env = readEnvironment(clusterEnvironment);
  return awaitReplacement(input, { ...env, now: () => new Date() }, clusterPorts(env));
});
