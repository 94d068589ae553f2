import type { JournalEntry } from '../../../../simulator/kernel/ports';
import { judge } from '../../../../simulator/rules';
import { endStateOf } from '../../../../simulator/rules/end-state';
import type { Evidence } from '../../../../simulator/rules/rule';
import { calls, entry, evidence, launch, moves, serves, withEntries } from './evidence';

const broken = (overrides: Partial<Evidence>): number[] =>
  judge(evidence(overrides))
    .filter(({ kept }) => !kept)
    .map(({ id }) => id);
const fault = (seconds: number, name: string, fields: object = {}) => entry(seconds, 'fault', { name, ...fields });

describe('rule 1, when faults take nodes away', () => {
  const twoLeft = (seconds: number) => serves(seconds, ['i-3', 'i-new2']);

  test('counts each node of a lost zone apart', () => {
    const lost = ['i-new1', 'i-3'].map((instanceId) => fault(799, 'availability-zone-lost', { instanceId }));
    expect(broken(withEntries(...lost, serves(800, ['i-new2'])))).toEqual([]);
    expect(broken(withEntries(...lost, serves(800, [])))).toEqual([1]);
  });

  test('counts a node that the health check replaces only from when it is gone', () => {
    const found = fault(700, 'health-check-replaces', { instanceId: 'i-new1' });
    expect(broken(withEntries(found, twoLeft(800)))).toEqual([]);
  });

  test('counts it again when its mark takes effect after it was made up for, not when the run terminates it', () => {
    const found = fault(300, 'health-check-replaces', { instanceId: 'i-3' });
    const madeUp = [serves(760, ['i-new1', 'i-new2', 'i-new3']), serves(770, ['i-3', 'i-new1', 'i-new2'])];
    const gone = [...madeUp, moves(800, 'i-3', 'Terminating'), serves(800, ['i-new1', 'i-new2'])];
    expect(broken(withEntries(found, ...gone))).toEqual([]);
    expect(broken({ ...withEntries(...gone), faultyBefore: ['i-3'] })).toEqual([]);
    expect(broken(withEntries(...gone))).toContain(1);
    const asked = calls(799, 'autoscaling:TerminateInstanceInAutoScalingGroup', { execution: 'run-1', input: { InstanceId: 'i-3' } });
    expect(broken(withEntries(found, asked, ...gone))).toContain(1);
  });

  test('counts apart whom the group terminates to balance zones that faults left uneven', () => {
    const activity = entry(790, 'activity', { cause: 'At 1 an instance was launched to balance instances in zones a b.' });
    const gone = [moves(800, 'i-3', 'Terminating'), serves(800, ['i-new1', 'i-new2'])];
    expect(broken({ ...withEntries(activity, ...gone), faultyBefore: ['i-0'] })).not.toContain(1);
    expect(broken(withEntries(activity, ...gone))).toContain(1);
    expect(broken({ ...withEntries(...gone), faultyBefore: ['i-0'] })).toContain(1);
    const asked = calls(799, 'autoscaling:TerminateInstanceInAutoScalingGroup', { execution: 'run-1', input: { InstanceId: 'i-3' } });
    expect(broken({ ...withEntries(activity, asked, ...gone), faultyBefore: ['i-0'] })).toContain(1);
  });

  test('lets a node go that is a cluster of its own, though load balancers find it healthy', () => {
    const standBy = calls(1200, 'autoscaling:EnterStandby', { execution: 'run-1', input: { InstanceIds: ['i-new1'] } });
    const gone = [moves(1201, 'i-new1', 'EnteringStandby'), serves(1201, ['i-3', 'i-new2'])];
    expect(broken(withEntries(standBy, ...gone))).toEqual([1]);
    expect(broken(withEntries(fault(170, 'replacement-splits-off', { instanceId: 'i-new1' }), standBy, ...gone))).toEqual([]);
  });

  test('is no excuse to take one more node out of service', () => {
    const lost = fault(730, 'instance-dies', { instanceId: 'i-new1' });
    const taken = calls(1200, 'autoscaling:EnterStandby', { execution: 'run-1', input: { InstanceIds: ['i-3'] } });
    expect(broken(withEntries(lost, twoLeft(730), taken))).toEqual([1]);
  });

  test('plans with as many as somebody else asked for meanwhile', () => {
    expect(broken(withEntries(twoLeft(800)))).toEqual([1]);
    const { after } = evidence();
    expect(broken({ ...withEntries(fault(790, 'group-scaled', { desired: 2 }), twoLeft(800)), after: { ...after, desired: 2 } })).toEqual([
      13,
    ]);
  });
});

