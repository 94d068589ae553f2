import { chooseNext } from '../../../lambda/core/choose';
import type { Member } from '../../../lambda/core/observation';
import { turn } from '../../../lambda/core/direction';
import { ARNS, group, member, news, node, olds, plan } from './support/build';

const choose = (
  members: readonly Member[],
  desired = 5,
  capacity: 'surge' | 'within-capacity' = 'surge',
  postponed: readonly string[] = [],
  thePlan = plan({ capacity }),
) => chooseNext({ plan: thePlan, group: group(members, desired), members, targetGroupArns: ARNS, postponed });
const without = (one: Member): Member => ({ ...one, targets: [] });

describe('the next node', () => {
  test('is the least busy one', () => {
    const members = [...news(1), ...olds(1, 2, 3), member('i-old4', { node: node('10.0.0.4', '9.4.20', 'ACTIVE', -1) })];
    expect(choose(members)).toMatchObject({ kind: 'take', action: 'replace', member: { instanceId: 'i-old4' } });
  });
  test('of equally busy ones is always the same', () => {
    expect(choose([...olds(3, 2, 4, 1), ...news(1)])).toMatchObject({ member: { instanceId: 'i-old1' } });
  });
  test('is one that does not serve before any other', () => {
    const members = [...news(1), ...olds(1, 2, 3), without(member('i-old4'))];
    expect(choose(members)).toMatchObject({ kind: 'take', member: { instanceId: 'i-old4' } });
  });
  test('is one that an interrupted run left in Standby, whatever else is', () => {
    const members = [...olds(1, 2, 3), member('i-old4', { lifecycleState: 'Standby', targets: [] })];
    expect(choose(members)).toMatchObject({ kind: 'take', action: 'replace', member: { instanceId: 'i-old4' } });
  });
  test('is retired when it is the last one and the surge is there', () => {
    expect(choose([...news(1, 2, 3, 4), ...olds(1)])).toMatchObject({ kind: 'take', action: 'retire' });
  });
  test('is replaced when it is the last one within the capacity', () => {
    expect(choose([...news(1, 2, 3), ...olds(1)], 4, 'within-capacity')).toMatchObject({ kind: 'take', action: 'replace' });
  });
  test('is not chosen before the first replacement serves', () => {
    expect(choose([...olds(1, 2, 3, 4), without(member('i-new1'))]).kind).toBe('wait');
    expect(choose([...olds(1, 2, 3, 4), member('i-new1', { node: node('10.0.1.1', '9.4.23', 'STARTING') })]).kind).toBe('wait');
  });
  test('is not chosen while counts disagree', () => {
    expect(choose([...olds(1, 2, 3, 4)]).kind).toBe('wait');
    expect(choose([...news(1, 2), ...olds(1, 2, 3, 4)]).kind).toBe('wait');
    expect(choose([...news(1), ...olds(1, 2, 3, 4), member('i-new2', { lifecycleState: 'Pending' })]).kind).toBe('wait');
  });
  test('is none when all are new', () => {
    expect(choose(news(1, 2, 3, 4), 4).kind).toBe('none');
  });
  test('does not wait for one that is terminating already', () => {
    const leaving = member('i-old1', { lifecycleState: 'Terminating', targets: [] });
    expect(choose([...news(1, 2), ...olds(2, 3, 4), leaving])).toMatchObject({ kind: 'take', member: { instanceId: 'i-old2' } });
  });
  test('is a surplus new one when the last old one vanished by itself', () => {
    expect(choose(news(1, 2, 3, 4, 5), 5)).toMatchObject({ kind: 'take', action: 'retire' });
  });
  test('is one that an operator put last only when no other is left', () => {
    const members = [...news(1), ...olds(1, 2, 3, 4)];
    expect(choose(members, 5, 'surge', ['i-old1'])).toMatchObject({ kind: 'take', member: { instanceId: 'i-old2' } });
    expect(choose([...news(1, 2, 3), ...olds(1)], 4, 'within-capacity', ['i-old1'])).toMatchObject({ member: { instanceId: 'i-old1' } });
  });
  test('leaves an old node in the fullest zone for the end, so that the group is balanced when it is retired', () => {
    const zoned = (zones: string, members: readonly Member[]) => members.map((one, n) => ({ ...one, zone: zones[n] ?? '' }));
    const members = zoned('abaab', [...olds(1, 2), ...news(1, 2, 3)]);
    expect(choose(members)).toMatchObject({ action: 'replace', member: { instanceId: 'i-old2' } });
    expect(choose(members, 5, 'surge', ['i-old2'])).toMatchObject({ member: { instanceId: 'i-old1' } });
  });
  test('is not chosen without the surge node, which somebody took away', () => {
    const members = [...news(1), ...olds(1, 2, 3)];
    expect(choose(members, 4).kind).toBe('no-surge');
    expect(choose(members, 4, 'within-capacity').kind).toBe('take');
    expect(choose([...news(1), ...olds(1, 2, 3)], 4, 'surge', [], turn(plan())).kind).toBe('take');
  });
  test('is not chosen while an instance that should serve is dead', () => {
    const dead = member('i-old4', { ec2State: 'terminated', targets: [] });
    expect(choose([...news(1), ...olds(1, 2, 3), dead])).toMatchObject({ kind: 'dead', member: { instanceId: 'i-old4' } });
  });
  test('is a new one that an interrupted run was giving back', () => {
    const members = [...olds(1, 2, 3, 4), member('i-new1', { lifecycleState: 'Standby', targets: [] })];
    expect(choose(members, 4)).toMatchObject({ kind: 'take', action: 'retire', member: { instanceId: 'i-new1' } });
  });
});

describe('on the way back, the next node', () => {
  const back = (members: readonly Member[], desired: number) => choose(members, desired, 'surge', [], turn(plan()));
  test('is an upgraded one; the last one is retired with the surge', () => {
    expect(back([...olds(1, 2, 3), ...news(1, 2)], 5)).toMatchObject({ action: 'replace', member: { instanceId: 'i-new1' } });
    expect(back([...olds(1, 2, 3, 4), ...news(1)], 5)).toMatchObject({ action: 'retire', member: { instanceId: 'i-new1' } });
  });
  test('is none when every node is of the original version', () => {
    expect(back(olds(1, 2, 3, 4), 4)).toMatchObject({ kind: 'none', detail: expect.stringContaining('9.4.20') as string });
  });
});
