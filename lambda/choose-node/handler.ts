import type { BakeSpec, Limits } from '../../lib/contract/environment';
import type { NextNode, Plan, Rolled } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import type { Choice } from '../core/choose';
import { chooseNext, countReplaced } from '../core/choose';
import { TaskError } from '../core/errors';
import { launchedAsBefore } from '../core/launched';
import { done, waitOn } from '../core/look';
import type { Member } from '../core/observation';
import { isInService, isLeaving, isListed, isNew, nameOf, newestFirst, refOf } from '../core/observation';
import { secondsBetween } from '../core/time';
import { expectedNode, tooLate, windowClosing, windowOf } from '../core/window';
import { death } from '../core/words';
import type { Nodes } from '../ports/bitbucket';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { askNodes, observe } from '../shared/observe';
import { task } from '../shared/task';
import { requireUpgradeMode } from '../shared/upgrade-mode';

interface Input {
  readonly plan: Plan;
  readonly rolled: Rolled;
  readonly since?: string;
}

interface Settings {
  readonly limits: Limits;
  readonly bake: BakeSpec;
  readonly targetGroupArns: readonly string[];
  readonly now: Date;
}

/** Seconds for which the group may be seen as it was: reads lag behind changes. */
const STALE = 30;

/**
 * Chooses whom to take out next, once the cluster is ready for it and upgrade mode is on.
 *
 * @throws ReplacementFailed when an instance in service died, or the surge node is gone: `restore-capacity` has the group launch a fresh
 *   one or `add-surge` adds it again, and the budget counts it
 * @throws WindowClosing when old nodes are left and none of them could be replaced before the maintenance window ends
 * @throws ClusterUnexpected when the group launches original nodes again
 */
export async function chooseNode(
  { plan, rolled, since }: Input,
  { limits, bake, targetGroupArns, now }: Settings,
  ports: ClusterPorts & { readonly nodes: Nodes },
): Promise<NextNode> {
  const observation = await observe(ports);
  const { group } = observation;
  const members = await withNewestAsked(observation.members, plan, ports.nodes);
  await requireUpgradeMode(plan, observation, ports.bitbucket);
  const strange = launchedAsBefore(plan, rolled, members);
  if (strange !== undefined) throw new TaskError('ClusterUnexpected', strange);
  const late = tooLate(windowOf(plan), expectedNode({ plan, rolled, limits, bake }), now);
  const choice =
    staleChoice(members, rolled) ?? chooseNext({ plan, group, members, targetGroupArns, postponed: rolled.postponed, tooLate: late });
  if (choice.kind === 'dead') throw new TaskError('ReplacementFailed', death(choice.member, plan));
  const began = since ?? now.toISOString();
  const replaced = countReplaced(plan, rolled, members);
  if (choice.kind === 'take') return { ...done(began, choice.detail), action: choice.action, node: refOf(choice.member), replaced };
  if (choice.kind === 'none') return { ...done(began, choice.detail), action: 'none', replaced };
  const elapsed = secondsBetween(began, now);
  // Not before the surge node would be seen: an old node gives it its place, so that its boot was not for nothing.
  if (choice.kind === 'closing' && (plan.capacity !== 'surge' || elapsed >= STALE)) throw windowClosing(choice.detail);
  if (choice.kind === 'no-surge' && elapsed >= STALE) {
    throw new TaskError('ReplacementFailed', `The surge node is gone: ${choice.detail}. Who scaled the group? It is added again.`);
  }
  if (elapsed >= limits.bootTimeout) {
    throw new TaskError(
      'ClusterUnexpected',
      `For ${elapsed} s (limit ${limits.bootTimeout} s) no node could be taken out: ${choice.detail}.`,
    );
  }
  return { ...waitOn({ since: began, now, limits }, choice.detail), action: 'none', replaced };
}

/** Whom the run retired is gone: a look that still finds it is stale, and nothing is chosen by it. */
function staleChoice(members: readonly Member[], { completed }: Rolled): Choice | undefined {
  const retired = completed.map(({ old }) => old);
  const seen = members.find((member) => isListed(member, retired) && !isLeaving(member));
  return seen && { kind: 'wait', detail: `${nameOf(seen)} was retired, and is still seen as ${seen.lifecycleState}: the look is stale` };
}

/** The newest of the new nodes says itself whether it runs: one in MAINTENANCE answers 200, too. Those before it were asked when they were the newest. */
async function withNewestAsked(members: readonly Member[], plan: Plan, nodes: Nodes): Promise<readonly Member[]> {
  const [newest] = members.filter((member) => isInService(member) && isNew(member, plan)).sort(newestFirst);
  if (newest === undefined) return members;
  const view = (await askNodes(nodes, [newest])).get(newest.instanceId);
  return members.map((member) => (member === newest && view ? { ...member, view } : member));
}

export const handler = task('choose-node', (input: Input) => {
  const env = readEnvironment((read) => ({ ...clusterEnvironment(read), bake: read.bake() }));
  return chooseNode(input, { ...env, now: new Date() }, clusterPorts(env));
});
