/** The maintenance window: what fits into it, and how a run ends for which nothing does any more. */
import { addSurge } from '../../../lambda/add-surge/handler';
import { chooseNode } from '../../../lambda/choose-node/handler';
import { turn } from '../../../lambda/core/direction';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import { expectedBoot, expectedNode, nodesIn, openedWindow, plannedBoots, tooLate, windowOf } from '../../../lambda/core/window';
import { holdGroup } from '../../../lambda/hold-group/handler';
import type { NodeReport, Rolled } from '../../../lib/contract/events';
import type { Member } from '../../../lambda/core/observation';
import { ARNS, NO_BAKE, NOW, at, group, instancesOf, limits, member, news, olds, plan, upgrading, views } from './support/build';
import { fakeBitbucket, fakeGroup, fakeInstances, fakeNodes, fakeTargets } from './support/fakes';

const until = (seconds: number) => ({ opensAt: at(-3600).toISOString(), endsAt: at(seconds).toISOString() });
const rolled = (change: Partial<Rolled> = {}): Rolled => ({ ...NOTHING_ROLLED, expectedBootSeconds: 400, ...change });
/** A node that was replaced: good after 400 s, and drained so many seconds after it was taken out. */
const replaced = (drained: number): NodeReport => ({
  old: { instanceId: 'i-old9', privateIp: '10.0.0.9' },
  replacement: { instanceId: 'i-new9', privateIp: '10.0.1.9' },
  standbyAt: at(0).toISOString(),
  goodAt: at(400).toISOString(),
  drainedAt: at(drained).toISOString(),
  retiredAt: at(drained + 10).toISOString(),
  bootSeconds: 400,
});

describe('the window of a request', () => {
  test('opens with the run, or when the request says', () => {
    expect(openedWindow({ minutes: 90 }, '2026-03-01T11:00:00.000Z')).toEqual({
      opensAt: '2026-03-01T11:00:00.000Z',
      endsAt: '2026-03-01T12:30:00.000Z',
    });
    expect(openedWindow({ opens: '2026-03-01T02:00:00+01:00', minutes: 60 }, '2026-03-01T11:00:00.000Z')).toEqual({
      opensAt: '2026-03-01T01:00:00.000Z',
      endsAt: '2026-03-01T02:00:00.000Z',
    });
  });
  test('counts no more on the way back', () => {
    const window = until(10);
    expect(windowOf(plan({ window }))).toEqual(window);
    expect(windowOf(turn(plan({ window })))).toBeUndefined();
    expect(windowOf(plan())).toBeUndefined();
  });
});

describe('a node is expected to take', () => {
  const of = (change: Partial<Rolled>, bake = NO_BAKE) => expectedNode({ plan: plan(), rolled: rolled(change), limits, bake });
  test('as long as the last boot, and a quarter more, within the limit', () => {
    expect(of({})).toBe(500);
    expect(of({ expectedBootSeconds: 2500 })).toBe(limits.bootTimeout);
  });
  test('half of the limit, while no boot was measured', () => {
    expect(expectedBoot({ rolled: NOTHING_ROLLED, limits })).toBe(1350);
  });
  test('the bake longer: the first one its own, each other the usual one', () => {
    const bake = { first: 1800, each: 300, alarms: [] };
    expect(of({}, bake)).toBe(2300);
    expect(of({ completed: [replaced(400 + 1800)] }, bake)).toBe(800);
  });
  test('what the last node went on draining after its replacement was good and had baked', () => {
    expect(of({ completed: [replaced(380)] })).toBe(500);
    expect(of({ completed: [replaced(1000)] })).toBe(1100);
    expect(of({ completed: [replaced(1000)] }, { first: 500, each: 60, alarms: [] })).toBe(500 + 60 + 100);
  });
});

test('what does not fit is told with the end of the window and what is expected', () => {
  expect(tooLate(until(600), 600, NOW)).toBeUndefined();
  expect(tooLate(until(600), 601, NOW)).toBe(
    'the maintenance window ends at 2026-03-01 12:10 UTC, in 10 min; the next node is expected to be good 10 min after it is begun',
  );
  expect(tooLate(until(-60), 1, NOW)).toMatch(/ended at 2026-03-01 11:59 UTC/);
  expect(tooLate(undefined, 1e9, NOW)).toBeUndefined();
});

test('N nodes are planned with N boots: with a surge, the first one is the extra node, which nobody watches', () => {
  const bake = { first: 1000, each: 100, alarms: [] };
  expect(plannedBoots({ plan: plan(), limits, bake })).toEqual([1350, 2350, 1450, 1450]);
  expect(plannedBoots({ plan: plan({ capacity: 'within-capacity' }), limits, bake })).toEqual([2350, 1450, 1450, 1450]);
  expect(plannedBoots({ plan: plan({ nodes: [] }), limits, bake })).toEqual([]);
  expect([0, 99, 100, 299, 300, 1000].map((seconds) => nodesIn(seconds, [100, 200]))).toEqual([0, 0, 1, 1, 2, 2]);
});

