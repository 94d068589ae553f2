import type { Member } from '../../../lambda/core/observation';
import type { RestoreGround } from '../../../lambda/core/restore';
import { nextRestoreStep } from '../../../lambda/core/restore';
import { ARNS, NOW, group, member, news, node, olds, plan, without } from './support/build';

const step = (members: readonly Member[], desired: number, change: Partial<RestoreGround> = {}) =>
  nextRestoreStep({ plan: plan(), group: group(members, desired), members, targetGroupArns: ARNS, now: NOW, bootTimeout: 2700, ...change });
const standby = (id: string): Member => member(id, { lifecycleState: 'Standby', targets: [] });

describe('after a failure', () => {
  test('the maximum is raised before an old node returns, which would exceed it', () => {
    expect(step([standby('i-old1'), ...olds(2, 3, 4), ...news(1)], 4)).toMatchObject({ kind: 'resize', max: 5, desired: 4 });
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
  test('a dead old node is not waited for', () => {
    expect(step([member('i-old1', { ec2State: 'terminated', targets: [] }), ...olds(2, 3, 4)], 4)).toMatchObject({
      kind: 'done',
      made: 'original',
    });
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
    expect(step(olds(1, 2, 3, 4), 5)).toMatchObject({ kind: 'resize', desired: 4 });
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
  });
});
