import type { Limits } from '../../lib/contract/environment';
import type { CapacityLook, Look, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { isTaskError, TaskError } from '../core/errors';
import { done, waitOn } from '../core/look';
import { isAlive, isInService, isListed, isNew, join } from '../core/observation';
import { isHeld } from '../core/record';
import type { RestoreGround, RestoreStep } from '../core/restore';
import { nextRestoreStep, unheld } from '../core/restore';
import { secondsBetween } from '../core/time';
import type { Nodes } from '../ports/bitbucket';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { askNodes, observe } from '../shared/observe';
import { pause, SECOND_LOOK } from '../shared/task';
import { carryOut, isSameStep, lowersDesired } from './carry-out';

interface Input {
  readonly plan: Plan;
  /** Absent: `give-back`. */
  readonly surplus?: RestoreGround['surplus'];
  /** Of `hold-group`: once it is done the record is on the group. Absent: nothing is known of it. */
  readonly hold?: Pick<Look, 'verdict'>;
  readonly since?: string;
}

interface Settings {
  readonly limits: Limits;
  readonly targetGroupArns: readonly string[];
  readonly now: Date;
}

interface Ports extends ClusterPorts {
  readonly nodes: Nodes;
}

/**
 * Seconds for which a record that this run wrote may not be seen. EC2 speaks of up to a few minutes, and Auto Scaling names no bound:
 * https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
 */
const RECORD_UNSEEN = 300;

/** One step back to a cluster that serves with its original number of nodes. It goes on when Bitbucket does not answer. */
export async function restoreCapacity(
  { plan, surplus = 'give-back', hold, since: began }: Input,
  { limits, targetGroupArns, now }: Settings,
  ports: Ports,
): Promise<CapacityLook> {
  const since = began ?? now.toISOString();
  const elapsed = secondsBetween(since, now);
  const mustBeHeld = hold?.verdict === 'done' && elapsed < RECORD_UNSEEN;
  const look = async (): Promise<RestoreStep> => {
    const { group, instances, targets, cluster, members: known } = await observe(ports, true);
    // New nodes, and what the group launched since the plan was made, say themselves whether they are good: the load balancers and the cluster may not tell.
    const views = await askNodes(
      ports.nodes,
      known.filter((member) => isInService(member) && isAlive(member) && (isNew(member, plan) || !isListed(member, plan.nodes))),
    );
    const members = join(group, instances, cluster, targets, views);
    const ground = { plan, group, members, targetGroupArns, now, begunAt: new Date(since), bootTimeout: limits.bootTimeout, surplus };
    if (isHeld(group.tags)) return nextRestoreStep(ground);
    return mustBeHeld ? { kind: 'wait', detail: 'what this run recorded on the group is not seen: the look is stale' } : unheld(ground);
  };
  const step = await surely(look);
  if (step.kind === 'done') return { ...done(since, step.detail), made: step.made, held: step.held };
  const limit = 2 * limits.bootTimeout + limits.drainLimit;
  if (elapsed >= limit) {
    throw new TaskError(
      'RestoreFailed',
      `Capacity is not restored after ${elapsed} s (limit ${limit} s): ${step.detail}. Look at the group ${plan.groupName}: return nodes in Standby to service by hand.`,
    );
  }
  const refused = await tryToCarryOut(step, look, ports.group);
  const wait = waitOn({ since, now, limits }, refused ?? step.detail);
  // A step was made: the next one follows soon.
  return { ...wait, ...(step.kind !== 'wait' && { waitSeconds: limits.minPollInterval }), made: 'mixed', held: true };
}

/** The record may have been written a moment ago: that there is none is believed when it is seen twice. */
async function surely(look: () => Promise<RestoreStep>): Promise<RestoreStep> {
  const step = await look();
  if (step.kind !== 'done' || step.held) return step;
  await pause(SECOND_LOOK);
  return look();
}

/** Does the step, once it is sure. What AWS refuses was done already, or is not possible yet: the next look decides again. */
async function tryToCarryOut(step: RestoreStep, look: () => Promise<RestoreStep>, group: ScalingGroup): Promise<string | undefined> {
  if (lowersDesired(step)) {
    await pause(SECOND_LOOK);
    if (!isSameStep(step, await look())) return `${step.detail}; not on the second look`;
  }
  try {
    await carryOut(step, group);
    return undefined;
  } catch (error) {
    if (!isTaskError(error, 'AwsRejected')) throw error;
    return `${step.detail}; refused: ${error.message}`;
  }
}

export const handler = actingTask('restore-capacity', (input: Input) => {
  const env = readEnvironment(clusterEnvironment);
  return restoreCapacity(input, { ...env, now: new Date() }, clusterPorts(env));
});
