import { ENV } from '../../lib/contract/environment';
import type { Plan, ResolvedRequest, Run } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { instances } from '../adapters/instances';
import { launchTemplates } from '../adapters/launch-templates';
import { scalingGroup } from '../adapters/scaling-group';
import { makePlan } from '../core/plan';
import type { Bitbucket } from '../ports/bitbucket';
import type { Instances, LaunchTemplates } from '../ports/compute';
import type { ScalingGroup } from '../ports/scaling-group';
import { observeGroup } from '../shared/observe';
import { task } from '../shared/task';
import { templateInUse } from '../shared/template-in-use';

interface Input {
  readonly run: Run;
  readonly request: ResolvedRequest;
}

interface Ports {
  readonly group: ScalingGroup;
  readonly instances: Instances;
  readonly templates: LaunchTemplates;
  readonly bitbucket: Bitbucket;
}

/** Observes what is there and decides what the run will do. */
export async function planUpgrade({ run, request }: Input, capacity: Plan['capacity'], ports: Ports): Promise<Plan> {
  const [{ group, instances: found }, cluster, version] = await Promise.all([
    observeGroup(ports),
    ports.bitbucket.cluster(),
    ports.bitbucket.version(),
  ]);
  return makePlan({
    run,
    request,
    capacity,
    group,
    instances: found,
    template: await templateInUse(group, ports.templates),
    cluster,
    version,
  });
}

export const handler = task('plan-upgrade', (input: Input) => {
  const env = readEnvironment((read) => ({
    groupName: read.text(ENV.GROUP_NAME),
    capacity: read.capacity(),
    access: read.bitbucket(),
  }));
  const { bitbucket } = bitbucketOf(env.access);
  return planUpgrade(input, env.capacity, {
    group: scalingGroup(env.groupName),
    instances: instances(),
    templates: launchTemplates(),
    bitbucket,
  });
});
