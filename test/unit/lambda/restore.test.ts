import { turn } from '../../../lambda/core/direction';
import type { Member } from '../../../lambda/core/observation';
import type { RestoreGround } from '../../../lambda/core/restore';
import { nextRestoreStep } from '../../../lambda/core/restore';
import { ARNS, NOW, at, group, healthy, member, news, node, olds, plan, without } from './support/build';

const step = (members: readonly Member[], desired: number, change: Partial<RestoreGround> = {}) =>
  nextRestoreStep({
    plan: plan(),
    group: group(members, desired),
    members,
    targetGroupArns: ARNS,
    now: NOW,
    begunAt: NOW,
    bootTimeout: 2700,
    surplus: 'give-back',
    ...change,
  });
const standby = (id: string): Member => member(id, { lifecycleState: 'Standby', targets: [] });

describe('after a failure', () => {
  test('the maximum is raised before an old node returns, which would exceed it', () => {
    expect(step([standby('i-old1'), ...olds(2, 3, 4), ...news(1)], 4)).toEqual(expect.objectContaining({ kind: 'raise-maximum', max: 5 }));
  });
  test('an old node in Standby returns before anything else', () => {
    const wrong = member('i-new1', { node: node('10.0.1.1', '9.4.22') });
    const members = [standby('i-old1'), ...olds(2, 3, 4), wrong];
    expect(step(members, 4, { group: group(members, 4, { sizes: { min: 4, max: 5, desired: 4 } }) })).toMatchObject({
      kind: 'exit-standby',
      member: { instanceId: 'i-old1' },
    });
  });
  test('an old node that is still entering Standby is waited for', () => {
    expect(step([member('i-old1', { lifecycleState: 'EnteringStandby' }), ...olds(2, 3, 4)], 4).kind).toBe('wait');
  });
  test('nothing is taken away while an old node does not serve again', () => {
    expect(step([member('i-old1', { targets: [] }), ...olds(2, 3, 4), ...news(1)], 5).kind).toBe('wait');
  });
  test('a dead old node is terminated through the group, which launches a fresh one, and that is waited for', () => {
    const dead = member('i-old1', { ec2State: 'terminated', targets: [] });
    expect(step([dead, ...olds(2, 3, 4), ...news(1)], 5)).toMatchObject({
      kind: 'terminate',
      member: { instanceId: 'i-old1' },
      decrement: false,
    });
    const leaving = { ...dead, lifecycleState: 'Terminating' };
    expect(step([leaving, ...olds(2, 3, 4)], 4).kind).toBe('wait');
    expect(step(olds(2, 3, 4), 4)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('launches another') as string });
  });
  test('what the group launched meanwhile to replace an old node, and did not become good in its time, is replaced; no node of the plan is', () => {
    const late = member('i-old9', { targets: [], launchedAt: at(-2700).toISOString() });
    const cluster = (one: Member) => [one, ...olds(2, 3, 4)];
    expect(step(cluster(without(late, 'node')), 4)).toMatchObject({
      kind: 'terminate',
      member: { instanceId: 'i-old9' },
      decrement: false,
    });
    const waited: readonly Member[] = [
      { ...late, launchedAt: at(-2699).toISOString() },
      { ...late, lifecycleState: 'Pending' },
      { ...late, targets: healthy('i-old9').slice(0, 1) },
      member('i-old1', { targets: [], launchedAt: at(-2700).toISOString() }),
    ];
    for (const one of waited) expect(step(cluster(one), 4).kind).toBe('wait');
  });
  test('what the group launched meanwhile to replace an old node is waited for, and then replaced, while it says itself that it does not run', () => {
    const ill = (seconds: number) => [
      member('i-old9', { view: { status: 'MAINTENANCE', version: '' }, launchedAt: at(-seconds).toISOString() }),
      ...olds(2, 3, 4),
      ...news(1),
    ];
    expect(step(ill(2699), 5)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('i-old9') as string });
    expect(step(ill(2700), 5)).toMatchObject({ kind: 'terminate', member: { instanceId: 'i-old9' }, decrement: false });
  });
  test('on the way back no upgraded node is taken for one that the group launched meanwhile', () => {
    const late = member('i-new9', { targets: [], launchedAt: at(-2700).toISOString() });
    expect(step([late, ...news(2, 3), ...olds(4)], 4, { plan: turn(plan()) }).kind).toBe('wait');
  });
  test('capacity returns before a dead node is replaced', () => {
    const dead = member('i-old2', { ec2State: 'terminated', targets: [] });
    const members = [standby('i-old1'), dead, ...olds(3, 4), ...news(1, 2)];
    expect(step(members, 5, { group: group(members, 5, { sizes: { min: 4, max: 6, desired: 5 } }) }).kind).toBe('exit-standby');
  });
  test('a node of a wrong version that serves goes only when enough others serve, or its boot time-out has passed', () => {
    const wrong = member('i-new1', { node: node('10.0.1.1', '9.4.22'), launchedAt: at(-600).toISOString() });
    expect(step([...olds(1, 2, 3), wrong], 5)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('but it serves') as string });
    expect(step([...olds(1, 2, 3, 4), wrong], 5)).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new1' } });
    expect(step([...olds(1, 2, 3), { ...wrong, launchedAt: at(-2700).toISOString() }], 5).kind).toBe('stand-by');
    expect(step([...olds(1, 2, 3), { ...wrong, targets: [] }], 5).kind).toBe('terminate');
  });
  test('a dead replacement is given up when it is one more, and replaced when it is not', () => {
    const dead = member('i-new1', { ec2State: 'terminated', targets: [] });
    expect(step([...olds(1, 2, 3, 4), dead], 5)).toMatchObject({ kind: 'terminate', decrement: true });
    expect(step([...olds(1, 2, 3), dead], 4)).toMatchObject({ kind: 'terminate', decrement: false });
  });
  test('to go on, good nodes stay, however many', () => {
    const members = [...olds(1, 2, 3, 4), ...news(1)];
    expect(step(members, 5, { surplus: 'keep' })).toMatchObject({ kind: 'done', made: 'mixed' });
    expect(step(members, 5)).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new1' } });
  });
  test('the surplus is taken from the fullest zone', () => {
    const members = [...olds(1, 2, 3), ...news(1, 2)].map((one, n) => ({ ...one, zone: ['a', 'b', 'b', 'a', 'b'][n] ?? '' }));
    expect(step(members, 5)).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new2' } });
  });
  test('a new node that was being given back returns when the cluster is short of it, and goes when it is not', () => {
    const active = standby('i-new1');
    const short = [...olds(1, 2, 3), active];
    expect(step(short, 3, { group: group(short, 3, { sizes: { min: 3, max: 4, desired: 3 } }) }).kind).toBe('exit-standby');
    expect(step([...olds(1, 2, 3, 4), active], 4).kind).toBe('terminate');
  });
  test('a replacement that boots is left alone until its boot time-out', () => {
    const booting = member('i-new1', { lifecycleState: 'Pending', targets: [], node: node('10.0.1.1', '9.4.23', 'STARTING') });
    expect(step([...olds(1, 2, 3, 4), booting], 5).kind).toBe('wait');
    expect(step([...olds(1, 2, 3, 4), { ...booting, launchedAt: '2026-03-01T11:00:00.000Z' }], 5)).toMatchObject({
      kind: 'terminate',
      decrement: true,
    });
  });
  test('a replacement of the wrong version that serves is drained first', () => {
    const wrong = member('i-new1', { node: node('10.0.1.1', '9.4.22') });
    expect(step([...olds(1, 2, 3, 4), wrong], 5)).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new1' } });
  });
  test('a drained new node is terminated without decrement, because Standby does not count', () => {
    expect(step([...olds(1, 2, 3, 4), standby('i-new1')], 4)).toMatchObject({ kind: 'terminate', decrement: false });
    const draining = { ...standby('i-new1'), targets: [{ targetGroupArn: ARNS[0]!, instanceId: 'i-new1', state: 'draining', reason: '' }] };
    expect(step([...olds(1, 2, 3, 4), draining], 4).kind).toBe('wait');
  });
  test('a launch that never came is no longer wanted', () => {
    expect(step(olds(1, 2, 3, 4), 5)).toMatchObject({ kind: 'lower-desired', desired: 4 });
    const leaving = member('i-old5', { lifecycleState: 'Terminating', targets: [] });
    expect(step([...olds(1, 2, 3, 4), leaving], 5).kind).toBe('wait');
  });
  test('nothing is terminated when that would leave less than the original size', () => {
    const wrong = member('i-new1', { node: node('10.0.1.1', '9.4.22') });
    expect(step([...olds(1, 2, 3), wrong], 4)).toMatchObject({ kind: 'done', made: 'mixed' });
  });
  test('it goes on when Bitbucket does not answer', () => {
    const silent = [...olds(1, 2, 3, 4), ...news(1)].map((one) => without(one, 'node'));
    expect(step(silent, 5)).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new1' } });
  });
  test('a cluster with its original size is done, and says what it is made of', () => {
    expect(step(olds(1, 2, 3, 4), 4)).toMatchObject({ kind: 'done', made: 'original' });
    expect(step([...olds(1, 2), ...news(1, 2)], 4)).toMatchObject({ kind: 'done', made: 'mixed' });
    expect(step(news(1, 2, 3, 4), 4)).toMatchObject({ kind: 'done', made: 'upgraded' });
    const original = member('i-new1', { node: node('10.0.1.1', '9.4.20') });
    expect(step([...olds(1, 2, 3), original], 4)).toMatchObject({ kind: 'done', made: 'original' });
  });
});

