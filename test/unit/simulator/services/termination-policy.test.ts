import fc from 'fast-check';
import type { Candidate, Choice } from '../../../../simulator/services/auto-scaling/termination-policy';
import { chooseVictim, emptiestZone, isUnbalanced, zoneCounts } from '../../../../simulator/services/auto-scaling/termination-policy';

const MINUTE = 60_000;
const now = 1000 * 60 * MINUTE;

const candidate = (id: string, change: Partial<Candidate> = {}): Candidate => ({
  id,
  zone: 'a',
  launchedAt: now - 90 * MINUTE,
  templateId: 'lt-1',
  templateVersion: 1,
  isProtected: false,
  ...change,
});
const choice = (...policies: string[]): Choice => ({ policies, currentTemplateId: 'lt-1', now, pick: (items) => items[0]! });
const old = candidate('old', { launchedAt: now - 10 * 60 * MINUTE });
const young = candidate('young', { launchedAt: now - 5 * MINUTE });
const upgraded = candidate('upgraded', { templateVersion: 2 });

test.each<[string, string[], Candidate[], string | undefined]>([
  ['Default takes the oldest launch template version first', ['Default'], [upgraded, candidate('original')], 'original'],
  [
    'Default takes another launch template before any version',
    ['Default'],
    [candidate('v1'), candidate('other', { templateId: 'lt-0', templateVersion: 9 })],
    'other',
  ],
  [
    'Default takes the instance closest to its next hour',
    ['Default'],
    [candidate('30 left'), candidate('1 left', { launchedAt: now - 59 * MINUTE })],
    '1 left',
  ],
  [
    'the fullest zone goes before the policy',
    ['Default'],
    [candidate('v1'), { ...upgraded, zone: 'b' }, { ...upgraded, id: 'third', zone: 'b' }],
    'upgraded',
  ],
  ['OldestInstance', ['OldestInstance'], [young, old], 'old'],
  ['NewestInstance', ['NewestInstance'], [young, old], 'young'],
  ['OldestLaunchTemplate', ['OldestLaunchTemplate'], [upgraded, young], 'young'],
  ['policies in their order', ['OldestLaunchTemplate', 'NewestInstance'], [upgraded, old, young], 'young'],
  ['a protected instance is passed over', ['OldestInstance'], [{ ...old, isProtected: true }, young], 'young'],
  [
    'a zone with only protected instances is passed over',
    ['Default'],
    [
      { ...old, isProtected: true },
      { ...upgraded, isProtected: true },
      { ...young, zone: 'b' },
    ],
    'young',
  ],
  ['nothing when all are protected', ['Default'], [{ ...old, isProtected: true }], undefined],
])('%s', (_, policies, candidates, victim) => {
  expect(chooseVictim(candidates, choice(...policies))?.id).toBe(victim);
});

test('scaling in one by one keeps balanced zones balanced', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }), (zones, size) => {
      const names = Array.from({ length: zones }, (_, index) => `zone-${index}`);
      let left = Array.from({ length: size }, (_, index) => candidate(String(index), { zone: names[index % zones]! }));
      while (left.length > 0) {
        expect(isUnbalanced(zoneCounts(names, left))).toBe(false);
        const victim = chooseVictim(left, choice('Default'));
        left = left.filter(({ id }) => id !== victim?.id);
      }
    }),
  );
});

test('the emptiest zone is the first of those with the fewest instances', () => {
  expect(emptiestZone(zoneCounts(['a', 'b', 'c'], [candidate('1'), candidate('2', { zone: 'c' })]))).toBe('b');
});
