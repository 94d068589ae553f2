import { ENV } from '../../lib/contract/environment';
import type { Plan, RecoveryPlan, Run } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { executions } from '../adapters/executions';
import { instances } from '../adapters/instances';
import { launchTemplates } from '../adapters/launch-templates';
import { lock } from '../adapters/lock';
import { scalingGroup } from '../adapters/scaling-group';
import { siteRecords } from '../adapters/site-records';
import type { ExecutionLook } from '../core/leftovers';
import { planRecovery } from '../core/leftovers';
import { readRecord } from '../core/record';
import type { SiteRecord } from '../core/site-record';
import type { Bitbucket } from '../ports/bitbucket';
import type { Instances, LaunchTemplates } from '../ports/compute';
import type { Executions, Lock } from '../ports/lock';
import type { ScalingGroup } from '../ports/scaling-group';
import type { SiteRecords } from '../ports/site-records';
import { clusterIfKnown, observeGroup } from '../shared/observe';
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
  readonly executions: Pick<Executions, 'isRunning' | 'look'>;
  readonly lock: Lock;
  readonly records: Pick<SiteRecords, 'read'>;
}

const NOT_RECORDED: ExecutionLook = { isRunning: false };

/** Looks what the run of the group's record left behind. Goes on when Bitbucket does not answer. */
export async function lookForLeftovers({ run }: Input, capacity: Plan['capacity'], ports: Ports): Promise<RecoveryPlan> {
  const [{ group, instances: found }, cluster] = await Promise.all([observeGroup(ports), clusterIfKnown(ports.bitbucket)]);
  const { run: recorded, versions } = readRecord(group.tags);
  const [template, execution, site] = await Promise.all([
    templateInUse(group, ports.templates),
    // It may have been redriven, or be another run that began meanwhile.
    recorded === undefined ? NOT_RECORDED : ports.executions.look(recorded),
    ports.records.read(group.name),
  ]);
  const isBannerUp = site?.banner?.isUp === true;
  const plan = planRecovery({ run, capacity, group, instances: found, template, cluster, execution, isBannerUp });
  if (plan.action !== 'nothing') return plan;
  // What is recorded of the apps is for a run that goes on from here, if there is one.
  const isSiteLeft = isBannerUp || (site !== undefined && !versions);
  return besideTheGroup(group.name, plan, { ...(isSiteLeft && { site }), made: versions ? 'mixed' : 'original' }, ports);
}

/**
 * The group is as it should be. But a run that was ended before it recorded anything on the group, or just before it released the lock, left what is in
 * the table.
 */
async function besideTheGroup(
  cluster: string,
  nothing: RecoveryPlan,
  { site, made }: { readonly site?: SiteRecord; readonly made: NonNullable<RecoveryPlan['made']> },
  { lock: table, executions: known }: Pick<Ports, 'lock' | 'executions'>,
): Promise<RecoveryPlan> {
  const holder = await table.holder(cluster);
  if (holder && (await known.isRunning(holder.owner))) return nothing;
  const left = [
    ...(holder ? [`${holder.owner} does not run and still holds the lock`] : []),
    ...(site ? [`the banner or the apps that ${site.run} recorded`] : []),
  ];
  return left.length === 0 ? nothing : { action: 'release', reason: left.join('; '), made };
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
    records: siteRecords(env.lockTable),
  });
});