describe('rule 2 and 9, when a node returned to service', () => {
  test('the next node may be taken out', () => {
    const { journal } = withEntries(moves(450, 'i-1', 'InService'), moves(451, 'i-2', 'EnteringStandby'));
    const noneGood = journal.filter(({ kind, time }) => kind !== 'good' && time < 460_000);
    expect(broken({ journal: noneGood })).toEqual([]);
  });

  test('one that an earlier run had left in Standby may be retired, then the next one taken', () => {
    const left = withEntries(moves(5, 'i-3', 'Terminating'));
    expect(broken({ ...left, standbyAtStart: ['i-3'] })).toEqual([]);
  });

  test('what a group terminates that somebody scaled is not of the run', () => {
    const entries = [fault(445, 'group-scaled', { desired: 3 }), moves(450, 'i-2', 'Terminating')];
    expect(broken(withEntries(...entries))).toEqual([]);
    const asked = calls(449, 'autoscaling:TerminateInstanceInAutoScalingGroup', { execution: 'run-1', input: { InstanceId: 'i-2' } });
    expect(broken(withEntries(...entries, asked))).toEqual([2]);
  });
});

test('rule 3 excuses requests without a target only when faults took every node', () => {
  const failed = entry(801, 'request', { outcome: 'failed', request: 'web', count: 1, why: 'the load balancer had no target' });
  const lost = ['i-3', 'i-new1', 'i-new2'].map((instanceId) => fault(800, 'availability-zone-lost', { instanceId }));
  expect(broken(withEntries(...lost, serves(800, []), failed))).toEqual([]);
  expect(broken(withEntries(failed))).toEqual([3]);
});

test('rule 4 is about what the run does: upgrade mode that somebody turned on is not of the run', () => {
  const start = (by?: string) => entry(50, 'bitbucket', { event: 'upgrade-mode', call: 'start', accepted: true, ...(by && { by }) });
  expect(broken(withEntries(start('person')))).toEqual([]);
  expect(broken(withEntries(start()))).toEqual([4]);
});

test('rule 7 lets the desired capacity stay that somebody else set, with or without the surge node that it counted', () => {
  const { after } = evidence();
  const scaled = withEntries(fault(500, 'group-scaled', { desired: 3 }));
  expect(broken({ ...scaled, after: { ...after, desired: 2 }, inServiceAtEnd: ['a', 'b'] })).toEqual([]);
  expect(broken({ ...scaled, after: { ...after, desired: 1 }, inServiceAtEnd: ['a'] })).toEqual([7]);
});

