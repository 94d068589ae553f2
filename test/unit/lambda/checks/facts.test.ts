/** What the tasks look up before they check, and what they do when something cannot be read. */
import type { RetryableErrorName, TerminalErrorName } from '../../../../lib/contract/errors';
import { ENV } from '../../../../lib/contract/environment';
import { accountFacts } from '../../../../lambda/check-account/facts';
import { handler as checkAccount } from '../../../../lambda/check-account/handler';
import { clusterFacts } from '../../../../lambda/check-cluster/facts';
import { handler as checkCluster } from '../../../../lambda/check-cluster/handler';
import { groupFacts } from '../../../../lambda/check-group/facts';
import { handler as checkGroup } from '../../../../lambda/check-group/handler';
import { TaskError } from '../../../../lambda/core/errors';
import type { ResolvedRequest } from '../../../../lib/contract/events';
import type { Administration } from '../../../../lambda/ports/administration';
import { ARNS, NEW_IMAGE, NOW, OLD_IMAGE, TO, at, cluster, group, healthy, instancesOf, limits, olds, plan, run } from '../support/build';
import { fakeBitbucket, fakeGroup, fakeInstances, fakeNodes, fakeTargets } from '../support/fakes';
import { image } from './build';

const four = olds(1, 2, 3, 4);
const request: ResolvedRequest = { targetVersion: TO, imageId: NEW_IMAGE, dryRun: false, problems: [] };
const input = { plan: plan(), request };
const fails = (name: RetryableErrorName | TerminalErrorName) => () => Promise.reject(new TaskError(name, 'for a test'));
const says =
  <T>(value: T) =>
  (): Promise<T> =>
    Promise.resolve(value);

function administration(change: Partial<Administration> = {}): { readonly port: Administration; readonly asked: string[] } {
  const asked: string[] = [];
  const answers: Administration = {
    clustering: says({ running: true, nodes: 4 }),
    licence: says({}),
    healthChecks: says([]),
    apps: says({ compatible: [], updateRequired: [], incompatible: [], unknown: [] }),
    meshNodes: says([]),
    mirrors: says([]),
    ...change,
  };
  const noted = Object.entries(answers).map(([name, ask]) => [
    name,
    (...args: never[]) => {
      asked.push(name);
      return (ask as (...given: never[]) => unknown)(...args);
    },
  ]);
  return { port: Object.fromEntries(noted) as Administration, asked };
}

