/** Worlds in which one check does not pass. The rest of them is in order, as far as it can be. */
import { imageId, SITE } from '../../../../simulator/scenario/site';
import type { ImageProps } from '../../../../simulator/services/ec2/images';
import type { ScenarioRun } from '../../../../simulator/scenario/run';

/** A world in which a check does not pass. */
export interface CheckCase {
  readonly check: string;
  readonly what: string;
  /** What is told of it. */
  readonly says: RegExp;
  /** Keys of the scenario. */
  readonly scenario?: Readonly<Record<string, unknown>>;
  /** What no scenario says: somebody has changed it before the run. */
  readonly arrange?: (run: ScenarioRun) => void;
}

const TARGET = imageId('9.4.23');
const KEY = `arn:aws:kms:${SITE.region}:${SITE.account}:key/00000000-0000-4000-8000-0000000000aa`;

const groupOf = ({ world }: ScenarioRun) => world.cloud.group(SITE.groupName);
const membersOf = (run: ScenarioRun) => [...groupOf(run).members.values()];
const nodesOf = ({ world }: ScenarioRun) => world.cluster.nodes;
/** Instead of what the site has: descriptions are read, never written. */
const instead = <T extends object>(of: T, change: Partial<{ -readonly [K in keyof T]: unknown }>): void => {
  Object.assign(of, change);
};
/** The target's image is another one. */
const image =
  (change: Partial<ImageProps>) =>
  ({ world }: ScenarioRun): void => {
    world.cloud.addImage({ id: TARGET, name: 'bitbucket-9.4.23', tags: { [SITE.imageTagKey]: '9.4.23' }, ...change });
  };

