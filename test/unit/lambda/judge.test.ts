import { turn } from '../../../lambda/core/direction';
import { judge } from '../../../lambda/core/judge';
import type { Member } from '../../../lambda/core/observation';
import { ARNS, FROM, NEW_IMAGE, OLD_IMAGE, group, member, news, node, olds, plan, target, views, without } from './support/build';

const verdict = (members: readonly Member[], desired = 5, trusted: readonly string[] = []) =>
  judge({ plan: plan(), group: group(members, desired), members, targetGroupArns: ARNS, trusted: new Set(trusted) });

const complete = (fresh: Member): readonly Member[] => views([...olds(1, 2, 3, 4), fresh]);
const changed = (change: Partial<Member>): readonly Member[] => {
  const all = complete(member('i-new1'));
  return all.map((one) => (one.instanceId === 'i-new1' ? { ...one, ...change } : one));
};
const viewed = (view: object): readonly Member[] => {
  const all = complete(member('i-new1'));
  return all.map((one) => (one.instanceId === 'i-new1' ? { ...one, view: { status: 'RUNNING', version: '9.4.23', ...view } } : one));
};

describe('a cluster', () => {
  test('is good when every instance in service is', () => {
    expect(verdict(complete(member('i-new1')))).toMatchObject({ kind: 'good', newest: { instanceId: 'i-new1' } });
  });
  test.each(['MAINTENANCE', 'FIRST_RUN', 'STARTING', 'without answer (ECONNREFUSED)'])(
    'is not good while the replacement says %s',
    (status) => {
      expect(verdict(viewed({ status }))).toMatchObject({ kind: 'wait', detail: expect.stringContaining(status) as string });
    },
  );
  test('is not good while the replacement is unhealthy in one target group', () => {
    const targets = [target('i-new1', 'healthy', ARNS[0]), target('i-new1', 'unhealthy', ARNS[1])];
    expect(verdict(changed({ targets }))).toMatchObject({
      kind: 'wait',
      detail: expect.stringContaining('1 of 2 target groups') as string,
    });
  });
  test('is not good while the replacement has not joined', () => {
    const apart = without(member('i-new1'), 'node');
    expect(verdict(views([...olds(1, 2, 3, 4), apart], { version: '9.4.23' }))).toMatchObject({
      kind: 'wait',
      detail: expect.stringContaining('not in the cluster') as string,
    });
  });
  test('is not good while too few instances are in service', () => {
    expect(verdict(complete(member('i-new1')), 6)).toMatchObject({ kind: 'wait' });
  });
  test('is not good while an old node in service does not serve', () => {
    const members = complete(member('i-new1')).map((one) => (one.instanceId === 'i-old2' ? { ...one, targets: [] } : one));
    const seen = verdict(members);
    expect(seen).toMatchObject({ kind: 'wait', detail: expect.stringContaining('i-old2') as string });
    expect(seen).not.toHaveProperty('awaited');
  });
  test('is not good when it is split', () => {
    expect(verdict(viewed({ members: ['10.0.1.1'] }))).toMatchObject({ kind: 'wait', detail: expect.stringContaining('split') as string });
  });
  test('is not good when the new node does not see the others, though nobody else is asked', () => {
    const apart = { status: 'RUNNING', version: '9.4.23', members: ['10.0.1.1'] };
    const members = [...olds(1, 2, 3, 4), member('i-new1', { view: apart })];
    expect(verdict(members, 5, ['i-old1', 'i-old2', 'i-old3', 'i-old4'])).toMatchObject({
      kind: 'wait',
      detail: expect.stringContaining('does not see i-old1') as string,
    });
  });
  test('is not good when its nodes see different members beyond the group', () => {
    const all = complete(member('i-new1'));
    const one = all.map((each) =>
      each.instanceId === 'i-new1' && each.view?.members
        ? { ...each, view: { ...each.view, members: [...each.view.members, '10.0.9.9'] } }
        : each,
    );
    expect(verdict(all).kind).toBe('good');
    expect(verdict(one)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('sees others') as string });
  });
  test('is not good when a node does not tell its members', () => {
    expect(verdict(viewed({})).kind).toBe('wait');
  });
  test('is good beside a node that an interrupted run launched, of a third version, while the plan replaces that one', () => {
    const third = complete(member('i-new1')).map((each) =>
      each.instanceId === 'i-old1'
        ? { ...each, imageId: NEW_IMAGE, node: node(each.privateIp, '9.4.22'), view: { ...each.view!, version: '9.4.22' } }
        : each,
    );
    expect(verdict(third).kind).toBe('good');
    const original = third.map((each) => (each.instanceId === 'i-old1' ? { ...each, imageId: OLD_IMAGE } : each));
    expect(verdict(original)).toMatchObject({ kind: 'wait', detail: expect.stringContaining('on 9.4.22, not 9.4.20') as string });
  });
  test('is bad when the replacement runs another version', () => {
    expect(verdict(viewed({ version: FROM }))).toMatchObject({ kind: 'bad', error: 'WrongVersion', perhapsPassing: false });
    expect(verdict(changed({ node: node('10.0.1.1', '9.4.22') }))).toMatchObject({ kind: 'bad' });
  });
  test('is bad, perhaps only for a moment, when the replacement is in ERROR', () => {
    expect(verdict(changed({ node: node('10.0.1.1', '9.4.23', 'ERROR') }))).toMatchObject({ kind: 'bad', perhapsPassing: true });
  });
  test('is bad when an old node died', () => {
    const members = complete(member('i-new1')).map((one) => (one.instanceId === 'i-old2' ? { ...one, ec2State: 'stopped' } : one));
    expect(verdict(members)).toMatchObject({ kind: 'bad', error: 'ReplacementFailed', isDeath: true });
  });
  test('that comes back with the newer version on the way back says what keeps it', () => {
    const members = views([...olds(2, 3, 4), ...news(1), member('i-old1', { node: node('10.0.0.1', '9.4.23') })]);
    const seen = judge({ plan: turn(plan()), group: group(members, 5), members, targetGroupArns: ARNS, trusted: new Set() });
    expect(seen).toMatchObject({
      kind: 'bad',
      error: 'WrongVersion',
      detail: expect.stringMatching(/comes back with the newer version.*Write 9\.4\.20 into the file/) as string,
    });
  });
  test('is bad when the replacement died', () => {
    expect(verdict(changed({ ec2State: 'terminated' }))).toMatchObject({ kind: 'bad', perhapsPassing: false });
  });
  test('does not count nodes in Standby', () => {
    const members = [...views([...olds(2, 3, 4), ...news(1)]), member('i-old1', { lifecycleState: 'Standby', targets: [] })];
    expect(verdict(members, 4).kind).toBe('good');
  });
  test('tells which new node it waits for', () => {
    const booting = member('i-new2', { lifecycleState: 'Pending', targets: [] });
    expect(verdict([...views([...olds(1, 2, 3), ...news(1)]), booting], 5)).toMatchObject({
      kind: 'wait',
      awaited: { instanceId: 'i-new2' },
    });
  });
});
