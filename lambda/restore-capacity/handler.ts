import type { Limits } from '../../lib/contract/environment';
import type { CapacityLook, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { TaskError } from '../core/errors';
import { done, waitOn } from '../core/look';
import { nextRestoreStep } from '../core/restore';
import { secondsBetween } from '../core/time';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { observe } from '../shared/observe';
import { task } from '../shared/task';
import { carryOut } from './carry-out';

interface Input {
  readonly plan: Plan;
  readonly since?: string;
}

interface Settings {
  readonly limits: Limits;
  readonly targetGroupArns: readonly string[];
  readonly now: Date;
}

/** One step back to a cluster that serves with its original number of nodes. It goes on when Bitbucket does not answer. */
export async function restoreCapacity(
  { plan, since: began }: Input,
  { limits, targetGroupArns, now }: Settings,
  ports: ClusterPorts,
): Promise<CapacityLook> {
  const { group, members } = await observe(ports, true);
  const step = nextRestoreStep({ plan, group, members, targetGroupArns, now, bootTimeout: limits.bootTimeout });
  const since = began ?? now.toISOString();
  if (step.kind === 'done') return { ...done(since, step.detail), made: step.made };
  const elapsed = secondsBetween(since, now);
  const limit = 2 * limits.bootTimeout + limits.drainLimit;
  if (elapsed >= limit) {
    throw new TaskError(
      'RestoreFailed',
      `Capacity is not restored after ${elapsed} s (limit ${limit} s): ${step.detail}. Look at the group ${plan.groupName}: return nodes in Standby to service by hand.`,
    );
  }
  await carryOut(step, ports.group);
  const wait = waitOn({ since, now, limits }, step.detail);
  // A step was made: the next one follows soon.
  return { ...wait, ...(step.kind !== 'wait' && { waitSeconds: limits.minPollInterval }), made: 'mixed' };
}

export const handler = task('restore-capacity', (input: Input) => {
  const env = readEnvironment(clusterEnvironment);
  return restoreCapacity(input, { ...env, now: new Date() }, clusterPorts(env));
});