describe('rule 11, the state in which a run ends', () => {
  test.each([
    ['upgraded', ['9.4.23'], false, 'upgraded'],
    ['the original version', ['9.4.20'], false, 'original'],
    ['two versions in upgrade mode', ['9.4.20', '9.4.23'], true, 'held'],
    ['two versions without upgrade mode', ['9.4.20', '9.4.23'], false, undefined],
    ['an older version', ['9.4.19'], false, undefined],
    ['no node at all', [], true, undefined],
  ])('%s', (_, versionsAtEnd, upgradeModeAtEnd, state) => {
    expect(endStateOf(evidence({ versionsAtEnd, upgradeModeAtEnd }))).toBe(state);
  });

  test('is broken when fewer nodes serve than before', () => {
    expect(broken({ servingAtEnd: 2 })).toEqual([11]);
  });

  test('is not broken by a node that a fault spoils when the group launches it once all that changed it has ended', () => {
    const ended = (seconds: number, execution: string) => entry(seconds, 'execution', { change: 'ended', execution });
    const spoilt = (seconds: number, ...more: JournalEntry[]) => ({
      ...withEntries(
        ended(1600, 'run-1'),
        launch(seconds, 'i-x', 'ami-20'),
        fault(seconds + 10, 'replacement-unhealthy', { instanceId: 'i-x' }),
        ended(1700, 'recovery'),
        ...more,
      ),
      servingAtEnd: 2,
      inServiceAtEnd: ['a', 'b', 'i-x'],
    });
    expect(broken(spoilt(1601))).not.toContain(11);
    expect(broken(spoilt(1599))).toContain(11);
    expect(broken({ ...spoilt(1601), servingAtEnd: 1 })).toContain(11);
    const change = calls(1690, 'autoscaling:ResumeProcesses', { execution: 'recovery' });
    expect(broken(spoilt(1601, change))).toContain(11);
  });

  test('is broken by two versions without upgrade mode', () => {
    expect(broken({ versionsAtEnd: ['9.4.20', '9.4.23'], ending: { status: 'FAILED', cause: 'mixed versions' } })).toEqual([11]);
  });
});

test('rule 12 is broken by a run that takes too long, or does not end', () => {
  expect(broken({ boundSeconds: 1599 })).toEqual([12]);
  expect(broken({ goingOnAtEnd: ['run-1'] })).toEqual([12]);
  expect(broken({ others: [{ machine: 'Recover', seconds: 60, status: 'ABORTED', error: 'Simulator.TooLong' }] })).toEqual([12]);
});

describe('rule 13, nothing left behind', () => {
  test.each([
    ['a lock', { locksAtEnd: 1 }],
    ['a surge node', { inServiceAtEnd: ['a', 'b', 'c', 'd'] }],
    ['an instance outside the group', { strayAtEnd: ['i-x'] }],
    ['a record', { recordsAtEnd: ['bitbucket:apps'] }],
  ])('is broken by %s', (_, left) => {
    expect(broken(left)).toEqual([13]);
  });

  test('is not broken by an instance that the group launches to balance zones which faults left uneven', () => {
    const balancing = { inServiceAtEnd: ['a', 'b', 'c', 'd'], balancingAtEnd: 'd' };
    expect(broken({ ...balancing, faultyBefore: ['i-1'] })).toEqual([]);
    expect(broken(balancing)).toEqual([13]);
    expect(broken({ ...balancing, faultyBefore: ['i-1'], inServiceAtEnd: ['a', 'b', 'c', 'd', 'e'] })).toEqual([13]);
  });

  test('is not broken by a record while an upgrade can be gone on with', () => {
    const held = { upgradeModeAtEnd: true, versionsAtEnd: ['9.4.20', '9.4.23'], ending: { status: 'FAILED', cause: 'upgrade mode is on' } };
    expect(broken({ ...held, recordsAtEnd: ['bitbucket:apps'] })).toEqual([]);
    expect(broken({ ...held, locksAtEnd: 1 })).toEqual([13]);
  });
});

test('a call that took effect counts, though its answer was lost', () => {
  const lost = { execution: 'run-2', error: 'timeout', tookEffect: true };
  expect(broken(withEntries(calls(600, 'autoscaling:EnterStandby', lost)))).toEqual([8]);
  expect(broken(withEntries(calls(600, 'autoscaling:EnterStandby', { ...lost, tookEffect: false })))).toEqual([]);
});

test('a launch of another version is excused after somebody has turned upgrade mode off under the run', () => {
  const off = entry(1000, 'bitbucket', { event: 'cluster', upgradeModeEnabled: false, version: '9.4.20' });
  expect(broken(withEntries(off, launch(1010, 'i-x')))).toEqual([6]);
  expect(broken(withEntries(off, fault(1000, 'operator-cancels', { accepted: true }), launch(1010, 'i-x')))).toEqual([]);
});
