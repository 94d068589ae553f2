/** A cluster of four nodes on 9.4.20 that goes to 9.4.23, as the tests vary it. */
import type { BackupSpec, BakeSpec, Limits } from '../../../../lib/contract/environment';
import type { KnownBackup, PartObservation, Plan, Run } from '../../../../lib/contract/events';
import type { Cluster, ClusterNode, Group, Instance, Member, NodeView, Target } from '../../../../lambda/core/observation';

export const FROM = '9.4.20';
export const TO = '9.4.23';
export const OLD_IMAGE = 'ami-00000000000000020';
export const NEW_IMAGE = 'ami-00000000000000023';
export const HTTP = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/http/0123456789abcdef';
export const SSH = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/ssh/0123456789abcdef';
export const ARNS = [HTTP, SSH];
export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const at = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

export const run: Run = {
  executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:RollingUpgrade:run-1',
  executionName: 'run-1',
  startedAt: '2026-03-01T11:00:00.000Z',
};

export const limits: Limits = {
  bootTimeout: 2700,
  drainLimit: 3600,
  backupTimeout: 7200,
  finalizeTimeout: 1800,
  minPollInterval: 5,
  maxPollInterval: 60,
};

export const NO_BAKE: BakeSpec = { first: 0, each: 0, alarms: [] };

export const plan = (change: Partial<Plan> = {}): Plan => ({
  run,
  groupName: 'bitbucket-nodes',
  fromVersion: FROM,
  toVersion: TO,
  originalImageId: OLD_IMAGE,
  targetImageId: NEW_IMAGE,
  action: 'upgrade',
  continues: false,
  sizes: { min: 4, max: 4, desired: 4 },
  suspendedBefore: [],
  launchTemplate: { id: 'lt-1', versionSpec: '$Latest', version: '1', within: 'group' },
  capacity: 'surge',
  nodes: [1, 2, 3, 4].map((n) => ({ instanceId: `i-old${n}`, privateIp: `10.0.0.${n}` })),
  backupId: 'bitbucket-rolling-upgrade-1',
  ...change,
});

export const target = (instanceId: string, state = 'healthy', targetGroupArn = HTTP): Target => ({
  targetGroupArn,
  instanceId,
  state,
  reason: '',
});
export const healthy = (instanceId: string): Target[] => ARNS.map((arn) => target(instanceId, 'healthy', arn));

export const node = (ipAddress: string, version = FROM, state = 'ACTIVE', load = 0): ClusterNode => ({ ipAddress, version, state, load });

const numbered = (id: string): string => `10.0.${id.includes('new') ? 1 : 0}.${Number.parseInt(/\d+$/.exec(id)?.[0] ?? '1', 10)}`;

/** A node of the original version (`i-old1`) or the target version (`i-new1`) that is good, but for what is changed. */
export function member(instanceId: string, change: Partial<Member> = {}): Member {
  const fresh = instanceId.includes('new');
  const privateIp = numbered(instanceId);
  return {
    instanceId,
    privateIp,
    lifecycleState: 'InService',
    imageId: fresh ? NEW_IMAGE : OLD_IMAGE,
    ec2State: 'running',
    launchedAt: fresh ? '2026-03-01T11:50:00.000Z' : '2026-01-01T00:00:00.000Z',
    node: node(privateIp, fresh ? TO : FROM),
    targets: healthy(instanceId),
    ...change,
  };
}

/** What every node answers when all of them see each other. */
export const views = (members: readonly Member[], change: Partial<NodeView> = {}): readonly Member[] =>
  members.map((one) => ({
    ...one,
    view: { status: 'RUNNING', version: one.node?.version ?? '', members: members.map(({ privateIp }) => privateIp), ...change },
  }));

export const olds = (...numbers: number[]): Member[] => numbers.map((n) => member(`i-old${n}`));
export const news = (...numbers: number[]): Member[] => numbers.map((n) => member(`i-new${n}`));

export const group = (
  members: readonly Member[],
  desired = members.filter((one) => one.lifecycleState === 'InService').length,
  change: Partial<Group> = {},
): Group => ({
  name: 'bitbucket-nodes',
  sizes: { min: 4, max: Math.max(4, desired), desired },
  instances: members.map(({ instanceId, lifecycleState }) => ({ instanceId, lifecycleState })),
  suspendedProcesses: [],
  tags: {},
  launchTemplate: { id: 'lt-1', versionSpec: '$Latest', within: 'group' },
  overridesWithTemplates: [],
  targetGroupArns: ARNS,
  gracePeriodSeconds: 3600,
  ...change,
});

export const instancesOf = (members: readonly Member[]): Instance[] =>
  members.map(({ instanceId, privateIp, imageId, ec2State, launchedAt }) => ({
    instanceId,
    privateIp,
    imageId,
    state: ec2State,
    launchedAt,
  }));

export const cluster = (members: readonly Member[], change: Partial<Cluster> = {}): Cluster => ({
  upgradeModeEnabled: false,
  state: 'STABLE',
  originalVersion: '',
  nodes: members.flatMap((one) => (one.node ? [one.node] : [])),
  ...change,
});

export const upgrading = (members: readonly Member[], state = 'MIXED'): Cluster =>
  cluster(members, { upgradeModeEnabled: true, state, originalVersion: FROM });

/** The same without one of its fields. */
export function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const copy = { ...value };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the key is typed, and the copy is ours
  delete copy[key];
  return copy;
}

/** A backup of the database and the shared home. */
export const backupSpec = (change: Partial<BackupSpec> = {}): BackupSpec => ({
  parts: ['database', 'shared-home'],
  noneBecause: '',
  skewLimit: 60,
  startLimit: 600,
  reuseWithin: 14_400,
  warnings: [],
  ...change,
});

/** A part that can begin. */
export const observed = (change: Partial<PartObservation> = {}): PartObservation => ({
  part: 'database',
  problems: [],
  warnings: [],
  ready: true,
  detail: 'available',
  backups: [],
  ...change,
});

/** A part of a backup that is complete, begun ten minutes ago. */
export const known = (change: Partial<KnownBackup> = {}): KnownBackup => ({
  backupId: 'earlier',
  versions: `${FROM} to ${TO}`,
  run: 'arn:earlier',
  startedAt: at(-600).toISOString(),
  state: 'complete',
  finished: false,
  ...change,
});
