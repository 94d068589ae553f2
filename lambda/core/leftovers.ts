/** What a run that was ended from outside left behind. */
import type { Plan, RecoveryPlan, Run } from '../../lib/contract/events';
import { INTERFERING_PROCESSES } from '../../lib/contract/tags';
import { describeCluster, isSettledOn } from './cluster-steps';
import { isUpgraded } from './direction';
import type { Cluster, Group, Instance, Member } from './observation';
import { isDead, isLeaving, isListed, isStandby, join, nameOf } from './observation';
import { makePlan } from './plan';
import type { GroupRecord } from './record';
import { readRecord } from './record';

/** What is known of an execution. */
export interface ExecutionLook {
  /** Also when it runs again, or is about to. */
  readonly isRunning: boolean;
  /** ISO 8601; undefined for one that is not known any more. */
  readonly startedAt?: string | undefined;
}

/** What the recovery is planned from. */
export interface LeftoverGround {
  /** The execution of the machine `Recover`. */
  readonly run: Run;
  readonly capacity: Plan['capacity'];
  readonly group: Group;
  readonly instances: readonly Instance[];
  /** The template's version that the group launches now. */
  readonly template: { readonly version: string; readonly imageId: string };
  /** Undefined when Bitbucket does not answer: the rest is restored all the same. */
  readonly cluster: Cluster | undefined;
  /** That of the record. */
  readonly execution: ExecutionLook;
  /** Whether the banner of the upgrade is recorded as up. */
  readonly isBannerUp: boolean;
}

const SILENT: Cluster = { upgradeModeEnabled: false, state: '', originalVersion: '', nodes: [] };

/** Plans what to put back, from the record on the group. The plan goes forward: original nodes are what is returned to. */
export function planRecovery(ground: LeftoverGround): RecoveryPlan {
  const { run, group, instances, template, cluster, capacity } = ground;
  const record = readRecord(group.tags);
  if (record.run === undefined) return nothing('no run has left a record on the group');
  if (ground.execution.isRunning) return nothing(`${record.run} runs`);
  const { versions, original } = record;
  if (!versions || !original) {
    return nothing(`the record on the group ${group.name} is incomplete, so nothing is changed on its ground: look at the group by hand`);
  }
  const known = cluster ?? SILENT;
  const members = join(group, instances, known, []);
  const imageId = targetImage(members, template.imageId, original.imageId, versions);
  const made = makePlan({
    run,
    capacity,
    group,
    instances,
    template,
    cluster: known,
    request: { targetVersion: versions.to, imageId, dryRun: false, problems: [] },
    version: versions.from,
  });
  const later = launchedSince(ground.execution.startedAt, instances);
  const planned = { ...made, nodes: made.nodes.filter((node) => !isListed(node, later)) };
  const plan: Plan = cluster && isFinal(cluster, versions.to) ? { ...planned, action: 'nothing' } : planned;
  const found = [
    ...leftovers(plan, record, group, members, cluster, template.imageId),
    ...(ground.isBannerUp ? ['the banner of the upgrade'] : []),
  ];
  return found.length === 0 ? nothing(`all is in place: ${describeCluster(known)}`) : { action: 'restore', reason: found.join('; '), plan };
}

/** Finalized, or about to be, by tasks that nothing stops: nothing is left to go on with, so the whole record can go. */
const isFinal = (cluster: Cluster, version: string): boolean => isSettledOn(cluster, version) || cluster.state === 'RUNNING_UPGRADE_TASKS';

/** What the run that is recovered cannot have planned: the group launched it later, and it has its boot time-out to become good. */
const launchedSince = (began: string | undefined, instances: readonly Instance[]): readonly Instance[] =>
  began === undefined ? [] : instances.filter(({ launchedAt }) => new Date(launchedAt) > new Date(began));

const nothing = (reason: string): RecoveryPlan => ({ action: 'nothing', reason });

/** The record does not hold the image that the run went to: the group launches it, or upgraded nodes run it. Empty when nothing does. */
function targetImage(
  members: readonly Member[],
  launched: string,
  original: string,
  { from, to }: NonNullable<GroupRecord['versions']>,
): string {
  if (launched !== original) return launched;
  const upgraded = members.find(({ node }) => node?.version === to);
  const strange = members.find(({ node, imageId }) => node?.version !== from && imageId !== original);
  return upgraded?.imageId ?? strange?.imageId ?? '';
}

function leftovers(
  plan: Plan,
  record: GroupRecord,
  group: Group,
  members: readonly Member[],
  cluster: Cluster | undefined,
  launched: string,
): readonly string[] {
  const { min, max, desired } = plan.sizes;
  const standby = members.filter(isStandby);
  const dead = members.filter(isDead);
  const suspended = Object.keys(INTERFERING_PROCESSES).filter(
    (process) => group.suspendedProcesses.includes(process) && !plan.suspendedBefore.includes(process),
  );
  const upgraded = members.filter((member) => !isLeaving(member) && isUpgraded(member, plan));
  const isOriginal = upgraded.length === 0;
  const coming = upgraded.filter(({ node }) => node?.state !== 'ACTIVE');
  const same = min === group.sizes.min && max === group.sizes.max && desired === group.sizes.desired;
  return [
    ...(standby.length > 0 ? [`${standby.map(nameOf).join(', ')} in Standby`] : []),
    ...(dead.length > 0 ? [`${dead.map(nameOf).join(', ')} died`] : []),
    ...(suspended.length > 0 ? [`${suspended.join(', ')} suspended`] : []),
    ...(same ? [] : [`sizes ${sizes(group.sizes)}, not ${sizes(plan.sizes)}`]),
    // Removed last of all settings: while they are there a later run would take these sizes for the right ones.
    ...(record.sizes || record.suspended ? ['the record of the settings'] : []),
    ...(plan.action === 'nothing' || (cluster?.state === 'STABLE' && !cluster.upgradeModeEnabled)
      ? ['the record of an upgrade that is over']
      : []),
    // The steps of the recovery ask again, for a while; if nobody answers then, either, it ends as failed and says so.
    ...(cluster ? [] : ['Bitbucket does not answer: nobody knows whether upgrade mode is on']),
    // The group launched it since: whoever saw the end of the run saw no node of the other version.
    ...(cluster?.upgradeModeEnabled && coming.length > 0 ? [`${coming.map(nameOf).join(', ')} of ${plan.toVersion} not serving yet`] : []),
    ...(isOriginal && cluster?.upgradeModeEnabled ? [`upgrade mode on, though every node runs ${plan.fromVersion}`] : []),
    ...(isOriginal && launched !== plan.originalImageId
      ? [`the group launches ${launched}, though every node runs ${plan.fromVersion}`]
      : []),
  ];
}

const sizes = (of: Plan['sizes']): string => `min ${of.min}, max ${of.max}, desired ${of.desired}`;