describe('facts about the cluster', () => {
  const views = Object.fromEntries(
    four.map(({ privateIp }) => [privateIp, { status: 'RUNNING', version: '9.4.20', members: four.map((one) => one.privateIp) }]),
  );
  const ports = (bitbucket = fakeBitbucket([cluster(four)]), admin = administration().port, nodes = fakeNodes(views)) => ({
    group: fakeGroup(group(four)),
    instances: fakeInstances(instancesOf(four)),
    targets: fakeTargets(four.flatMap(({ instanceId }) => healthy(instanceId))),
    bitbucket,
    nodes,
    administration: admin,
    images: { byId: () => Promise.resolve(image(NEW_IMAGE)), byTag: () => Promise.resolve([]) },
  });
  const settings = { deniedVersions: [], targetGroupArns: ARNS };

  test('are put together by instance, with what each node says itself', async () => {
    const facts = await clusterFacts(input, settings, ports());
    expect(Object.entries(facts).filter(([, fact]) => 'unknown' in fact)).toEqual([]);
    expect(facts.access).toEqual({ value: { kind: 'granted' } });
    expect(facts.members).toMatchObject({ value: four.map(({ instanceId }) => ({ instanceId, view: { status: 'RUNNING' } })) });
  });
  test('after a 401 nothing more is asked with the credentials', async () => {
    const admin = administration();
    const nodes = fakeNodes(views);
    const facts = await clusterFacts(
      input,
      settings,
      ports(fakeBitbucket([new TaskError('CredentialsRefused', 'GET answered 401.')]), admin.port, nodes),
    );
    expect(admin.asked).toEqual([]);
    expect(nodes.asked).toEqual([]);
    expect(facts.access).toMatchObject({ value: { kind: 'refused', error: 'CredentialsRefused', message: 'GET answered 401.' } });
    expect(facts.cluster).toEqual({ unknown: 'Bitbucket refuses the credentials.' });
    expect(facts.licence).toEqual({ unknown: 'Bitbucket refuses the credentials.' });
    expect('value' in facts.targets && 'value' in facts.group).toBe(true);
  });
  test('after a 403 of the rolling-upgrade API the rest is asked: is it clustering?', async () => {
    const admin = administration({ clustering: says({ running: false, nodes: 1 }) });
    const facts = await clusterFacts(
      input,
      settings,
      ports(fakeBitbucket([new TaskError('PermissionMissing', 'GET answered 403.')]), admin.port),
    );
    expect(facts.access).toMatchObject({ value: { error: 'PermissionMissing' } });
    expect(facts.clustering).toEqual({ value: { running: false, nodes: 1 } });
  });
  test('that only warnings need are unknown when they cannot be read, and nobody waits for them', async () => {
    const { port } = administration({ apps: fails('BitbucketUnavailable'), mirrors: fails('ClusterUnexpected') });
    const facts = await clusterFacts(input, settings, ports(undefined, port));
    expect(facts.apps).toEqual({ unknown: 'BitbucketUnavailable: for a test' });
    expect(facts.mirrors).toEqual({ unknown: 'ClusterUnexpected: for a test' });
    expect(facts.licence).toEqual({ value: {} });
  });
  test('that a refusal needs are asked again by Step Functions when that may help', async () => {
    const { port } = administration({ licence: fails('BitbucketUnavailable') });
    await expect(clusterFacts(input, settings, ports(undefined, port))).rejects.toMatchObject({ name: 'BitbucketUnavailable' });
  });
  test('that are not allowed to be read are unknown', async () => {
    const denied = { ...ports(), targets: { describe: fails('AccessDenied') } };
    const facts = await clusterFacts(input, settings, denied);
    expect(facts.targets).toEqual({ unknown: 'AccessDenied: for a test' });
    expect('value' in facts.members).toBe(true);
  });
  test('a mistake in the program is no fact', async () => {
    const broken = administration({ mirrors: () => Promise.reject(new TypeError('a defect')) });
    await expect(clusterFacts(input, settings, ports(undefined, broken.port))).rejects.toThrow('a defect');
  });
});

describe('facts about the group', () => {
  const ports = (change: Partial<Parameters<typeof groupFacts>[2]> = {}): Parameters<typeof groupFacts>[2] => ({
    group: fakeGroup(group(four, 4, { tags: { 'aws:cloudformation:stack-id': 'stack-1' } })),
    details: {
      settings: says({
        newInstancesProtected: false,
        protectedInstances: [],
        maximumLifetime: 0,
        warmPool: undefined,
        subnets: ['subnet-1'],
      }),
      scheduledActions: says([]),
      hooks: says([]),
    },
    instances: fakeInstances(instancesOf(four)),
    targetGroups: { settings: says([]) },
    images: {
      byId: (id) => Promise.resolve(image(id, { keys: ['arn:told'], encryptedSnapshots: [`snap-of-${id}`] })),
      keys: (ids) => Promise.resolve(ids.map((id) => `arn:key-of-${id}`)),
    },
    stacks: { status: says('UPDATE_COMPLETE') },
    ...change,
  });
  const settings = { targetGroupArns: ARNS, contextPath: '/git', versionTag: '' };

  test('hold the stack and the keys of both images', async () => {
    const facts = await groupFacts(input, settings, ports());
    expect(facts.stack).toEqual({ value: { id: 'stack-1', status: 'UPDATE_COMPLETE' } });
    expect(facts.keys).toEqual({
      value: { target: ['arn:told', `arn:key-of-snap-of-${NEW_IMAGE}`], original: ['arn:told', `arn:key-of-snap-of-${OLD_IMAGE}`] },
    });
  });
  test('an image that is named by a parameter is not looked for', async () => {
    const facts = await groupFacts({ ...input, plan: plan({ originalImageId: 'resolve:ssm:/ami' }) }, settings, ports());
    expect(facts.originalImage).toEqual({ value: undefined });
  });
  test('suffer one by one', async () => {
    const denied = ports({ stacks: { status: fails('AccessDenied') }, details: { ...ports().details, hooks: fails('AwsThrottled') } });
    const facts = await groupFacts(input, settings, denied);
    expect(Object.entries(facts).flatMap(([name, fact]) => ('unknown' in fact ? [name] : []))).toEqual(['stack', 'hooks']);
  });
});

