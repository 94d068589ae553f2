import { approved } from '../../../../simulator/rules/approved';
import type { Evidence } from '../../../../simulator/rules/rule';
import type { JournalEntry } from '../../../../simulator/kernel/ports';
import { calls, entry, evidence, launch } from './evidence';

const RUN = 'execution:run';
const NODE = 'execution:node';
const began = [
  entry(0, 'execution', { change: 'started', machine: 'RollingUpgradeStateMachine', execution: RUN }),
  entry(0, 'execution', { change: 'started', machine: 'ReplaceNodeStateMachine', execution: NODE, parent: RUN }),
  entry(0, 'execution', { change: 'started', machine: 'RecoverStateMachine', execution: 'execution:recovery' }),
];
const call = (seconds: number, action: string, more: Record<string, unknown> = {}): JournalEntry =>
  calls(seconds, action, { execution: RUN, ...more });
const asked = (seconds: number, gate: string) => entry(seconds, 'approval', { change: 'asked', gate, token: `t-${gate}`, execution: RUN });
const answered = (seconds: number, gate: string, answer = 'approve', execution = RUN) =>
  entry(seconds, 'approval', { change: 'answered', gate, token: `t-${gate}`, execution, answer });
const standBy = (seconds: number, id: string) =>
  call(seconds, 'autoscaling:EnterStandby', { execution: NODE, caller: 'StandByRole', input: { InstanceIds: [id] } });
const retire = (seconds: number, id: string) =>
  call(seconds, 'autoscaling:TerminateInstanceInAutoScalingGroup', {
    execution: NODE,
    caller: 'RetireNodeRole',
    input: { InstanceId: id },
  });
const finalized = (seconds: number) => entry(seconds, 'bitbucket', { event: 'upgrade-mode', call: 'approve', accepted: true, by: 'run' });

type Gate = Evidence['gates'][number]['gate'];
const check = (gate: Gate, journal: JournalEntry[], more: Partial<Evidence> & { silence?: boolean } = {}) => {
  const { silence = false, ...change } = more;
  return approved.check(evidence({ gates: [{ gate, silenceApproves: silence }], journal: [...began, ...journal], ...change }));
};
const kept = (...given: Parameters<typeof check>): boolean => check(...given).kept;

test('without gates there is nothing to keep', () => {
  expect(approved.check(evidence())).toEqual({ kept: true, evidence: 'no approval is configured' });
});

describe('the plan', () => {
  const early = call(100, 'rds:CreateDBSnapshot');
  test('must be approved before anything is changed', () => {
    expect(check('afterPlan', [early])).toEqual({ kept: false, evidence: 'rds:CreateDBSnapshot at 1:40, with no approval of afterPlan' });
    expect(kept('afterPlan', [asked(10, 'afterPlan'), early])).toBe(false);
    expect(kept('afterPlan', [answered(101, 'afterPlan'), early])).toBe(false);
    expect(kept('afterPlan', [answered(50, 'afterPlan', 'reject'), early])).toBe(false);
    expect(kept('afterPlan', [answered(50, 'beforeFinalize'), early])).toBe(false);
    expect(kept('afterPlan', [answered(50, 'afterPlan', 'approve', 'execution:other'), early])).toBe(false);
    expect(kept('afterPlan', [answered(50, 'afterPlan'), early])).toBe(true);
  });
  test('is approved also for an execution that is redriven: by what it was told before it was stopped', () => {
    const before = (...journalBefore: JournalEntry[]) => kept('afterPlan', [early], { journalBefore });
    expect(before(answered(50, 'afterPlan'))).toBe(true);
    expect([before(), before(asked(50, 'afterPlan')), before(answered(50, 'afterPlan', 'reject'))]).toEqual([false, false, false]);
  });
  test('must be approved before upgrade mode is turned on, unless a person does', () => {
    const mode = (by: string) => entry(100, 'bitbucket', { event: 'upgrade-mode', call: 'start', accepted: true, by });
    expect([kept('afterPlan', [mode('run')]), kept('afterPlan', [mode('person')])]).toEqual([false, true]);
  });
  test('may be asked about under the lock, by a notification; and what a recovery puts back needs none', () => {
    const harmless = ['dynamodb:PutItem', 'sns:Publish', 'states:SendTaskFailure'].map((action) => call(10, action));
    const refused = call(20, 'ec2:RunInstances', { error: 'DryRunOperation' });
    const recovery = call(30, 'autoscaling:ResumeProcesses', { execution: 'execution:recovery' });
    expect(kept('afterPlan', [...harmless, refused, recovery])).toBe(true);
  });
  test('may be approved by silence where that is configured', () => {
    const silent = [asked(10, 'afterPlan'), entry(50, 'token', { change: 'timed-out', token: 't-afterPlan', execution: RUN }), early];
    expect([kept('afterPlan', silent, { silence: true }), kept('afterPlan', silent)]).toEqual([true, false]);
    const other = silent.map((each) => (each.kind === 'token' ? { ...each, token: 't-other' } : each));
    expect(kept('afterPlan', other, { silence: true })).toBe(false);
  });
});

describe('the first node', () => {
  const first = [standBy(100, 'i-1'), retire(200, 'i-1')];
  test('must be approved before another old one is taken out', () => {
    expect(check('afterFirstNode', [...first, standBy(300, 'i-2')])).toEqual({
      kept: false,
      evidence: 'i-2 was taken out at 5:00, with no approval of afterFirstNode',
    });
    expect(kept('afterFirstNode', [...first, answered(250, 'afterFirstNode'), standBy(300, 'i-2')])).toBe(true);
    expect(kept('afterFirstNode', first)).toBe(true);
  });
  test('needs no approval to be tried again, nor for new nodes to be rolled back', () => {
    expect(kept('afterFirstNode', [standBy(100, 'i-1'), standBy(150, 'i-2'), retire(200, 'i-2')])).toBe(true);
    expect(kept('afterFirstNode', [...first, launch(210, 'i-new'), standBy(300, 'i-new')])).toBe(true);
  });
  test('of an earlier run counts: the next one asks before it takes out any', () => {
    const initialVersions = { 'i-1': '9.4.20', 'i-2': '9.4.20', 'i-new': '9.4.23' };
    expect(kept('afterFirstNode', [standBy(100, 'i-1')], { initialVersions })).toBe(false);
    expect(kept('afterFirstNode', [answered(50, 'afterFirstNode'), standBy(100, 'i-1')], { initialVersions })).toBe(true);
  });
});

test('the upgrade must be approved before it is finalized', () => {
  expect(check('beforeFinalize', [finalized(100)])).toEqual({
    kept: false,
    evidence: 'the upgrade was finalized at 1:40, with no approval of beforeFinalize',
  });
  expect(kept('beforeFinalize', [answered(50, 'beforeFinalize'), finalized(100)])).toBe(true);
});