describe('after a failure on the way back', () => {
  const back = (members: readonly Member[], desired: number, surplus: RestoreGround['surplus'] = 'keep') =>
    step(members, desired, { plan: turn(plan()), surplus });
  test('an upgraded node in Standby returns, and what came in its place with the newer version goes', () => {
    const members = [standby('i-new1'), ...olds(1, 2, 3), ...news(2)];
    expect(back(members, 4)).toMatchObject({ kind: 'raise-maximum' });
    const wrong = member('i-old9', { node: node('10.0.0.9', '9.4.23'), targets: [] });
    expect(back([...olds(1, 2, 3), ...news(1), wrong], 5)).toMatchObject({ kind: 'terminate', member: { instanceId: 'i-old9' } });
  });
  test.each([
    [olds(1, 2, 3, 4), 'original'],
    [[...olds(1, 2), ...news(1, 2)], 'mixed'],
    [news(1, 2, 3, 4), 'upgraded'],
  ] as const)('what the cluster is made of is told from the version that the upgrade started from', (members, made) => {
    expect(back(members, 4)).toMatchObject({ kind: 'done', made });
  });
  test('the surplus goes, though only upgraded nodes are there', () => {
    expect(back(news(1, 2, 3, 4, 5), 5, 'give-back')).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new1' } });
    expect(back([standby('i-new1'), ...news(2, 3, 4, 5)], 4, 'give-back')).toMatchObject({ kind: 'terminate', decrement: false });
    expect(back([standby('i-new1'), ...news(2, 3, 4)], 3, 'give-back')).toMatchObject({ kind: 'exit-standby' });
  });
});

