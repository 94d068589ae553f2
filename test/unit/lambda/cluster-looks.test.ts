/** The tasks that look at the whole cluster, with fakes of everything they ask. */
import { awaitReplacement } from '../../../lambda/await-replacement/handler';
import { chooseNode } from '../../../lambda/choose-node/handler';
import { decideToCancel } from '../../../lambda/cancel-upgrade-mode/handler';
import { decideToFinalize } from '../../../lambda/finalize-upgrade/handler';
import type { ResolvePorts } from '../../../lambda/resolve-request/handler';
import { resolveRequest } from '../../../lambda/resolve-request/handler';
import { verifyCluster } from '../../../lambda/verify-cluster/handler';
import type { NodeImagesSpec } from '../../../lib/contract/environment';
import { GROUP_TAGS } from '../../../lib/contract/tags';
import type { Instance, Member, NodeView } from '../../../lambda/core/observation';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import type { Image } from '../../../lambda/ports/compute';
import {
  ARNS,
  NEW_IMAGE,
  NO_BAKE,
  NOW,
  TO,
  at,
  cluster,
  group,
  instancesOf,
  limits,
  member,
  news,
  node,
  olds,
  plan,
  run,
  upgrading,
  views,
  without,
} from './support/build';
import { fakeBitbucket, fakeGroup, fakeInstances, fakeNodes, fakeTargets } from './support/fakes';

function ports(members: readonly Member[], desired: number, state = 'MIXED', change: Readonly<Record<string, NodeView>> = {}) {
  const answers = Object.fromEntries(views(members).map(({ privateIp, view }) => [privateIp, view!]));
  return {
    group: fakeGroup(group(members, desired), 'no capacity'),
    instances: fakeInstances(instancesOf(members)),
    targets: fakeTargets(members.flatMap(({ targets }) => targets)),
    bitbucket: fakeBitbucket([upgrading(members, state)]),
    nodes: fakeNodes({ ...answers, ...change }),
  };
}
const settings = { limits, bake: NO_BAKE, targetGroupArns: ARNS, now: () => NOW };
const rolled = NOTHING_ROLLED;
const five = [...olds(1, 2, 3, 4), ...news(1)];

describe('await-replacement', () => {
  test('is done when every node, asked directly, is good', async () => {
    const given = ports(five, 5);
    await expect(awaitReplacement({ plan: plan(), rolled }, settings, given)).resolves.toMatchObject({
      verdict: 'done',
      replacement: { instanceId: 'i-new1' },
    });
    expect(given.nodes.asked).toHaveLength(5);
  });
  test('asks only the newest node while it is not good', async () => {
    const given = ports(five, 5, 'MIXED', { '10.0.1.1': { status: 'STARTING', version: '' } });
    await expect(awaitReplacement({ plan: plan(), rolled }, settings, given)).resolves.toMatchObject({
      verdict: 'wait',
      detail: expect.stringContaining('STARTING') as string,
    });
    expect(given.nodes.asked).toEqual(['10.0.1.1']);
  });
  test('does not take MAINTENANCE for good, though it answers 200', async () => {
    const given = ports(five, 5, 'MIXED', { '10.0.1.1': { status: 'MAINTENANCE', version: TO, members: [] } });
    await expect(awaitReplacement({ plan: plan(), rolled }, settings, given)).resolves.toMatchObject({ verdict: 'wait' });
  });
  test('sees that an old node has lost the others', async () => {
    const given = ports(five, 5, 'MIXED', { '10.0.0.3': { status: 'RUNNING', version: '9.4.20', members: ['10.0.0.3'] } });
    await expect(awaitReplacement({ plan: plan() }, settings, given)).resolves.toMatchObject({
      verdict: 'wait',
      detail: expect.stringContaining('split') as string,
    });
  });
  test('says why nothing is launched', async () => {
    await expect(awaitReplacement({ plan: plan(), rolled }, settings, ports(olds(1, 2, 3, 4), 5))).resolves.toMatchObject({
      detail: expect.stringContaining('no capacity') as string,
    });
  });
  test('looks a second time before it believes an ERROR', async () => {
    jest.useFakeTimers();
    const ill = [...olds(1, 2, 3, 4), member('i-new1', { node: node('10.0.1.1', TO, 'ERROR') })];
    const passing = { ...ports(five, 5), bitbucket: fakeBitbucket([upgrading(ill), upgrading(five)]) };
    const recovered = awaitReplacement({ plan: plan(), rolled }, settings, passing);
    const lasting = expect(awaitReplacement({ plan: plan(), rolled }, settings, ports(ill, 5))).rejects.toMatchObject({
      name: 'ReplacementFailed',
    });
    await jest.advanceTimersByTimeAsync(15_000);
    await expect(recovered).resolves.toMatchObject({ verdict: 'done' });
    await lasting;
    jest.useRealTimers();
  });
});

