import { TaskError } from '../core/errors';
import type { Group } from '../core/observation';
import { isInService, isStandby, join } from '../core/observation';
import type { Facts } from '../core/preconditions';
import type { Nodes } from '../ports/bitbucket';
import type { Images } from '../ports/compute';
import type { Executions, Lock } from '../ports/lock';
import type { Stacks } from '../ports/stacks';
import type { TargetGroups } from '../ports/target-health';
import type { ClusterPorts } from '../shared/observe';
import { askNodes, observe } from '../shared/observe';
import type { Input, Settings } from './handler';

/** Everything that the preconditions are checked against comes from these. */
export interface FactPorts extends ClusterPorts {
  readonly nodes: Nodes;
  readonly targetGroups: TargetGroups;
  readonly images: Images;
  readonly lock: Lock;
  readonly executions: Executions;
  readonly stacks: Stacks;
}

/** Looks up what the preconditions are checked against; reads only. */
export async function gatherFacts({ plan, request, observations }: Input, env: Settings, ports: FactPorts): Promise<Facts> {
  const [{ group, instances, targets, cluster, members }, targetGroups, targetImage, originalImage, refresh, activeRun] = await Promise.all(
    [
      observe(ports),
      ports.targetGroups.settings(),
      imageById(plan.targetImageId, ports.images),
      imageById(plan.originalImageId, ports.images),
      ports.group.activeRefresh(),
      runningHolder(plan, ports),
    ],
  );
  const stack = await ownStack(group, ports.stacks);
  if (!cluster) throw new TaskError('BitbucketUnavailable', 'GET /rest/zdu/cluster got no answer.');
  const views = await askNodes(
    ports.nodes,
    members.filter((member) => isInService(member) || isStandby(member)),
  );
  return {
    plan,
    request,
    deniedVersions: env.deniedVersions,
    limits: env.limits,
    contextPath: new URL(env.bitbucket.baseUrl).pathname.replace(/\/$/, ''),
    group,
    members: join(group, instances, cluster, targets, views),
    cluster,
    targetGroupArns: env.targetGroupArns,
    targetGroups,
    targetImage,
    originalImage,
    refresh,
    stack,
    observations,
    backup: env.backup,
    activeRun,
  };
}

const imageById = async (imageId: string, images: Images) => (imageId.startsWith('ami-') ? images.byId(imageId) : undefined);

/** The stack that the group is a resource of: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-tags.html */
async function ownStack({ tags }: Group, stacks: Stacks): Promise<Facts['stack']> {
  const id = tags['aws:cloudformation:stack-id'];
  const status = id && (await stacks.status(id));
  return id && status ? { id, status } : undefined;
}

async function runningHolder(
  { groupName, run }: Input['plan'],
  ports: Pick<FactPorts, 'lock' | 'executions'>,
): Promise<string | undefined> {
  const holder = await ports.lock.holder(groupName);
  if (!holder || holder.owner === run.executionArn) return undefined;
  return (await ports.executions.isRunning(holder.owner)) ? holder.owner : undefined;
}
