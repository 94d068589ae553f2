/** The tasks that change the group: what they do, that they do it once, and that they can be run twice. */
import { addSurge } from '../../../lambda/add-surge/handler';
import { holdGroup } from '../../../lambda/hold-group/handler';
import { restoreCapacity } from '../../../lambda/restore-capacity/handler';
import { restoreSettings } from '../../../lambda/restore-settings/handler';
import { retireNode } from '../../../lambda/retire-node/handler';
import { standBy } from '../../../lambda/stand-by/handler';
import { GROUP_TAGS } from '../../../lib/contract/tags';
import { TaskError } from '../../../lambda/core/errors';
import type { Group, Member } from '../../../lambda/core/observation';
import { recordTags } from '../../../lambda/core/record';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import { ARNS, NO_BAKE, NOW, at, group, instancesOf, limits, member, news, olds, plan, upgrading } from './support/build';
import type { Call } from './support/fakes';
import { fakeBitbucket, fakeGroup, fakeInstances, fakeTargets } from './support/fakes';

const old = plan().nodes[0]!;
const inTime = { limits, bake: NO_BAKE, now: NOW };
const standby = { ...member('i-old1'), lifecycleState: 'Standby', targets: [] };

describe('hold-group', () => {
  test('records before it suspends, and suspends only what nobody has suspended', async () => {
    const fake = fakeGroup(group(olds(1, 2), 2, { suspendedProcesses: ['AZRebalance'] }));
    await holdGroup({ plan: plan() }, inTime, fake);
    expect(fake.calls).toEqual([
      ['writeTags', recordTags(plan())],
      ['suspend', ['AlarmNotification', 'ScheduledActions', 'ReplaceUnhealthy']],
    ]);
  });
});

describe('stand-by', () => {
  const put = async (members: Parameters<typeof group>[0], action: 'replace' | 'retire' = 'replace'): Promise<Call[]> => {
    const fake = fakeGroup(group(members));
    await standBy({ plan: plan(), node: old, action }, NOW, fake);
    return fake.calls;
  };
  test('takes the node out, with decrement only when nothing takes its place', async () => {
    expect(await put(olds(1, 2))).toEqual([['enterStandby', 'i-old1', false]]);
    expect(await put(olds(1, 2), 'retire')).toEqual([['enterStandby', 'i-old1', true]]);
  });
  test('leaves a node that is out, or gone, as it is', async () => {
    expect(await put([standby, ...olds(2)])).toEqual([]);
    expect(await put(olds(2))).toEqual([]);
  });
  test('refuses a second old node out of service', async () => {
    await expect(put([...olds(1), { ...member('i-old2'), lifecycleState: 'Standby' }])).rejects.toMatchObject({
      name: 'ClusterUnexpected',
    });
  });
});

describe('retire-node', () => {
  const retire = async (members: Parameters<typeof group>[0]) => {
    const fake = fakeGroup(group(members));
    const rolled = await retireNode(
      {
        plan: plan(),
        node: old,
        rolled: { completed: [], expectedBootSeconds: 500, failures: 1, postponed: ['i-old9'] },
        standby: { standbyAt: NOW.toISOString(), detail: '' },
        drain: { verdict: 'done', waitSeconds: 1, since: '', detail: '', drainedAt: at(60).toISOString(), limitPassed: false },
      },
      at(600),
      fake,
    );
    return { calls: fake.calls, rolled };
  };
  test('terminates from Standby without decrement, and reports the node', async () => {
    const { calls, rolled } = await retire([standby, ...olds(2)]);
    expect(calls).toEqual([['terminate', 'i-old1', false]]);
    expect(rolled).toMatchObject({
      expectedBootSeconds: 500,
      failures: 1,
      postponed: ['i-old9'],
      completed: [{ old, drainedAt: at(60).toISOString(), retiredAt: at(600).toISOString() }],
    });
  });
  test('does not terminate twice', async () => {
    expect((await retire(olds(2))).calls).toEqual([]);
    expect((await retire([{ ...standby, lifecycleState: 'Terminating' }])).calls).toEqual([]);
  });
  test.each(['InService', 'EnteringStandby', 'Pending'])('never terminates a node that is not in Standby: %s', async (lifecycleState) => {
    await expect(retire([{ ...member('i-old1'), lifecycleState }, ...olds(2)])).rejects.toMatchObject({ name: 'ClusterUnexpected' });
  });
});