describe('a new node that only says itself that it is not good', () => {
  const late = { now: new Date(NOW.getTime() + 3_000_000), surplus: 'keep' } as const;
  const others = olds(1, 2, 3, 4);
  const look = (view: Member['view'], members: readonly Member[] = others) =>
    step([...members, member('i-new1', { ...(view && { view }) })], members.length + 1, late);

  test.each(['STARTING', 'FIRST_RUN', 'MAINTENANCE', 'ERROR'])('%s is drained when its boot time-out has passed', (status) => {
    expect(look({ status, version: '' })).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new1' } });
  });
  test('a cluster of its own is drained', () => {
    expect(look({ status: 'RUNNING', version: '9.4.23', members: ['10.0.1.1'] })).toMatchObject({ kind: 'stand-by' });
  });
  test('of two that do not see each other the one that came later is apart; one whose only company still boots is not', () => {
    const alone = (id: string, launchedAt: string, change: Partial<Member> = {}) =>
      member(id, { launchedAt, view: { status: 'RUNNING', version: '9.4.23', members: [member(id).privateIp] }, ...change });
    const [first, second] = [alone('i-new1', '2026-03-01T11:00:00.000Z'), alone('i-new2', '2026-03-01T11:30:00.000Z')];
    const two = { ...late, plan: plan({ sizes: { min: 2, max: 3, desired: 1 } }) };
    expect(step([first, second], 2, two)).toMatchObject({ kind: 'stand-by', member: { instanceId: 'i-new2' } });
    const boots = alone('i-new2', at(2900).toISOString(), { targets: [] });
    expect(step([first, boots], 2, two)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('i-new2') as string });
  });
  test('one that sees others, or does not answer, stays', () => {
    expect(look({ status: 'RUNNING', version: '9.4.23', members: ['10.0.1.1', '10.0.0.2'] }).kind).toBe('done');
    expect(look({ status: 'without answer (ECONNRESET)', version: '' }).kind).toBe('done');
    expect(look(undefined).kind).toBe('done');
  });
  test('where the group has no node more, a fresh instance takes its place when its time has passed', () => {
    const short = step([...olds(1, 2, 3), member('i-new1', { view: { status: 'MAINTENANCE', version: '' } })], 4, late);
    expect(short).toMatchObject({ kind: 'terminate', decrement: false });
  });
});

describe('a replacement beyond hope where the group has no node more', () => {
  const short = (change: Partial<Member>, ground: Partial<RestoreGround> = {}) =>
    step([...olds(1, 2, 3), member('i-new1', change)], 4, ground);
  const inError = { targets: [], node: node('10.0.1.1', '9.4.23', 'ERROR') };
  const refused = { targets: [], node: node('10.0.1.1', '9.5.0', 'ERROR') };

  test.each([
    ['in ERROR', inError],
    ['of a wrong version, and not serving', refused],
  ])('%s: a fresh instance takes the place of the one that was found', (_, change) => {
    expect(short(change)).toMatchObject({ kind: 'terminate', member: { instanceId: 'i-new1' }, decrement: false });
  });
  test.each([
    ['in ERROR', inError],
    ['of a wrong version, and not serving', refused],
  ])('%s: what was launched since is not repeated before its time has passed', (_, change) => {
    const again = { ...change, launchedAt: at(60).toISOString() };
    expect(short(again, { now: at(2759) })).toMatchObject({ kind: 'wait', detail: expect.stringContaining('either') as string });
    expect(short(again, { now: at(2760) })).toMatchObject({ kind: 'terminate', decrement: false });
  });
  test('of a wrong version, and serving like any other: it stays, whenever it came', () => {
    const wrong = { node: node('10.0.1.1', '9.4.22') };
    for (const now of [NOW, at(3000)]) expect(short(wrong, { now }).kind).toBe('done');
  });
});
