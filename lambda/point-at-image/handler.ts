import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { launchTemplates } from '../adapters/launch-templates';
import { scalingGroup } from '../adapters/scaling-group';
import { describeCluster, isSettledOn } from '../core/cluster-steps';
import { TaskError } from '../core/errors';
import { templateChange, versionToken } from '../core/launch-template';
import { isHeld } from '../core/record';
import type { Bitbucket } from '../ports/bitbucket';
import type { LaunchTemplates } from '../ports/compute';
import type { ScalingGroup } from '../ports/scaling-group';
import { actingTask } from '../shared/acting-task';
import { clusterIfKnown } from '../shared/observe';

interface Input {
  readonly plan: Plan;
  /** `settled`: that of the version which every node runs, if upgrade mode is off; otherwise the group is left as it is. */
  readonly image: 'target' | 'original' | 'settled';
}

interface Ports {
  readonly group: ScalingGroup;
  readonly templates: LaunchTemplates;
  readonly bitbucket: Bitbucket;
}

type Pointed = { readonly launchTemplateVersion: string; readonly detail: string };

/** If somebody turned upgrade mode off, whatever else the group launches could not join. Goes on when Bitbucket does not answer. */
async function pointAtSettled(plan: Plan, ports: Ports): Promise<Pointed> {
  const asItIs = { launchTemplateVersion: '', detail: 'upgrade mode is on, nobody knows, or no run holds the group: it stays as it is' };
  const { tags } = await ports.group.observe();
  if (!isHeld(tags)) return asItIs;
  const cluster = await clusterIfKnown(ports.bitbucket);
  if (cluster && isSettledOn(cluster, plan.fromVersion)) return pointAtImage({ plan, image: 'original' }, ports);
  if (cluster && isSettledOn(cluster, plan.toVersion)) return pointAtImage({ plan, image: 'target' }, ports);
  return asItIs;
}

/**
 * Makes the group launch the wanted image. Refuses while upgrade mode is off, because a node of another version could then not join;
 * but back to the image of the version that every node runs is always right, whoever turned upgrade mode off.
 */
export async function pointAtImage({ plan, image }: Input, ports: Ports): Promise<Pointed> {
  if (image === 'settled') return pointAtSettled(plan, ports);
  const { launchTemplate } = plan;
  const [imageId, itsVersion] = image === 'target' ? [plan.targetImageId, plan.toVersion] : [plan.originalImageId, plan.fromVersion];
  const [group, versions] = await Promise.all([ports.group.observe(), ports.templates.versions(launchTemplate.id)]);
  const inUse = group.launchTemplate?.versionSpec ?? launchTemplate.versionSpec;
  const change = templateChange(launchTemplate, imageId, inUse, versions);
  if (change.already) {
    return {
      launchTemplateVersion: String(change.already.number),
      detail: `the group launches ${imageId} already (version ${change.already.number})`,
    };
  }
  const cluster = await ports.bitbucket.cluster();
  if (!cluster.upgradeModeEnabled && !isSettledOn(cluster, itsVersion)) {
    throw new TaskError(
      'ClusterUnexpected',
      `${describeCluster(cluster)}: the group is pointed at another image only while upgrade mode is on. Was it turned off by hand?`,
    );
  }
  const token = versionToken(plan.run.executionName, imageId, versions);
  const version = String(change.reuse?.number ?? (await ports.templates.create(launchTemplate.id, launchTemplate.version, imageId, token)));
  if (change.repoint === 'default') await ports.templates.setDefault(launchTemplate.id, version);
  if (change.repoint === 'group') await ports.group.useTemplateVersion(version);
  return {
    launchTemplateVersion: version,
    detail: `the group launches ${imageId}: version ${version} of ${launchTemplate.id}, named ${launchTemplate.versionSpec} before`,
  };
}

export const handler = actingTask('point-at-image', (input: Input) => {
  const env = readEnvironment((read) => ({ groupName: read.text(ENV.GROUP_NAME), access: read.bitbucket() }));
  const { bitbucket } = bitbucketOf(env.access);
  return pointAtImage(input, { group: scalingGroup(env.groupName), templates: launchTemplates(), bitbucket });
});