describe('a call that was carried out though its answer was lost', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const rejected = new TaskError('AwsRejected', 'The instance is not in the state InService.');
  /** A group that is seen as it was until it has refused a call. */
  const lagging = (before: Parameters<typeof group>[0], after: Parameters<typeof group>[0]) => {
    let refused = false;
    const refuse = () => {
      refused = true;
      return Promise.reject(rejected);
    };
    return {
      ...fakeGroup(group(before)),
      observe: () => Promise.resolve(group(refused ? after : before)),
      enterStandby: refuse,
      terminate: refuse,
    };
  };
  const input = { plan: plan(), node: old, action: 'replace' } as const;
  const finish = async <T>(work: Promise<T>): Promise<T> => {
    await jest.advanceTimersByTimeAsync(5_000);
    return work;
  };

  test('stands by once', async () => {
    await expect(finish(standBy(input, NOW, lagging(olds(1, 2), [standby, ...olds(2)])))).resolves.toMatchObject({
      standbyAt: NOW.toISOString(),
    });
    const failing = expect(standBy(input, NOW, lagging(olds(1, 2), olds(1, 2)))).rejects.toBe(rejected);
    await jest.advanceTimersByTimeAsync(5_000);
    await failing;
  });
  test('is retired once', async () => {
    const node = {
      plan: plan(),
      node: old,
      rolled: NOTHING_ROLLED,
      standby: { standbyAt: NOW.toISOString(), detail: '' },
      drain: { verdict: 'done', waitSeconds: 1, since: '', detail: '', drainedAt: NOW.toISOString(), limitPassed: false },
    } as const;
    const fake = lagging([standby, ...olds(2)], olds(2));
    await expect(finish(retireNode(node, NOW, fake))).resolves.toMatchObject({ completed: [{ old }] });
  });
});

describe('add-surge', () => {
  test('lets the group grow once', async () => {
    const fake = fakeGroup(group(olds(1, 2, 3, 4)));
    await expect(addSurge({ plan: plan() }, inTime, fake)).resolves.toMatchObject({ added: true });
    expect(fake.calls).toEqual([['resize', { max: 5, desired: 5 }]]);
    await expect(addSurge({ plan: plan() }, inTime, fakeGroup(group(olds(1, 2, 3, 4), 5)))).resolves.toMatchObject({ added: false });
  });
});

describe('restore-settings', () => {
  const tags = recordTags(plan());
  const suspendedProcesses = ['AZRebalance', 'ReplaceUnhealthy', 'Launch'];
  const restore = async (
    change: Partial<Parameters<typeof restoreSettings>[0]>,
    state = group(olds(1, 2, 3, 4), 4, { tags, suspendedProcesses, sizes: { min: 4, max: 6, desired: 4 } }),
  ) => {
    const fake = fakeGroup(state);
    await restoreSettings(
      { plan: plan({ suspendedBefore: ['AZRebalance', 'Launch'] }), made: 'upgraded', finalized: true, ...change },
      fake,
    );
    return fake.calls;
  };
  test('puts back exactly what the run changed', async () => {
    expect(await restore({})).toEqual([
      ['resize', { min: 4, max: 4, desired: 4 }],
      ['resume', ['ReplaceUnhealthy']],
      ['removeTags', Object.values(GROUP_TAGS)],
    ]);
  });
  test('keeps the record of what goes on while upgrade mode stays on', async () => {
    expect(await restore({ made: 'mixed', finalized: false })).toContainEqual(['removeTags', [GROUP_TAGS.sizes, GROUP_TAGS.suspended]]);
  });
  test('removes the whole record when a recovery found the upgrade finalized', async () => {
    const finalized = plan({ action: 'nothing', suspendedBefore: ['AZRebalance', 'Launch'] });
    expect(await restore({ plan: finalized, finalized: false })).toContainEqual(['removeTags', Object.values(GROUP_TAGS)]);
    expect(await restore({ finalized: false })).toContainEqual(['removeTags', [GROUP_TAGS.sizes, GROUP_TAGS.suspended]]);
  });
  test('keeps the whole record while a node is in Standby, since to return it changes the sizes once more', async () => {
    const left = group([standby, ...olds(2, 3, 4)], 3, { tags, suspendedProcesses, sizes: { min: 3, max: 6, desired: 3 } });
    expect(await restore({ plan: plan({ sizes: { min: 3, max: 4, desired: 3 } }) }, left)).toEqual([
      ['resize', { min: 3, max: 4, desired: 3 }],
      ['resume', ['AZRebalance', 'ReplaceUnhealthy']],
    ]);
  });
  test('changes nothing that is right already', async () => {
    expect(await restore({}, group(olds(1, 2, 3, 4)))).toEqual([]);
  });
  test('lowers the desired capacity only when a second look says so too: the group may be about to launch what it was asked for', async () => {
    jest.useFakeTimers();
    const four = group(olds(1, 2, 3, 4), 5, { tags });
    const lower = async (second: Group) => {
      const looks = [four, second];
      const fake = { ...fakeGroup(four), observe: () => Promise.resolve(looks.shift() ?? second) };
      const restored = restoreSettings({ plan: plan(), finalized: false }, fake).catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(15_000);
      return { outcome: await restored, sizes: fake.calls.filter(([name]) => name === 'resize') };
    };
    expect(await lower(four)).toMatchObject({ sizes: [['resize', { desired: 4 }]] });
    const launching = group([...olds(1, 2, 3, 4), member('i-new1', { lifecycleState: 'Pending' })], 5, { tags });
    expect(await lower(launching)).toMatchObject({ outcome: { name: 'RestoreFailed' }, sizes: [] });
    jest.useRealTimers();
  });
  test('never lets Auto Scaling choose a serving node to terminate', async () => {
    const fake = fakeGroup(group([...olds(1, 2, 3, 4), ...news(1)], 5, { tags }));
    await expect(restoreSettings({ plan: plan(), finalized: false }, fake)).rejects.toMatchObject({ name: 'RestoreFailed' });
    expect(fake.calls.filter(([name]) => name !== 'resume')).toEqual([]);
  });
});