export const CASES: readonly CheckCase[] = [
  {
    check: 'version-policy',
    what: 'a feature version',
    says: /9\.4\.20 to 9\.5\.0 is a feature upgrade/,
    scenario: { cluster: { nodes: 2, images: ['9.4.20', '9.5.0'] }, request: { targetVersion: '9.5.0' } },
  },
  {
    check: 'denied-version',
    what: 'a version on the list',
    says: /9\.4\.23 is on this cluster's list of denied versions/,
    scenario: { deniedVersions: ['9.4.23'] },
  },
  {
    check: 'clustering',
    what: 'a Bitbucket without clustering',
    says: /Clustering is off/,
    arrange: ({ simulation }) => {
      const body = JSON.stringify({ localNode: {}, nodes: [], running: false });
      simulation.interceptHttp(({ path }) =>
        path.endsWith('/admin/cluster')
          ? { when: 'before', answer: { status: 200, headers: { 'content-type': 'application/json' }, body } }
          : undefined,
      );
    },
  },
  {
    check: 'upgrade-mode',
    what: 'upgrade mode that a person turned on',
    says: /no run of this workflow turned it on/,
    arrange: (run) => {
      run.world.cluster.turn('start', nodesOf(run)[0]!, 'person');
    },
  },
  { check: 'two-nodes', what: 'a cluster of one node', says: /at least two/, scenario: { cluster: { nodes: 1 } } },
  {
    check: 'nodes-are-instances',
    what: 'a node outside the group',
    says: /left on the old version/,
    arrange: (run) => {
      const { instance } = nodesOf(run)[0]!;
      run.world.cluster.adopt({ ...instance, id: 'i-0000000000000beef', privateIp: '10.0.9.9' });
    },
  },
  {
    check: 'group-complete',
    what: 'an instance too few',
    says: /2 of 3 desired/,
    arrange: (run) => {
      instead(groupOf(run), { desired: 3, max: 4 });
    },
  },
  {
    check: 'healthy-targets',
    what: 'a node that one load balancer does not have',
    says: /not registered in bitbucket-ssh/,
    arrange: (run) => {
      run.world.cloud.targetGroup(SITE.sshTargetGroupArn).drop(membersOf(run)[1]!.id);
    },
  },
  {
    check: 'no-node-in-error',
    what: 'a node in ERROR',
    says: /in the state ERROR/,
    arrange: (run) => {
      instead(nodesOf(run)[1]!, { phase: 'error' });
    },
  },
  {
    check: 'one-version',
    what: 'a node of another version',
    says: /Every node must run 9\.4\.(19|20)/,
    arrange: (run) => {
      instead(nodesOf(run)[1]!, { version: '9.4.19' });
    },
  },
  {
    check: 'one-cluster',
    what: 'a node that is a cluster of its own',
    says: /split/,
    arrange: (run) => {
      instead(nodesOf(run)[1]!, { island: 'its own' });
    },
  },
  {
    check: 'needed-processes',
    what: 'a suspended process',
    says: /Launch of bitbucket-nodes: suspended/,
    scenario: { cluster: { nodes: 2, suspendedProcesses: ['Launch'] } },
  },
  {
    check: 'scale-in-protection',
    what: 'protection of one instance',
    says: /protected from scale-in one by one/,
    arrange: (run) => {
      instead(membersOf(run)[0]!, { protectedFromScaleIn: true });
    },
  },
  { check: 'maximum-size', what: 'no room for the extra node', says: /the maximum is raised to 3/ },
  {
    check: 'target-groups-attached',
    what: 'a target group that the group does not fill',
    says: /bitbucket-ssh: not attached/,
    arrange: (run) => {
      instead(groupOf(run), { targetGroupArns: [SITE.httpTargetGroupArn] });
    },
  },
  {
    check: 'target-groups-watched',
    what: 'a target group that nobody watches',
    says: /third: attached to the group, but not watched/,
    arrange: (run) => {
      const third = SITE.sshTargetGroupArn.replace('bitbucket-ssh', 'third');
      instead(groupOf(run), { targetGroupArns: [...groupOf(run).targetGroupArns, third] });
    },
  },
  {
    check: 'health-check-port',
    what: 'health checks on the port of the cluster',
    says: /bitbucket-ssh checks port 5701/,
    arrange: (run) => {
      instead(run.world.cloud.targetGroup(SITE.sshTargetGroupArn).healthCheck, { port: 5701 });
    },
  },
  {
    check: 'health-check-path',
    what: 'health checks of another page',
    says: /bitbucket-http checks \//,
    arrange: (run) => {
      instead(run.world.cloud.targetGroup(SITE.httpTargetGroupArn).healthCheck, { path: '/' });
    },
  },
  {
    check: 'deregistration-delay',
    what: 'draining that cuts clones',
    says: /drains for up to 30 s/,
    scenario: { timing: { deregistrationDelay: 30 } },
  },
  {
    check: 'launch-template',
    what: 'overrides with launch templates of their own',
    says: /overrides m6i\.large with launch templates of their own/,
    scenario: { cluster: { nodes: 2, launchTemplate: 'mixed-instances' } },
    arrange: (run) => {
      const { LaunchTemplate } = groupOf(run).mixedInstancesPolicy!;
      const own = { InstanceType: 'm6i.large', LaunchTemplateSpecification: LaunchTemplate!.LaunchTemplateSpecification! };
      groupOf(run).mixedInstancesPolicy = { LaunchTemplate: { ...LaunchTemplate, Overrides: [...(LaunchTemplate!.Overrides ?? []), own] } };
    },
  },
  {
    check: 'target-image',
    what: 'an image that is still being made',
    says: /is pending, not available/,
    scenario: { request: { imageId: TARGET } },
    arrange: image({ state: 'pending' }),
  },
  {
    check: 'image-platform',
    what: 'an image of another architecture',
    says: /is for arm64, the nodes run x86_64/,
    arrange: image({ architecture: 'arm64' }),
  },
  {
    check: 'image-version',
    what: 'an image whose tag says another version',
    says: /says 9\.4\.22; the target is 9\.4\.23/,
    scenario: { request: { imageId: TARGET } },
    arrange: image({ tags: { [SITE.imageTagKey]: '9.4.22' } }),
  },
  {
    check: 'image-encryption',
    what: 'an image with a key that no node was launched with',
    says: /with which no node was launched yet/,
    arrange: image({ volumes: [{ deviceName: '/dev/xvda', snapshotId: 'snap-0e1', sizeGiB: 50, encrypted: true, kmsKeyArn: KEY }] }),
  },
  {
    check: 'current-image',
    what: 'an image that is gone, and was the way back',
    says: /no node of 9\.4\.20 could be launched again/,
    arrange: (run) => {
      run.world.cloud.removeImage(imageId('9.4.20'));
    },
  },
  {
    check: 'backup-sources',
    what: 'a database that cannot be backed up',
    says: /bitbucket-db .*stopped/,
    arrange: (run) => {
      run.world.cloud.dbInstance(SITE.databaseId).status = 'stopped';
    },
  },
];
