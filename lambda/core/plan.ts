import type { LaunchTemplateRef, Plan, ResolvedRequest, Run } from '../../lib/contract/events';
import { BACKUP_ID_PREFIX } from '../../lib/contract/tags';
import type { ChoiceGround } from './backup/choose';
import { chooseBackup } from './backup/choose';
import type { Cluster, Group, Instance, Member } from './observation';
import { byLoad, isInService, isLeaving, isNew, isPending, join, refOf } from './observation';
import { readRecord } from './record';

/** What a plan is made from. */
export interface PlanGround {
  readonly run: Run;
  readonly request: ResolvedRequest;
  readonly capacity: Plan['capacity'];
  readonly group: Group;
  readonly instances: readonly Instance[];
  /** The template's version that the group's `versionSpec` means now; empty parts when the group has no launch template. */
  readonly template: { readonly version: string; readonly imageId: string };
  readonly cluster: Cluster;
  /** What Bitbucket calls its version (`application-properties`). */
  readonly version: string;
  /** Which backups there are, and what is asked of them. Without it the plan is none that backs up: a recovery's. */
  readonly backup?: Pick<ChoiceGround, 'observations' | 'spec' | 'now'>;
  /** The versions of an upgrade whose banner is still up. */
  readonly bannerOf?: { readonly from: string; readonly to: string };
}

/**
 * Decides once what the run will do. What an interrupted run recorded on the group (sizes, suspended processes, original image)
 * counts more than what the group looks like now, because that run has changed it.
 * Makes a plan also of what will be refused: `judge-checks` then says everything that is wrong with it.
 */
export function makePlan(ground: PlanGround): Plan {
  const { run, request, group, cluster, template } = ground;
  const record = readRecord(group.tags);
  const upgraded = isUpgraded(ground);
  // Every node is upgraded, nothing is recorded on the group: all that is left of that upgrade is its banner.
  const banner = upgraded && !record.versions ? ground.bannerOf : undefined;
  const recorded = [record.versions, banner].find((versions) => versions?.to === request.targetVersion);
  const fromVersion = cluster.originalVersion || recorded?.from || ground.version;
  // Once the cluster is on another version than that run began with, the image that it began with is no way back.
  const original = record.versions?.from === fromVersion ? record.original : undefined;
  const images = { targetImageId: request.imageId, toVersion: request.targetVersion };
  const members = join(group, ground.instances, cluster, []);
  // One of the new image that runs another version was left by a run whose image, or the shared home, held that one.
  const isOld = (member: Member): boolean =>
    !isNew(member, images) || (fromVersion !== images.toVersion && isOfAnother(member, fromVersion, images.toVersion));
  const old = members.filter((member) => isOld(member) && !isLeaving(member) && !isPending(member)).sort(unreadyFirst);
  const idle = !cluster.upgradeModeEnabled && Object.keys(record).length === 0 && recorded === undefined;
  return {
    run,
    groupName: group.name,
    fromVersion,
    toVersion: request.targetVersion,
    originalImageId: original?.imageId ?? template.imageId,
    targetImageId: request.imageId,
    // With a record there are still settings, or a banner, to put back, though all nodes are upgraded.
    action: idle && (upgraded || request.upToDate === true) ? 'nothing' : 'upgrade',
    continues: recorded?.from === fromVersion,
    sizes: record.sizes ?? group.sizes,
    suspendedBefore: record.suspended ?? group.suspendedProcesses,
    launchTemplate: templateRef(group, original?.templateVersion ?? template.version),
    capacity: ground.capacity,
    ...(request.window && { window: request.window }),
    nodes: old.map((member) => ({ ...refOf(member), why: placeOf(member) })),
    ...backupOf(ground, fromVersion),
  };
}

/** Of the original version; or of a third one, and it serves: one that does not is a replacement that failed. */
const isOfAnother = ({ node }: Member, from: string, to: string): boolean =>
  node?.version === from || (node?.state === 'ACTIVE' && node.version !== to);

/** Whether every node runs the wanted version, for good. */
function isUpgraded({ group, instances, cluster, request }: PlanGround): boolean {
  const members = join(group, instances, cluster, []);
  return members.length > 0 && members.every(({ node }) => node?.version === request.targetVersion) && cluster.state === 'STABLE';
}

function backupOf({ run, request, backup }: PlanGround, from: string): Pick<Plan, 'backupId'> {
  const to = request.targetVersion;
  const newId = backupId(run, from, to);
  return backup ? chooseBackup({ newId, versions: `${from} to ${to}`, ...backup }) : { backupId: newId };
}

function templateRef({ launchTemplate }: Group, version: string): LaunchTemplateRef {
  return launchTemplate ? { ...launchTemplate, version } : { id: '', versionSpec: '', version: '', within: 'group' };
}

function placeOf(member: Member): string {
  if (!isInService(member)) return `the group has it as ${member.lifecycleState}: what does not serve goes first`;
  if (!isReady(member))
    return `Bitbucket ${member.node ? `has it as ${member.node.state}` : 'does not have it'}: what does not serve goes first`;
  const { load = 0 } = member.node ?? {};
  return `it serves, with a load of ${load} (running tasks and active users): the least busy go first`;
}

/** Nodes that do not serve anyway go first, then the least busy one. */
const unreadyFirst = (a: Member, b: Member): number => Number(isReady(a)) - Number(isReady(b)) || byLoad(a, b);
const isReady = (member: Member): boolean => isInService(member) && member.node?.state === 'ACTIVE';

/** Longest identifier of a DB cluster snapshot: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html */
const LONGEST_ID = 63;

/**
 * One id for all parts of a new backup: readable, unlike any other run's, also unlike that of the same execution before it began anew, whose backup
 * may have failed; and made of letters, digits and single hyphens, as the identifier of a DB snapshot must be
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html).
 */
function backupId({ executionName, startedAt }: Run, from: string, to: string): string {
  const plain = (text: string): string =>
    text
      .replace(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .toLowerCase();
  const date = startedAt.slice(0, 'yyyy-mm-dd'.length).replaceAll('-', '');
  const second = Math.floor(Date.parse(startedAt) / 1000).toString(36);
  const name = `${BACKUP_ID_PREFIX}${plain(`${from} to ${to} ${date}`)}-${second}`;
  // The end of the execution's name differs most.
  const room = Math.min(6, LONGEST_ID - name.length);
  return room > 0 ? `${name}${plain(executionName.slice(-room)).replaceAll('-', '')}` : name;
}
