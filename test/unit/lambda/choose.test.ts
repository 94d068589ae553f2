import { chooseNext } from '../../../lambda/core/choose';
import type { Member } from '../../../lambda/core/observation';
import { ARNS, group, member, news, node, olds, plan } from './support/build';

const choose = (members: readonly Member[], desired = 5, capacity: 'surge' | 'within-capacity' = 'surge') =>
  chooseNext({ plan: plan({ capacity }), group: group(members, desired), members, targetGroupArns: ARNS });
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
});