describe('choose-node', () => {
  test('stops when the group launches original nodes in place of those that were taken out, and says which launch template', async () => {
    const out = { old: { instanceId: 'i-old9', privateIp: '10.0.0.9' }, drainedAt: '', retiredAt: '', bootSeconds: 0 };
    const once = { ...rolled, completed: [{ ...out, standbyAt: at(-600).toISOString() }] };
    const again = [...five.slice(1), member('i-old7', { launchedAt: at(-500).toISOString() })];
    await expect(chooseNode({ plan: plan(), rolled: once }, { ...settings, now: NOW }, ports(again, 5))).rejects.toMatchObject({
      name: 'ClusterUnexpected',
      message: expect.stringContaining('launch template lt-1') as string,
    });
  });
  test('gives the node, or waits, and not for ever', async () => {
    const now = { ...settings, now: NOW };
    await expect(chooseNode({ plan: plan(), rolled }, now, ports(five, 5))).resolves.toMatchObject({
      verdict: 'done',
      action: 'replace',
      node: { instanceId: 'i-old1' },
    });
    await expect(chooseNode({ plan: plan(), rolled }, now, ports(five, 6))).resolves.toMatchObject({ verdict: 'wait', action: 'none' });
    const dead = five.map((one) => (one.instanceId === 'i-old2' ? { ...one, ec2State: 'terminated' } : one));
    await expect(chooseNode({ plan: plan(), rolled }, now, ports(dead, 5))).rejects.toMatchObject({ name: 'ReplacementFailed' });
    const shrunk = [...olds(1, 2, 3), ...news(1)];
    await expect(chooseNode({ plan: plan(), rolled }, now, ports(shrunk, 4))).resolves.toMatchObject({ verdict: 'wait' });
    await expect(chooseNode({ plan: plan(), rolled, since: at(-30).toISOString() }, now, ports(shrunk, 4))).rejects.toMatchObject({
      name: 'ReplacementFailed',
      message: expect.stringContaining('surge node is gone') as string,
    });
    const since = at(-limits.bootTimeout).toISOString();
    await expect(chooseNode({ plan: plan(), rolled, since }, now, ports(five, 6))).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
  test.each(['InService', 'Standby'])(
    'chooses nobody while whom the run has retired is still seen, as %s: the look is stale',
    async (state) => {
      const look = (lifecycleState: string) => {
        const [old, ...others] = five;
        const gone = { old: old!, standbyAt: NOW.toISOString(), drainedAt: '', retiredAt: '', bootSeconds: 0 };
        const seen = [{ ...old!, lifecycleState }, ...others, ...news(2)];
        return chooseNode({ plan: plan(), rolled: { ...rolled, completed: [gone] } }, { ...settings, now: NOW }, ports(seen, 5));
      };
      await expect(look(state)).resolves.toMatchObject({ verdict: 'wait', detail: expect.stringContaining('stale') as string });
      await expect(look('Terminating')).resolves.toMatchObject({ verdict: 'done', node: { instanceId: 'i-old2' } });
    },
  );
  test('takes nobody out while the newest node says itself that it does not run, whatever the load balancers find', async () => {
    const ill = ports([...five, ...news(2)], 6, 'MIXED', { '10.0.1.2': { status: 'MAINTENANCE', version: TO } });
    const launched = (state: Instance): Instance =>
      state.instanceId === 'i-new2' ? { ...state, launchedAt: '2026-03-01T11:55:00.000Z' } : state;
    const newest = { ...ill, instances: fakeInstances(instancesOf([...five, ...news(2)]).map(launched)) };
    await expect(chooseNode({ plan: plan(), rolled }, { ...settings, now: NOW }, newest)).resolves.toMatchObject({
      verdict: 'wait',
      detail: expect.stringContaining('i-new2') as string,
    });
    expect(ill.nodes.asked).toEqual(['10.0.1.2']); // the one before was asked when it was the newest
  });
});

describe('upgrade mode that an operator turned off in the middle', () => {
  const off = (members: readonly Member[], desired: number) => ({
    ...ports(members, desired),
    bitbucket: fakeBitbucket([cluster(members)]),
  });
  const afterSecondLook = async (work: Promise<unknown>) => {
    const failing = expect(work).rejects.toMatchObject({
      name: 'ClusterUnexpected',
      message: expect.stringContaining('Who cancelled') as string,
    });
    await jest.advanceTimersByTimeAsync(15_000);
    await failing;
  };
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('ends the wait for a replacement, and the choice of a node', async () => {
    await afterSecondLook(awaitReplacement({ plan: plan(), rolled }, settings, off(olds(1, 2, 3, 4), 5)));
    await afterSecondLook(chooseNode({ plan: plan(), rolled }, { ...settings, now: NOW }, off(olds(1, 2, 3, 4), 4)));
  });
  test('is no matter when nothing is left to replace, or it was a stale answer', async () => {
    await expect(chooseNode({ plan: plan(), rolled }, { ...settings, now: NOW }, off(news(1, 2, 3, 4), 4))).resolves.toMatchObject({
      action: 'none',
    });
    const stale = { ...ports(five, 5), bitbucket: fakeBitbucket([cluster(five), upgrading(five)]) };
    const chosen = chooseNode({ plan: plan(), rolled }, { ...settings, now: NOW }, stale);
    await jest.advanceTimersByTimeAsync(15_000);
    await expect(chosen).resolves.toMatchObject({ action: 'replace' });
  });
});

describe('before the point of no return', () => {
  const four = news(1, 2, 3, 4);
  test('the whole cluster is verified', async () => {
    await expect(verifyCluster({ plan: plan() }, settings, ports(four, 4, 'READY_TO_RUN_UPGRADE_TASKS'))).resolves.toMatchObject({
      verdict: 'done',
    });
    await expect(verifyCluster({ plan: plan() }, settings, ports(five, 5))).resolves.toMatchObject({ verdict: 'wait' });
    const since = at(-limits.bootTimeout).toISOString();
    await expect(verifyCluster({ plan: plan(), since }, settings, ports(five, 5))).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
  test('the group is looked at once more', async () => {
    const ready = upgrading(four, 'READY_TO_RUN_UPGRADE_TASKS');
    expect((await decideToFinalize(plan(), ready, ports(four, 4))).kind).toBe('call');
    expect((await decideToFinalize(plan(), ready, ports(five, 5))).kind).toBe('wait');
  });
});

test('upgrade mode stays on while the group launches a node of the target version by itself; one that died, leaves or runs the original version does not matter', async () => {
  const two = olds(1, 2);
  const decide = (one: Member) =>
    decideToCancel(plan(), upgrading([...two, one], 'READY_TO_UPGRADE'), {
      group: fakeGroup(group([...two, one], 3)),
      instances: fakeInstances(instancesOf([...two, one])),
    });
  const booting = without(member('i-new1', { lifecycleState: 'Pending' }), 'node');
  expect(await decide(booting)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('i-new1') as string });
  expect(await decide({ ...booting, lifecycleState: 'Terminating' })).toMatchObject({ kind: 'call' });
  expect(await decide({ ...booting, ec2State: 'terminated' })).toMatchObject({ kind: 'call' });
  const [original] = olds(5);
  expect(await decide({ ...original!, imageId: NEW_IMAGE })).toMatchObject({ kind: 'call' });
});

describe('resolve-request', () => {
  const image = (imageId: string, createdAt: string, state = 'available', version = TO): Image => ({
    imageId,
    state,
    architecture: 'x86_64',
    createdAt,
    tags: { BitbucketVersion: version },
  });
  const found = [image('ami-00000001', '2026-01-01'), image('ami-00000002', '2026-02-01'), image('ami-00000003', '2026-03-01', 'pending')];
  const notAsked = () => Promise.reject(new Error('asked for nothing'));
  const resolve = (input: unknown, spec: NodeImagesSpec, change: Partial<ResolvePorts> = {}) =>
    resolveRequest(
      { run, input },
      {
        spec,
        defaultTargetVersion: '',
        denied: [],
        group: { observe: notAsked },
        bitbucket: { cluster: notAsked, version: notAsked },
        images: {
          byId: (id) => Promise.resolve(found.find(({ imageId }) => imageId === id)),
          byTag: (_, version) => Promise.resolve(version === TO ? found : []),
          withTag: () => Promise.resolve([...found, image('ami-00000004', '2026-03-01', 'pending', '9.4.24')]),
        },
        parameters: {
          text: (name) => Promise.resolve(name === `/ami/${TO}` ? NEW_IMAGE : undefined),
          under: (prefix) =>
            Promise.resolve([
              { name: `${prefix}/${TO}`, value: NEW_IMAGE },
              { name: `${prefix}/9.4.24`, value: 'to come' },
            ]),
        },
        ...change,
      },
    );
  const tag: NodeImagesSpec = { kind: 'tag', tagKey: 'BitbucketVersion', owners: ['self'] };
  const parameter: NodeImagesSpec = { kind: 'parameter', prefix: '/ami' };
  const map: NodeImagesSpec = { kind: 'map', images: { [TO]: NEW_IMAGE } };

  test.each([
    ['newest available tagged image', tag, 'ami-00000002'],
    ['parameter', parameter, NEW_IMAGE],
    ['map', map, NEW_IMAGE],
  ])('takes the %s', async (_, spec, imageId) => {
    await expect(resolve({ targetVersion: TO }, spec)).resolves.toEqual({ targetVersion: TO, imageId, dryRun: false, problems: [] });
  });
  test.each([tag, parameter, map])('tells that there is no image of a version: $kind', async (spec) => {
    await expect(resolve({ targetVersion: '9.4.99' }, spec)).resolves.toMatchObject({ imageId: '', problems: [{ check: 'image' }] });
  });
  test('takes the version from an image that is given alone', async () => {
    await expect(resolve({ imageId: 'ami-00000001' }, tag)).resolves.toMatchObject({
      targetVersion: TO,
      imageId: 'ami-00000001',
      problems: [],
    });
    await expect(resolve({ imageId: NEW_IMAGE }, map)).resolves.toMatchObject({ targetVersion: TO, problems: [] });
    await expect(resolve({ imageId: NEW_IMAGE }, parameter)).resolves.toMatchObject({
      problems: [{ message: expect.stringContaining('Give targetVersion') as string }],
    });
  });
  test('refuses an image of another version', async () => {
    await expect(resolve({ targetVersion: '9.4.22', imageId: 'ami-00000001' }, tag)).resolves.toMatchObject({
      problems: [{ message: expect.stringContaining('is an image of Bitbucket 9.4.23') as string }],
    });
    await expect(resolve({ targetVersion: '9.4.22', imageId: NEW_IMAGE }, map)).resolves.toMatchObject({ problems: [{ check: 'image' }] });
    await expect(resolve({ targetVersion: TO, imageId: 'ami-00000009' }, parameter)).resolves.toMatchObject({
      problems: [{ check: 'image' }],
    });
  });
  describe('of the newest bug-fix version', () => {
    const runs = (version: string, tags = {}, state = cluster(olds(1))): Partial<ResolvePorts> => ({
      group: fakeGroup(group(olds(1), 1, { tags })),
      bitbucket: { cluster: () => Promise.resolve(state), version: () => Promise.resolve(version) },
    });
    test.each([
      ['images', tag, 'ami-00000002', /tag BitbucketVersion of self: 9\.4\.23\)/],
      ['parameters', parameter, NEW_IMAGE, /under \/ami\/: 9\.4\.23\)/],
      ['map', map, NEW_IMAGE, /the map of node images: 9\.4\.23\)/],
    ])('looks through the %s that can be used', async (_, spec, imageId, looked) => {
      await expect(resolve({ targetVersion: 'LATEST_BUGFIX' }, spec, runs('9.4.20'))).resolves.toEqual({
        targetVersion: TO,
        imageId,
        dryRun: false,
        resolution: expect.stringMatching(looked) as string,
        problems: [],
      });
    });
    test('is up to date when nothing newer has an image, though what runs has none', async () => {
      await expect(resolve({}, map, { ...runs('9.4.30'), defaultTargetVersion: 'LATEST_BUGFIX' })).resolves.toMatchObject({
        targetVersion: '9.4.30',
        imageId: '',
        upToDate: true,
        problems: [],
      });
    });
    test('goes on with an interrupted run, and leaves out what is denied', async () => {
      const given = { spec: { kind: 'map', images: { '9.4.24': 'ami-24', [TO]: NEW_IMAGE } } as const };
      const latest = { targetVersion: 'LATEST_BUGFIX' };
      const tags = { [GROUP_TAGS.versions]: `9.4.20>${TO}` };
      await expect(resolve(latest, given.spec, runs('9.4.20', tags))).resolves.toMatchObject({ targetVersion: TO });
      await expect(resolve(latest, given.spec, { ...runs('9.4.20'), denied: ['9.4.24'] })).resolves.toMatchObject({ targetVersion: TO });
      await expect(resolve(latest, given.spec, runs('9.4.20'))).resolves.toMatchObject({ targetVersion: '9.4.24' });
    });
    test('counts from the version that an upgrade by hand began with, and is then never up to date', async () => {
      const asked = await resolve({ targetVersion: 'LATEST_BUGFIX' }, map, runs(TO, {}, upgrading(olds(1))));
      expect(asked).toMatchObject({ targetVersion: TO, problems: [] });
      expect(asked).not.toHaveProperty('upToDate');
    });
    test('is a problem when the cluster runs a special build', async () => {
      await expect(resolve({ targetVersion: 'LATEST_BUGFIX' }, map, runs('9.4.20-x'))).resolves.toMatchObject({
        targetVersion: '',
        problems: [{ check: 'request' }],
      });
    });
  });
  test('refuses an image that nobody knows', async () => {
    await expect(resolve({ imageId: 'ami-00000009' }, tag)).resolves.toMatchObject({ targetVersion: '', problems: [{ check: 'image' }] });
    await expect(resolve({ imageId: 'ami-00000009' }, map)).resolves.toMatchObject({ problems: [{ check: 'image' }] });
  });
});
