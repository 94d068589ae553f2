import { Cloud } from '../cloud';
import type { Clock, Journal, Random } from '../kernel/ports';
import type { GroupSettings } from '../rules/rule';
import type { CloudHooks } from '../services/account/account';
import type { Timing } from '../services/account/timing';
import type { ScalingProcess } from '../services/auto-scaling/group';
import { addBackupSources, addEarlierBackups } from './backup-world';
import type { Range, Scenario } from './scenario';
import { SITE, imageId } from './site';
import { addLoadAndPlans, groupTraits } from './surroundings';

/** What the account is made in. */
export interface AccountContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
}

/** What goes wrong in the account at this moment. */
export interface CloudTroubles {
  /** Why EC2 launches nothing in a zone now. */
  launchRefused(availabilityZone: string): { readonly code: string; readonly message: string } | undefined;
}

const milliseconds = ([low, high]: Range): Timing['snapshot'] => ({ low: Math.round(low * 1000), high: Math.round(high * 1000) });
const NONE: Timing['snapshot'] = { low: 0, high: 0 };

/**
 * The simulated site in the simulated account: images, launch template, target groups, group, database, file server with its volumes.
 *
 * @param backupHooks what goes wrong with the backup
 */
export function buildCloud(
  scenario: Scenario,
  { clock, random, journal }: AccountContext,
  troubles?: CloudTroubles,
  backupHooks: CloudHooks = {},
): Cloud {
  const { timing, terminateInStandby } = scenario;
  const cloud = new Cloud({
    clock,
    random,
    journal,
    region: SITE.region,
    account: SITE.account,
    timing: {
      snapshot: milliseconds(timing.volumeSnapshot),
      snapshotPerGiB: NONE,
      dbSnapshot: milliseconds(timing.databaseSnapshot),
      dbSnapshotPerGiB: NONE,
      clusterSnapshot: milliseconds(timing.databaseSnapshot),
      backupJob: milliseconds(timing.databaseSnapshot),
      backupJobPerGiB: NONE,
    },
    hooks: { ...backupHooks, launchRefused: (zone) => troubles?.launchRefused(zone) },
    terminateInStandby,
  });
  const subnets = SITE.subnetIds.map((id, index) => ({ id, availabilityZone: SITE.availabilityZones[index] ?? SITE.availabilityZones[0] }));
  const [firstSubnet] = subnets;
  if (firstSubnet === undefined) throw new Error('the site has no subnet');
  addLaunchTemplate(cloud, scenario);
  addTargetGroups(cloud, scenario);
  addGroup(cloud, scenario, subnets);
  addLoadAndPlans(cloud, scenario.account, clock.now());
  addBackupSources(cloud, scenario.backup, firstSubnet);
  addEarlierBackups(cloud, scenario.backup, clock);
  return cloud;
}

function addLaunchTemplate(cloud: Cloud, { cluster }: Scenario): void {
  for (const version of cluster.images) {
    cloud.addImage({ id: imageId(version), name: `bitbucket-${version}`, tags: { [SITE.imageTagKey]: version } });
  }
  cloud.addLaunchTemplate({
    id: SITE.launchTemplateId,
    name: SITE.launchTemplateName,
    imageId: imageId(cluster.version),
    instanceType: SITE.instanceType,
    instanceProfileArn: SITE.instanceProfileArn,
    instanceRoleArn: SITE.nodeRoleArn,
    securityGroupIds: [SITE.securityGroupId],
    instanceTags: { Name: 'bitbucket-node', Cluster: 'bitbucket' },
  });
}

function addTargetGroups(cloud: Cloud, { timing, cluster }: Scenario): void {
  const healthCheck = {
    protocol: 'HTTP',
    port: SITE.httpPort,
    path: `${cluster.contextPath}/status`,
    intervalSeconds: 10,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  } as const;
  const deregistrationDelaySeconds = timing.deregistrationDelay;
  cloud.addTargetGroup({ arn: SITE.httpTargetGroupArn, protocol: 'HTTP', port: SITE.httpPort, healthCheck, deregistrationDelaySeconds });
  cloud.addTargetGroup({
    arn: SITE.sshTargetGroupArn,
    protocol: 'TCP',
    port: SITE.sshPort,
    healthCheck: { ...healthCheck, protocol: 'TCP', port: SITE.sshPort },
    deregistrationDelaySeconds,
  });
}

function addGroup(cloud: Cloud, { cluster, account }: Scenario, subnets: readonly { id: string; availabilityZone: string }[]): void {
  const { launchTemplate } = cluster;
  const mixed = launchTemplate === 'mixed-instances';
  const Version = mixed ? '$Latest' : launchTemplate === 'pinned' ? '1' : launchTemplate;
  const specification = { LaunchTemplateId: SITE.launchTemplateId, Version };
  cloud.addGroup({
    name: SITE.groupName,
    min: cluster.minSize,
    max: cluster.maxSize,
    desired: cluster.nodes,
    ...(mixed
      ? {
          mixedInstancesPolicy: {
            LaunchTemplate: { LaunchTemplateSpecification: specification, Overrides: [{ InstanceType: SITE.instanceType }] },
          },
        }
      : { launchTemplate: specification }),
    subnets,
    targetGroupArns: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn],
    healthCheckType: 'ELB',
    suspendedProcesses: cluster.suspendedProcesses as ScalingProcess[],
    ...groupTraits(account),
  });
}

/** The group's settings as they are now, as far as a run must leave them as they were. */
export function groupSettings(cloud: Cloud): GroupSettings {
  const group = cloud.group(SITE.groupName);
  const { spec } = group.launches();
  const template = cloud.launchTemplate(SITE.launchTemplateId);
  const versionSpec = spec.Version ?? '$Default';
  const latest = template.versions.at(-1)?.number ?? 0;
  const number = versionSpec === '$Latest' ? latest : versionSpec === '$Default' ? template.defaultVersion : Number(versionSpec);
  return {
    min: group.min,
    max: group.max,
    desired: group.desired,
    suspendedProcesses: [...group.suspended].sort(),
    tags: Object.fromEntries(
      [...group.tags].map(([key, { value, propagate }]) => [key, `${value} (${propagate ? 'propagated' : 'not propagated'})`]),
    ),
    within: group.mixedInstancesPolicy === undefined ? 'group' : 'mixed-instances-policy',
    versionSpec,
    defaultVersion: String(template.defaultVersion),
    imageId: template.versions.find((version) => version.number === number)?.data.ImageId ?? '',
    standby: group.in('Standby', 'EnteringStandby').map(({ id }) => id),
  };
}
