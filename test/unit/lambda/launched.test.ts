import { turn } from '../../../lambda/core/direction';
import { launchedAsBefore } from '../../../lambda/core/launched';
import type { Rolled } from '../../../lib/contract/events';
import { member, news, olds, plan } from './support/build';

const rolled: Rolled = {
  completed: [
    {
      old: { instanceId: 'i-gone', privateIp: '10.0.0.9' },
      standbyAt: '2026-03-01T12:00:00.000Z',
      drainedAt: '2026-03-01T12:05:00.000Z',
      retiredAt: '2026-03-01T12:06:00.000Z',
      bootSeconds: 0,
    },
  ],
  expectedBootSeconds: 0,
  failures: 0,
  postponed: [],
};
const none: Rolled = { ...rolled, completed: [] };
const strange = member('i-old7', { launchedAt: '2026-03-01T12:00:20Z' });

describe('a group that launches original nodes in place of those that were taken out', () => {
  test('is told, with the instance, its image and the launch template', () => {
    const said = launchedAsBefore(plan(), rolled, [...olds(1, 2), ...news(1), strange]) ?? '';
    expect(said).toContain('i-old7');
    expect(said).toContain(strange.imageId);
    expect(said).toContain(plan().launchTemplate.id);
  });
  test('is not seen in originals that were there before, or in new nodes', () => {
    const late = member('i-new2', { launchedAt: '2026-03-01T12:00:20Z' });
    expect(launchedAsBefore(plan(), rolled, [...olds(1, 2), ...news(1), late])).toBeUndefined();
  });
  test('is not told before a node was taken out, nor of an instance that EC2 does not show yet', () => {
    expect(launchedAsBefore(plan(), none, [strange])).toBeUndefined();
    expect(launchedAsBefore(plan(), rolled, [member('i-old7', { launchedAt: '', imageId: '' })])).toBeUndefined();
  });
  test('cannot be told while the run is rolled back', () => {
    expect(launchedAsBefore(turn(plan()), rolled, [strange, ...news(1)])).toBeUndefined();
  });
});
