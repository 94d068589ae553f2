/** Facts of a cluster that may be upgraded, as the tests vary them. */
import type { CheckResult } from '../../../../lib/contract/checks';
import type { Plan, ResolvedRequest } from '../../../../lib/contract/events';
import { ACCOUNT_CHECKS, CLUSTER_CHECKS, GROUP_CHECKS, JUDGED_CHECKS } from '../../../../lambda/core/checks/catalogue';
import type { CheckOf, Facts, Ground } from '../../../../lambda/core/checks/check';
import { known } from '../../../../lambda/core/checks/check';
import type { AccountFacts, ClusterFacts, GroupFacts, ImageDetails } from '../../../../lambda/core/checks/facts';
import type { JudgedFacts } from '../../../../lambda/core/checks/judged';
import type { Member } from '../../../../lambda/core/observation';
import { ARNS, NEW_IMAGE, NOW, NO_BAKE, OLD_IMAGE, TO, cluster, group, instancesOf, limits, olds, plan, views } from '../support/build';

/** Values instead of known facts; what is left out stays as it is. */
export type Values<F> = { readonly [K in keyof F]?: F[K] };

const allKnown = <F extends object>(values: F): Facts<F> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, known(value)])) as Facts<F>;

export const image = (imageId: string, change: Partial<ImageDetails> = {}): ImageDetails => ({
  imageId,
  state: 'available',
  architecture: 'x86_64',
  createdAt: '2026-02-01T00:00:00.000Z',
  tags: { 'bitbucket:version': imageId === NEW_IMAGE ? TO : '9.4.20' },
  rootDeviceType: 'ebs',
  virtualization: 'hvm',
  keys: [],
  encryptedSnapshots: [],
  ...change,
});

export const targetGroup = (arn: string, change: Partial<GroupFacts['targetGroups'][number]> = {}): GroupFacts['targetGroups'][number] => ({
  arn,
  protocol: 'HTTP',
  port: 7990,
  healthCheckPort: 'traffic-port',
  healthCheckProtocol: 'HTTP',
  healthCheckPath: '/git/status',
  deregistrationDelaySeconds: 900,
  ...change,
});

const request: ResolvedRequest = { targetVersion: TO, imageId: NEW_IMAGE, dryRun: false, problems: [] };

export const ground = (change: Partial<Plan> = {}, asked: Partial<ResolvedRequest> = {}, other: Partial<Ground> = {}): Ground => ({
  plan: plan({ sizes: { min: 4, max: 5, desired: 4 }, ...change }),
  request: { ...request, ...asked },
  limits,
  now: NOW,
  ...other,
});

export function clusterFacts(change: Values<ClusterFacts> = {}, members: readonly Member[] = olds(1, 2, 3, 4)): Facts<ClusterFacts> {
  const seen = members.every(({ view }) => view) ? members : views(members);
  return allKnown({
    deniedVersions: ['9.4.21'],
    access: { kind: 'granted' },
    cluster: cluster(members),
    group: group(members),
    targets: [],
    targetGroupArns: ARNS,
    views: new Map(),
    members: seen,
    clustering: { running: true, nodes: members.length },
    licence: { expiresAt: '2027-01-01T00:00:00.000Z', maintenanceEndsAt: '2027-01-01T00:00:00.000Z' },
    targetImage: image(NEW_IMAGE),
    healthChecks: [{ name: 'Free disk space', healthy: true, reason: '', severity: 'UNDEFINED' }],
    apps: { compatible: ['Merge Checks'], updateRequired: [], incompatible: [], unknown: [] },
    mesh: [],
    mirrors: [],
    ...change,
  } satisfies ClusterFacts);
}

export function groupFacts(change: Values<GroupFacts> = {}, members: readonly Member[] = olds(1, 2, 3, 4)): Facts<GroupFacts> {
  return allKnown({
    group: group(members),
    instances: instancesOf(members),
    settings: { newInstancesProtected: false, protectedInstances: [], maximumLifetime: 0 },
    refresh: undefined,
    stack: { id: 'stack-1', status: 'UPDATE_COMPLETE' },
    scheduledActions: [],
    hooks: [{ name: 'drain', transition: 'terminating', heartbeat: 300, otherwise: 'CONTINUE' }],
    warmPool: undefined,
    targetGroupArns: ARNS,
    targetGroups: ARNS.map((arn) => targetGroup(arn)),
    contextPath: '/git',
    targetImage: image(NEW_IMAGE),
    originalImage: image(OLD_IMAGE),
    keys: { target: ['arn:key'], original: ['arn:key'] },
    versionTag: 'bitbucket:version',
    ...change,
  } satisfies GroupFacts);
}

export const accountFacts = (change: Values<AccountFacts> = {}): Facts<AccountFacts> =>
  allKnown({
    otherRun: undefined,
    spec: { changeCalendars: ['freeze'], alarms: ['errors'], maxCpu: 75, loadHours: 24 },
    load: { peak: 160, peakAt: '2026-03-01T09:00:00.000Z', nodes: 4 },
    calendars: [{ name: 'freeze', state: 'OPEN', until: '' }],
    alarms: new Map([['errors', 'OK']]),
    dryRuns: [{ call: 'ec2:RunInstances', refused: '' }],
    bake: NO_BAKE,
    ...change,
  } satisfies AccountFacts);

export const judgedFacts = (change: Values<JudgedFacts> = {}): Facts<JudgedFacts> =>
  allKnown({
    requestProblems: [],
    observations: [{ part: 'database', problems: [], warnings: [], ready: true, detail: 'db is available' }],
    noBackupBecause: '',
    backupWarnings: [],
    reusesBackup: false,
    ...change,
  } satisfies JudgedFacts);

/** Every check of the list, of these facts. */
const judgeAll = <F>(checks: readonly CheckOf<F>[], facts: Facts<F>, on: Ground): CheckResult[] =>
  checks.map((check) => check.judge(facts, on));

export const judgeCluster = (facts = clusterFacts(), on = ground()): CheckResult[] => judgeAll(CLUSTER_CHECKS, facts, on);
export const judgeGroup = (facts = groupFacts(), on = ground()): CheckResult[] => judgeAll(GROUP_CHECKS, facts, on);
export const judgeAccount = (facts = accountFacts(), on = ground()): CheckResult[] => judgeAll(ACCOUNT_CHECKS, facts, on);
export const judgeJudged = (facts = judgedFacts(), on = ground()): CheckResult[] => judgeAll(JUDGED_CHECKS, facts, on);