describe('facts about the account', () => {
  const spec = { changeCalendars: ['freeze'], alarms: ['errors'], maxCpu: 75, loadHours: 24 };
  const asked: unknown[] = [];
  beforeEach(() => {
    asked.length = 0;
  });
  const ports = (owner?: string, running = true): Parameters<typeof accountFacts>[3] => ({
    lock: {
      holder: () => Promise.resolve(owner === undefined ? undefined : { owner, since: '' }),
      take: says(true),
      release: says(true),
    },
    executions: { isRunning: () => Promise.resolve(running) },
    metrics: {
      cpu: (...args) => {
        asked.push(args);
        return Promise.resolve([
          [
            { time: 't1', value: 40 },
            { time: 't2', value: 50 },
          ],
          [{ time: 't2', value: 60 }],
          [],
        ]);
      },
    },
    calendars: { state: (name) => Promise.resolve({ name, state: 'OPEN', until: '' }) },
    alarms: { states: () => Promise.resolve(new Map([['errors', 'OK']])) },
    details: {
      settings: says({
        newInstancesProtected: false,
        protectedInstances: [],
        maximumLifetime: 0,
        warmPool: undefined,
        subnets: ['subnet-1'],
      }),
      scheduledActions: says([]),
      hooks: says([]),
    },
    rehearsal: { launch: (_, subnet) => Promise.resolve([{ call: `in ${subnet ?? ''}`, refused: '' }]) },
  });

  test('hold the busiest period of all nodes together, when no node is added', async () => {
    const facts = await accountFacts({ ...input, plan: plan({ capacity: 'within-capacity' }) }, spec, NOW, ports());
    expect(facts.load).toEqual({ value: { peak: 110, peakAt: 't2', nodes: 2 } });
    expect(asked).toEqual([[plan().nodes.map(({ instanceId }) => instanceId), at(-24 * 3600), NOW]]);
  });
  test('leave the load alone when a node is added', async () => {
    const facts = await accountFacts(input, spec, NOW, ports());
    expect(facts.load).toEqual({ value: undefined });
    expect(asked).toEqual([]);
    expect(facts.dryRuns).toEqual({ value: [{ call: 'in subnet-1', refused: '' }] });
  });
  test.each([
    ['nobody', undefined, true, undefined],
    ['this run', run.executionArn, true, undefined],
    ['a run that ended', 'execution:other', false, undefined],
    ['another run', 'execution:other', true, 'execution:other'],
  ])('name another run that is at work: when the lock is held by %s', async (_, owner, running, other) => {
    expect((await accountFacts(input, spec, NOW, ports(owner, running))).otherRun).toEqual({ value: other });
  });
});

describe('a run that changes nothing', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = environment;
  });
  test('needs nothing in order: nothing is looked up', async () => {
    process.env = {
      [ENV.GROUP_NAME]: 'nodes',
      [ENV.TARGET_GROUP_ARNS]: ARNS.join(','),
      [ENV.LIMITS]: JSON.stringify(limits),
      [ENV.BASE_URL]: 'https://git.example.com/git',
      [ENV.NODE_PORT]: '7990',
      [ENV.NODE_PROTOCOL]: 'http',
      [ENV.CREDENTIALS_SECRET_ARN]: 'arn:secret',
      [ENV.NODE_IMAGES]: '{"kind": "map", "images": {}}',
      [ENV.LOCK_TABLE_NAME]: 'locks',
      [ENV.BAKE]: '{"first": 0, "each": 0, "alarms": []}',
      [ENV.CHECKS]: '{"changeCalendars": [], "alarms": [], "maxCpu": 75, "loadHours": 24}',
    };
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const handler of [checkCluster, checkGroup, checkAccount]) {
      expect(await handler({ ...input, plan: plan({ action: 'nothing' }) })).toEqual([]);
      expect(await handler({ ...input, request: { ...request, upToDate: true } })).toEqual([]);
    }
    log.mockRestore();
  });
});
