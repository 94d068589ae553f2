import { cancelStep, enableStep, finalizeStep } from '../../../lambda/core/cluster-steps';
import type { Cluster } from '../../../lambda/core/observation';
import { FROM, TO, cluster, limits, NOW, at, news, node, olds, plan, upgrading } from './support/build';
import { stepCluster } from '../../../lambda/shared/cluster-step';
import { fakeBitbucket } from './support/fakes';

const four = news(1, 2, 3, 4);
const ready = upgrading(four, 'READY_TO_RUN_UPGRADE_TASKS');
const finalize = (state: Cluster, change: object = {}) =>
  finalizeStep({ cluster: state, plan: plan(), desired: 4, upgraded: four.map(({ privateIp }) => privateIp), old: [], ...change });

describe('upgrade mode is turned on', () => {
  test('from STABLE, once', () => {
    expect(enableStep(cluster(olds(1, 2)), plan()).kind).toBe('call');
    expect(enableStep(upgrading(olds(1, 2), 'READY_TO_UPGRADE'), plan()).kind).toBe('done');
  });
  test('not when nodes run another version', () => {
    expect(enableStep(cluster([...olds(1), ...news(1)]), plan()).kind).toBe('fail');
  });
  test('not again when an earlier run has finalized', () => {
    expect(enableStep(cluster(four), plan()).kind).toBe('done');
  });
  test('not in the middle of an upgrade, unless it is continued', () => {
    const mixed = upgrading([...olds(1), ...news(1)]);
    expect(enableStep(mixed, plan()).kind).toBe('fail');
    expect(enableStep(mixed, plan({ continues: true })).kind).toBe('done');
  });
  test('not for an upgrade from or to another version', () => {
    expect(enableStep({ ...ready, originalVersion: '9.4.19' }, plan({ continues: true })).kind).toBe('fail');
    const third = upgrading([{ ...olds(1)[0]!, node: node('10.0.0.9', '9.4.22') }]);
    expect(enableStep(third, plan({ continues: true })).kind).toBe('fail');
    const left = [{ instanceId: 'i-new9', privateIp: '10.0.0.9' }];
    expect(enableStep(third, plan({ nodes: left })).kind).toBe('fail');
    expect(enableStep(third, plan({ continues: true, nodes: left })).kind).toBe('done');
  });
});

describe('upgrade mode is turned off', () => {
  test('only from READY_TO_UPGRADE', () => {
    expect(cancelStep(upgrading(olds(1, 2), 'READY_TO_UPGRADE'), []).kind).toBe('call');
    expect(cancelStep(upgrading(olds(1, 2), 'READY_TO_UPGRADE'), ['i-new1'])).toMatchObject({
      kind: 'wait',
      detail: expect.stringContaining('i-new1 of another version is in the group') as string,
    });
    expect(cancelStep(upgrading([...olds(1), ...news(1)]), []).kind).toBe('wait');
    expect(cancelStep(ready, []).kind).toBe('fail');
    expect(cancelStep(cluster(olds(1, 2)), ['i-new1']).kind).toBe('done');
  });
});

describe('an upgrade is finalized', () => {
  test('when everything is ready', () => {
    expect(finalize(ready).kind).toBe('call');
  });
  test('not with a node missing, though Bitbucket says ready', () => {
    expect(finalize(upgrading(news(1, 2, 3), 'READY_TO_RUN_UPGRADE_TASKS')).kind).toBe('wait');
  });
  test('not with an old instance in the group', () => {
    expect(finalize(ready, { old: ['i-old1'] }).kind).toBe('wait');
  });
  test('not with a node in ERROR', () => {
    expect(finalize({ ...ready, nodes: [...ready.nodes, node('10.0.1.9', TO, 'ERROR')] }).kind).toBe('wait');
  });
  test('not counting nodes that are not in service', () => {
    expect(finalize(ready, { upgraded: ['10.0.1.1'] }).kind).toBe('wait');
  });
  test.each(['MIXED', 'READY_TO_UPGRADE', 'RUNNING_UPGRADE_TASKS'])('not from %s', (state) => {
    expect(finalize({ ...ready, state }).kind).toBe('wait');
  });
  test.each(['UPGRADE_TASKS_FAILED', 'SOMETHING_NEW'])('never from %s', (state) => {
    expect(finalize({ ...ready, state }).kind).toBe('fail');
  });
  test('ignoring nodes that are OFFLINE because they were replaced', () => {
    expect(finalize({ ...ready, nodes: [...ready.nodes, node('10.0.0.1', FROM, 'OFFLINE')] }).kind).toBe('call');
  });
  test('and is done when STABLE on the target version', () => {
    expect(finalize(cluster(four)).kind).toBe('done');
    expect(finalize(cluster(olds(1, 2, 3, 4))).kind).toBe('fail');
  });
});

describe('a look that brings the cluster on', () => {
  const look = (clusters: readonly Cluster[], answer: 'accepted' | 'look-again' = 'accepted', since?: string) => {
    const bitbucket = fakeBitbucket(clusters, answer);
    const looked = stepCluster({
      bitbucket,
      operation: 'start',
      decide: (c) => enableStep(c, plan()),
      error: 'UpgradeModeRefused',
      limits,
      now: NOW,
      since,
    });
    return { bitbucket, looked };
  };
  const stable = cluster(olds(1, 2));
  const on = upgrading(olds(1, 2), 'READY_TO_UPGRADE');

  test('calls, looks again and is done', async () => {
    const { bitbucket, looked } = look([stable, on]);
    await expect(looked).resolves.toMatchObject({ verdict: 'done' });
    expect(bitbucket.calls).toEqual(['start']);
  });
  test('resolves 409 and lost answers by looking', async () => {
    await expect(look([stable, on], 'look-again').looked).resolves.toMatchObject({ verdict: 'done' });
    await expect(look([stable, stable], 'look-again').looked).resolves.toMatchObject({ verdict: 'wait', waitSeconds: 5 });
  });
  test('calls only once', async () => {
    const { bitbucket, looked } = look([stable, stable]);
    await looked;
    expect(bitbucket.calls).toEqual(['start']);
  });
  test('fails by name when it is not legal, or not in time', async () => {
    await expect(look([ready]).looked).rejects.toMatchObject({ name: 'UpgradeModeRefused' });
    await expect(look([stable, stable], 'accepted', at(-1801).toISOString()).looked).rejects.toMatchObject({ name: 'UpgradeModeRefused' });
  });
});
