import { bakeNode } from '../../../lambda/bake-node/handler';
import { turn } from '../../../lambda/core/direction';
import type { Member, NodeView } from '../../../lambda/core/observation';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import type { ReplacementLook, Rolled } from '../../../lib/contract/events';
import { ARNS, NOW, TO, at, group, instancesOf, limits, member, news, olds, plan, upgrading, views } from './support/build';
import { fakeBitbucket, fakeGroup, fakeInstances, fakeNodes, fakeTargets } from './support/fakes';

const five = [...olds(1, 2, 3, 4), ...news(1)];
const replacement: ReplacementLook = { verdict: 'done', waitSeconds: 1, since: '', detail: '', goodAt: '', bootSeconds: 1 };
const once: Rolled = {
  ...NOTHING_ROLLED,
  completed: [{ old: plan().nodes[0]!, replacement: plan().nodes[1]!, standbyAt: '', drainedAt: '', retiredAt: '', bootSeconds: 1 }],
};

interface Given {
  readonly members?: readonly Member[];
  readonly view?: NodeView;
  readonly states?: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly rolled?: Rolled;
  readonly back?: boolean;
}

async function bake({ members = five, view, states = { errors: 'OK' }, seconds, rolled = NOTHING_ROLLED, back = false }: Given) {
  jest.useFakeTimers({ now: at(seconds ?? 0) });
  const answers = Object.fromEntries(views(members).map((one) => [one.privateIp, one.view!]));
  const looked = bakeNode(
    { plan: back ? turn(plan()) : plan(), rolled, replacement, ...(seconds !== undefined && { since: NOW.toISOString() }) },
    {
      bake: { first: 600, each: 120, alarms: ['errors'] },
      limits,
      targetGroupArns: ARNS,
      now: () => at(seconds ?? 0),
    },
    {
      group: fakeGroup(group(members, 5)),
      instances: fakeInstances(instancesOf(members)),
      targets: fakeTargets(members.flatMap(({ targets }) => targets)),
      bitbucket: fakeBitbucket([upgrading(members)]),
      nodes: fakeNodes({ ...answers, ...(view && { '10.0.1.1': view }) }),
      alarms: { states: () => Promise.resolve(new Map(Object.entries(states))) },
    },
  );
  const settled = looked.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await jest.advanceTimersByTimeAsync(60_000);
  jest.useRealTimers();
  const result = await settled;
  if ('error' in result) throw result.error;
  return result.value;
}

describe('a new node that bakes', () => {
  test('is watched for its time, and looked at often enough', async () => {
    await expect(bake({})).resolves.toMatchObject({ verdict: 'wait', waitSeconds: 60, since: NOW.toISOString() });
    await expect(bake({ seconds: 580 })).resolves.toMatchObject({ verdict: 'wait', waitSeconds: 20 });
    await expect(bake({ seconds: 600 })).resolves.toMatchObject({ verdict: 'done' });
  });
  test('is watched longest when it is the first of the run', async () => {
    await expect(bake({ seconds: 120 })).resolves.toMatchObject({ verdict: 'wait' });
    await expect(bake({ seconds: 120, rolled: once })).resolves.toMatchObject({ verdict: 'done' });
  });
  test.each(['OK', 'INSUFFICIENT_DATA'])('passes while its alarm is %s', async (state) => {
    await expect(bake({ seconds: 600, states: { errors: state } })).resolves.toMatchObject({ verdict: 'done' });
  });
  test('fails when an alarm is in ALARM, also after its time', async () => {
    await expect(bake({ states: { errors: 'ALARM' } })).rejects.toMatchObject({
      name: 'BakeFailed',
      message: expect.stringContaining('errors') as string,
    });
    await expect(bake({ states: { errors: 'ALARM' }, seconds: 600 })).rejects.toMatchObject({ name: 'BakeFailed' });
  });
  test('cannot be watched by an alarm that does not exist', async () => {
    await expect(bake({ states: {} })).rejects.toMatchObject({ name: 'ConfigurationInvalid' });
  });
  test('fails when it stops being good', async () => {
    await expect(bake({ view: { status: 'MAINTENANCE', version: TO, members: [] } })).rejects.toMatchObject({ name: 'BakeFailed' });
    await expect(bake({ members: [...olds(1, 2, 3, 4), member('i-new1', { targets: [] })] })).rejects.toMatchObject({ name: 'BakeFailed' });
  });
  test('does not fail for an old node that is ill', async () => {
    await expect(bake({ members: [member('i-old1', { targets: [] }), ...olds(2, 3, 4), ...news(1)] })).resolves.toMatchObject({
      verdict: 'wait',
    });
  });
  test.each(['i-new1', 'i-old1'])('asks for a fresh instance when %s dies', async (id) => {
    const members = five.map((one) => (one.instanceId === id ? { ...one, ec2State: 'terminated' } : one));
    await expect(bake({ members })).rejects.toMatchObject({ name: 'ReplacementFailed' });
  });
  test('is not watched on the way back: an alarm of the upgraded nodes must not stop them from going', async () => {
    await expect(bake({ states: { errors: 'ALARM' }, back: true })).resolves.toMatchObject({ verdict: 'done' });
  });
});
