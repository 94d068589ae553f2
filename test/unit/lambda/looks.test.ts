import { lookAtDrain } from '../../../lambda/core/drain';
import type { Verdict } from '../../../lambda/core/judge';
import { lookAtReplacement } from '../../../lambda/core/replacement';
import { NOTHING_ROLLED } from '../../../lambda/core/rolled';
import { surgeSizes } from '../../../lambda/core/surge';
import { missingToFinalize } from '../../../lambda/core/verify';
import { NOW, at, group, healthy, limits, member, news, olds, plan, target, upgrading } from './support/build';

const old = plan().nodes[0]!;

describe('a draining node', () => {
  const look = (lifecycleState: string | undefined, states: readonly string[], seconds = 60) =>
    lookAtDrain({
      node: old,
      standby: { standbyAt: NOW.toISOString(), detail: '' },
      lifecycleState,
      targets: states.map((state) => target('i-old1', state)),
      now: at(seconds),
      limits,
    });

  test('is drained in Standby and out of every target group', () => {
    expect(look('Standby', ['unused'])).toMatchObject({ verdict: 'done', limitPassed: false, drainedAt: at(60).toISOString() });
    expect(look('Standby', [])).toMatchObject({ verdict: 'done' });
  });
  test('is waited for while requests are in flight, or it is not in Standby', () => {
    expect(look('Standby', ['draining'])).toMatchObject({ verdict: 'wait' });
    expect(look('EnteringStandby', [])).toMatchObject({ verdict: 'wait' });
    expect(look('InService', ['healthy'])).toMatchObject({ verdict: 'wait' });
  });
  test('counts as drained when the drain limit has passed', () => {
    expect(look('Standby', ['draining'], 3600)).toMatchObject({ verdict: 'done', limitPassed: true });
  });
  test('that never left service is an error', () => {
    expect(() => look('InService', ['healthy'], 3600)).toThrow(expect.objectContaining({ name: 'NodeNotDrained' }) as Error);
  });
  test('that has left the group is drained', () => {
    expect(look(undefined, [])).toMatchObject({ verdict: 'done' });
  });
});

describe('a replacement', () => {
  const fresh = member('i-new1', { launchedAt: NOW.toISOString() });
  const look = (verdict: Verdict, seconds: number, since?: Date, expectedBootSeconds = 0, failedActivity?: string) =>
    lookAtReplacement({
      plan: plan(),
      rolled: { ...NOTHING_ROLLED, expectedBootSeconds },
      verdict,
      limits,
      now: at(seconds),
      since: since?.toISOString(),
      failedActivity,
    });
  const waiting: Verdict = { kind: 'wait', newest: fresh, awaited: fresh, detail: 'STARTING' };

  test('that is good ends the wait, with the time that its boot took', () => {
    expect(look({ kind: 'good', newest: fresh, detail: '' }, 600, NOW)).toMatchObject({
      verdict: 'done',
      bootSeconds: 600,
      replacement: { instanceId: 'i-new1' },
      goodAt: at(600).toISOString(),
    });
  });
  test('that was good before the first look does not spoil the measure', () => {
    expect(look({ kind: 'good', newest: fresh, detail: '' }, 1800, undefined, 600)).toMatchObject({ bootSeconds: 600 });
    expect(look({ kind: 'good', newest: member('i-new1', { launchedAt: '2026-02-01T00:00:00.000Z' }), detail: '' }, 600)).toMatchObject({
      bootSeconds: 0,
    });
  });
  test('is waited for until its boot time-out, counted from its launch', () => {
    expect(look(waiting, 2699, at(600))).toMatchObject({ verdict: 'wait', since: at(600).toISOString() });
    expect(() => look(waiting, 2700, at(600))).toThrow(expect.objectContaining({ name: 'ReplacementFailed' }) as Error);
  });
  test.each(['ReplacementFailed', 'WrongVersion'] as const)('that is bad is the error %s at once', (error) => {
    expect(() => look({ kind: 'bad', error, detail: 'wrong', perhapsPassing: false, isDeath: false }, 1)).toThrow(
      expect.objectContaining({ name: error, message: 'wrong' }) as Error,
    );
  });
  test('that is never launched is an error that says why', () => {
    expect(() => look({ kind: 'wait', detail: '4 of 5' }, 2700, NOW, 0, 'no capacity')).toThrow(/no capacity/);
    expect(() => look({ kind: 'wait', detail: '4 of 5' }, 2700, NOW)).toThrow(
      expect.objectContaining({ name: 'ReplacementFailed' }) as Error,
    );
  });
  test('that is good does not excuse a cluster that is not', () => {
    expect(() => look({ kind: 'wait', newest: fresh, detail: 'i-old2 is ill' }, 2700, NOW)).toThrow(
      expect.objectContaining({ name: 'ClusterUnexpected' }) as Error,
    );
  });
  test('launched again and again is not waited for for ever', () => {
    const again = { ...fresh, launchedAt: at(5000).toISOString() };
    expect(() => look({ ...waiting, newest: again, awaited: again }, 5400, NOW)).toThrow(
      expect.objectContaining({ name: 'ReplacementFailed' }) as Error,
    );
  });
});

describe('the surge', () => {
  const now = { min: 4, max: 4, desired: 4 };
  test('is one node more, with room for it', () => {
    expect(surgeSizes(plan(), now)).toEqual({ max: 5, desired: 5 });
    expect(surgeSizes(plan(), { ...now, max: 9 })).toEqual({ max: 9, desired: 5 });
  });
  test('is added once, not within the capacity, and not when no old node is left', () => {
    expect(surgeSizes(plan(), { ...now, desired: 5 })).toHaveProperty('none');
    expect(surgeSizes(plan({ capacity: 'within-capacity' }), now)).toHaveProperty('none');
    expect(surgeSizes(plan({ nodes: [] }), now)).toHaveProperty('none');
  });
});

describe('the upgraded cluster', () => {
  const fresh = news(1, 2, 3, 4);
  const ready = upgrading(fresh, 'READY_TO_RUN_UPGRADE_TASKS');
  test('may be finalized when nothing old is left anywhere', () => {
    expect(missingToFinalize(plan(), group(fresh), fresh, healthy('i-new1'), ready)).toEqual([]);
  });
  test('may not with an old node, a retired target, a wrong size, or in another state', () => {
    const members = [...fresh, ...olds(1)];
    expect(missingToFinalize(plan(), group(members), members, [target('i-old2', 'draining')], upgrading(members))).toHaveLength(4);
  });
});