describe('restore-capacity', () => {
  const members = [standby, ...olds(2, 3, 4), ...news(1)];
  const held = (present: readonly Member[], desired: number, change: Partial<Group> = {}) =>
    group(present, desired, { tags: recordTags(plan()), ...change });
  const ports = (fake: ReturnType<typeof fakeGroup>, down: boolean) => ({
    group: fake,
    instances: fakeInstances(instancesOf(members)),
    targets: fakeTargets(members.flatMap(({ targets }) => targets)),
    bitbucket: fakeBitbucket([down ? new TaskError('BitbucketUnavailable', 'down') : upgrading(members)]),
    nodes: { view: () => Promise.resolve({ status: 'RUNNING', version: '9.4.23' }) },
  });
  test('makes one step a look, also when Bitbucket is down', async () => {
    const fake = fakeGroup(held(members, 4, { sizes: { min: 4, max: 5, desired: 4 } }));
    await expect(restoreCapacity({ plan: plan() }, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, true))).resolves.toMatchObject({
      verdict: 'wait',
      waitSeconds: 5,
    });
    expect(fake.calls).toEqual([['exitStandby', 'i-old1']]);
  });
  test('asks the new nodes themselves: one in MAINTENANCE is drained, however healthy the load balancers find it', async () => {
    const ill = [...olds(1, 2, 3, 4), ...news(1)];
    const fake = fakeGroup(held(ill, 5));
    const given = {
      ...ports(fake, false),
      instances: fakeInstances(instancesOf(ill)),
      targets: fakeTargets(ill.flatMap(({ targets }) => targets)),
      bitbucket: fakeBitbucket([upgrading(ill)]),
      nodes: { view: () => Promise.resolve({ status: 'MAINTENANCE', version: '' }) },
    };
    await restoreCapacity({ plan: plan(), surplus: 'keep' }, { limits, targetGroupArns: ARNS, now: at(3000) }, given);
    expect(fake.calls).toEqual([['enterStandby', 'i-new1', true]]);
  });
  test('asks also what the group launched since the plan was made, whatever its version; not the nodes of the plan', async () => {
    const seen = [...olds(1, 2, 3), member('i-old9')];
    const asked: string[] = [];
    const given = {
      ...ports(fakeGroup(held(seen, 4)), false),
      instances: fakeInstances(instancesOf(seen)),
      targets: fakeTargets(seen.flatMap(({ targets }) => targets)),
      bitbucket: fakeBitbucket([upgrading(seen)]),
      nodes: {
        view: (ip: string) => {
          asked.push(ip);
          return Promise.resolve({ status: 'MAINTENANCE', version: '' });
        },
      },
    };
    const look = await restoreCapacity({ plan: plan() }, { limits, targetGroupArns: ARNS, now: NOW }, given);
    expect([look.verdict, asked]).toEqual(['wait', ['10.0.0.9']]);
  });
  test('takes a refused step for one that is done or not possible yet', async () => {
    const fake = {
      ...fakeGroup(held(members, 4, { sizes: { min: 4, max: 5, desired: 4 } })),
      exitStandby: () => Promise.reject(new TaskError('AwsRejected', 'is not in Standby')),
    };
    await expect(restoreCapacity({ plan: plan() }, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, false))).resolves.toMatchObject(
      {
        verdict: 'wait',
        detail: expect.stringContaining('is not in Standby') as string,
      },
    );
  });
  test('lowers the desired capacity only when a second look says so too', async () => {
    jest.useFakeTimers();
    const four = olds(1, 2, 3, 4);
    const lower = async (second: Group) => {
      const looks = [held(four, 5), second];
      const fake = { ...fakeGroup(held(four, 5)), observe: () => Promise.resolve(looks.shift() ?? second) };
      const given = {
        ...ports(fake, false),
        instances: fakeInstances(instancesOf([...four, ...news(1)])),
        targets: fakeTargets(four.flatMap(({ targets }) => targets)),
      };
      const done = restoreCapacity({ plan: plan() }, { limits, targetGroupArns: ARNS, now: NOW }, given);
      await jest.advanceTimersByTimeAsync(15_000);
      await done;
      return fake.calls;
    };
    expect(await lower(held(four, 5))).toEqual([['resize', { desired: 4 }]]);
    expect(await lower(held([...four, member('i-new1', { lifecycleState: 'Pending' })], 5))).toEqual([]);
    jest.useRealTimers();
  });
  describe('in a group on which no run has recorded anything', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());
    const looks = async (...seen: Group[]) => {
      const fake = { ...fakeGroup(group(members, 4)), observe: () => Promise.resolve(seen.shift() ?? group(members, 4)) };
      const done = restoreCapacity({ plan: plan() }, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, false));
      await jest.advanceTimersByTimeAsync(15_000);
      return { look: await done, calls: fake.calls };
    };
    test('changes nothing, whatever others made of it, and says so', async () => {
      const { look, calls } = await looks(group(members, 4), group(members, 4));
      expect(look).toMatchObject({
        verdict: 'done',
        held: false,
        made: 'mixed',
        detail: expect.stringContaining('nothing is recorded') as string,
      });
      expect(calls).toEqual([]);
    });
    test('believes it only when it is seen twice: the record may be a moment old', async () => {
      const { look, calls } = await looks(group(members, 4), held(members, 4, { sizes: { min: 4, max: 5, desired: 4 } }));
      expect(look).toMatchObject({ verdict: 'wait', held: true });
      expect(calls).toEqual([['exitStandby', 'i-old1']]);
    });
  });
  test('knows better than a look that does not see what the run itself recorded: nothing is decided for some minutes', async () => {
    jest.useFakeTimers();
    const look = async (verdict: 'done' | 'wait', seconds: number) => {
      const fake = fakeGroup(group(members, 4));
      const given = { plan: plan(), hold: { verdict }, since: at(-seconds).toISOString() };
      const result = restoreCapacity(given, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, false));
      await jest.advanceTimersByTimeAsync(15_000);
      expect(fake.calls).toEqual([]);
      return result;
    };
    await expect(look('done', 299)).resolves.toMatchObject({
      verdict: 'wait',
      held: true,
      detail: expect.stringContaining('stale') as string,
    });
    await expect(look('done', 300)).resolves.toMatchObject({ verdict: 'done', held: false });
    await expect(look('wait', 0)).resolves.toMatchObject({ verdict: 'done', held: false });
    jest.useRealTimers();
  });
  test('ends with an error in the end', async () => {
    const since = at(-2 * limits.bootTimeout - limits.drainLimit).toISOString();
    const fake = fakeGroup(held(members, 4));
    await expect(
      restoreCapacity({ plan: plan(), since }, { limits, targetGroupArns: ARNS, now: NOW }, ports(fake, false)),
    ).rejects.toMatchObject({ name: 'RestoreFailed' });
    expect(fake.calls).toEqual([]);
  });
});
