import { ENV } from '../../lib/contract/environment';
import type { Plan, RecoveryPlan, Run } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { executions } from '../adapters/executions';
import { instances } from '../adapters/instances';
import { launchTemplates } from '../adapters/launch-templates';
import { lock } from '../adapters/lock';
import { scalingGroup } from '../adapters/scaling-group';
import { isTaskError } from '../core/errors';
import { planRecovery } from '../core/leftovers';
import { readRecord } from '../core/record';
import type { Bitbucket } from '../ports/bitbucket';
import type { Instances, LaunchTemplates } from '../ports/compute';
import type { Executions, Lock } from '../ports/lock';
import type { ScalingGroup } from '../ports/scaling-group';
import { observeGroup } from '../shared/observe';
import { task } from '../shared/task';
import { templateInUse } from '../shared/template-in-use';

interface Input {
  readonly run: Run;
}

interface Ports {
  readonly group: ScalingGroup;
  readonly instances: Instances;
  readonly templates: LaunchTemplates;
  readonly bitbucket: Bitbucket;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly lock: Lock;
}

/** Looks what the run of the group's record left behind. Goes on when Bitbucket does not answer. */
export async function lookForLeftovers({ run }: Input, capacity: Plan['capacity'], ports: Ports): Promise<RecoveryPlan> {
  const [{ group, instances: found }, cluster] = await Promise.all([
    observeGroup(ports),
    ports.bitbucket.cluster().catch((error: unknown) => {
      if (isTaskError(error)) return undefined;
      throw error;
    }),
  ]);
  const { run: recorded } = readRecord(group.tags);
  const [template, isRunning] = await Promise.all([
    templateInUse(group, ports.templates),
    // It may have been redriven, or be another run that began meanwhile.
    recorded === undefined ? false : ports.executions.isRunning(recorded),
  ]);
  const plan = planRecovery({ run, capacity, group, instances: found, template, cluster, isRunning });
  return plan.action === 'nothing' ? lockLeft(group.name, plan, ports) : plan;
}

/** All is in place; but a run that ended just before it released the lock still holds it. */
async function lockLeft(cluster: string, nothing: RecoveryPlan, ports: Pick<Ports, 'lock' | 'executions'>): Promise<RecoveryPlan> {
  const holder = await ports.lock.holder(cluster);
  if (!holder || (await ports.executions.isRunning(holder.owner))) return nothing;
  return { action: 'release', reason: `${holder.owner} does not run and still holds the lock` };
}

export const handler = task('plan-recovery', (input: Input) => {
  const env = readEnvironment((read) => ({
    groupName: read.text(ENV.GROUP_NAME),
    capacity: read.capacity(),
    lockTable: read.text(ENV.LOCK_TABLE_NAME),
    access: read.bitbucket(),
  }));
  const { bitbucket } = bitbucketOf(env.access);
  return lookForLeftovers(input, env.capacity, {
    group: scalingGroup(env.groupName),
    instances: instances(),
    templates: launchTemplates(),
    bitbucket,
    executions: executions(),
    lock: lock(env.lockTable),
  });
});
