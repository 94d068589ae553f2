import type { BackupSpec } from '../../lib/contract/environment';
import { ENV } from '../../lib/contract/environment';
import type { PartObservation, Plan, ResolvedRequest, Run } from '../../lib/contract/events';
import { bitbucketOf } from '../adapters/bitbucket';
import { readEnvironment } from '../adapters/environment';
import { instances } from '../adapters/instances';
import { launchTemplates } from '../adapters/launch-templates';
import { scalingGroup } from '../adapters/scaling-group';
import { siteRecords } from '../adapters/site-records';
import { makePlan } from '../core/plan';
import type { Bitbucket } from '../ports/bitbucket';
import type { Instances, LaunchTemplates } from '../ports/compute';
import type { ScalingGroup } from '../ports/scaling-group';
import type { SiteRecords } from '../ports/site-records';
import { observeGroup } from '../shared/observe';
import { task } from '../shared/task';
import { templateInUse } from '../shared/template-in-use';

interface Input {
  readonly run: Run;
  readonly request: ResolvedRequest;
  readonly observations: readonly PartObservation[];
}

interface Settings {
  readonly capacity: Plan['capacity'];
  readonly backup: BackupSpec;
}

interface Ports {
  readonly groupName: string;
  readonly group: ScalingGroup;
  readonly instances: Instances;
  readonly templates: LaunchTemplates;
  readonly bitbucket: Bitbucket;
  readonly records: Pick<SiteRecords, 'read'>;
}

/** Observes what is there and decides what the run will do. */
export async function planUpgrade({ run, request, observations }: Input, settings: Settings, now: Date, ports: Ports): Promise<Plan> {
  const [{ group, instances: found }, cluster, version, site] = await Promise.all([
    observeGroup(ports),
    ports.bitbucket.cluster(),
    ports.bitbucket.version(),
    ports.records.read(ports.groupName),
  ]);
  return makePlan({
    run,
    request,
    capacity: settings.capacity,
    group,
    instances: found,
    template: await templateInUse(group, ports.templates),
    cluster,
    version,
    backup: { observations, spec: settings.backup, now },
    ...(site?.banner?.isUp === true && { bannerOf: site.versions }),
  });
}

export const handler = task('plan-upgrade', (input: Input) => {
  const env = readEnvironment((read) => ({
    groupName: read.text(ENV.GROUP_NAME),
    capacity: read.capacity(),
    backup: read.backup(),
    access: read.bitbucket(),
    table: read.text(ENV.LOCK_TABLE_NAME),
  }));
  const { bitbucket } = bitbucketOf(env.access);
  return planUpgrade(input, env, new Date(), {
    group: scalingGroup(env.groupName),
    instances: instances(),
    templates: launchTemplates(),
    bitbucket,
    groupName: env.groupName,
    records: siteRecords(env.table),
  });
});