describe('hold-group', () => {
  const hold = (seconds: number, change: object = {}) => {
    const fake = fakeGroup(group(olds(1, 2, 3, 4)));
    const done = holdGroup({ plan: plan({ window: until(seconds), ...change }) }, { limits, bake: NO_BAKE, now: NOW }, fake);
    return { fake, done };
  };
  test('changes nothing when not even the first node could be good in the window', async () => {
    const { fake, done } = hold(1349);
    await expect(done).rejects.toMatchObject({ name: 'WindowClosing' });
    expect(fake.calls).toEqual([]);
  });
  test.each([
    ['with time for one', 1350, {}],
    ['when no node is left: what is begun is finished', -60, { nodes: [] }],
  ])('goes on %s', async (_, seconds, change) => {
    await expect(hold(seconds, change).done).resolves.toMatchObject({ verdict: 'done' });
  });
});

describe('add-surge', () => {
  const add = (seconds: number, change: object = {}, desired = 4) => {
    const fake = fakeGroup(group(olds(1, 2, 3, 4), desired));
    const done = addSurge({ plan: plan({ window: until(seconds), ...change }), rolled: rolled() }, { limits, now: NOW }, fake);
    return { fake, done };
  };
  test('adds no node that could not be good in the window', async () => {
    const { fake, done } = add(499);
    await expect(done).rejects.toMatchObject({ name: 'WindowClosing' });
    expect(fake.calls).toEqual([]);
    await expect(add(500).done).resolves.toMatchObject({ added: true });
  });
  test('does not look at the clock when there is nothing to add, nor on the way back', async () => {
    await expect(add(0, {}, 5).done).resolves.toMatchObject({ added: false });
    await expect(add(0, { direction: 'back' }).done).resolves.toMatchObject({ added: true });
  });
});

describe('choose-node, when the window closes', () => {
  const choose = (members: readonly Member[], desired: number, change: object = {}, since?: Date) => {
    const ports = {
      group: fakeGroup(group(members, desired)),
      instances: fakeInstances(instancesOf(members)),
      targets: fakeTargets(members.flatMap(({ targets }) => targets)),
      bitbucket: fakeBitbucket([upgrading(members)]),
      nodes: fakeNodes(Object.fromEntries(views(members).map(({ privateIp, view }) => [privateIp, view!]))),
    };
    const settings = { limits, bake: NO_BAKE, targetGroupArns: ARNS, now: NOW };
    const thePlan = plan({ window: until(499), ...change });
    return chooseNode({ plan: thePlan, rolled: rolled(), ...(since && { since: since.toISOString() }) }, settings, ports);
  };
  test('retires an old node, whose place the extra one takes: no boot is for nothing', async () => {
    await expect(choose([...olds(1, 2, 3, 4), ...news(1)], 5)).resolves.toMatchObject({
      verdict: 'done',
      action: 'retire',
      node: { instanceId: 'i-old1' },
      detail: expect.stringContaining('a new node takes its place, as the maintenance window ends at') as string,
    });
    await expect(choose([...olds(1, 2, 3, 4), ...news(1)], 5, { window: until(500) })).resolves.toMatchObject({ action: 'replace' });
  });
  test('stops when there is no extra node to give back, as soon as one would be seen', async () => {
    const mixed = [...olds(1, 2, 3), ...news(1)];
    await expect(choose(mixed, 4)).resolves.toMatchObject({ verdict: 'wait' });
    await expect(choose(mixed, 4, {}, at(-30))).rejects.toMatchObject({
      name: 'WindowClosing',
      message: expect.stringMatching(
        /^No further node is begun: the maintenance window ends .*\. 3 nodes of 9\.4\.20 must wait\. The next start goes on from here\.$/,
      ) as string,
    });
    await expect(choose(mixed, 4, { capacity: 'within-capacity' })).rejects.toMatchObject({ name: 'WindowClosing' });
  });
  test('finishes a node in the middle, and goes on when none is left', async () => {
    const inTheMiddle = [...olds(2, 3), ...news(1, 2), member('i-old1', { lifecycleState: 'Standby', targets: [] })];
    await expect(choose(inTheMiddle, 4)).resolves.toMatchObject({ action: 'replace', node: { instanceId: 'i-old1' } });
    await expect(choose(news(1, 2, 3, 4), 4)).resolves.toMatchObject({ verdict: 'done', action: 'none' });
  });
  test('never stops a way back', async () => {
    const back = { ...turn(plan({ window: until(0) })) };
    await expect(choose([...olds(1, 2, 3), ...news(1)], 4, back)).resolves.toMatchObject({
      action: 'replace',
      node: { instanceId: 'i-new1' },
    });
  });
});
