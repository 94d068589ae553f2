import fc from 'fast-check';
import { waitOnBackup } from '../../../../lambda/core/backup/wait';
import { limits } from '../support/build';

const T0 = Date.parse('2026-03-01T12:00:00Z');
const wait = (elapsed: number, expected?: number): number =>
  waitOnBackup(
    { since: new Date(T0).toISOString(), now: new Date(T0 + elapsed * 1000), limits, ...(expected !== undefined && { expected }) },
    '',
  ).waitSeconds;

/** Looks until a backup is seen to be complete, if nothing is known of its progress. */
function looks(seconds: number): number {
  let [count, elapsed] = [0, 0];
  for (; elapsed < seconds; count++) elapsed += wait(elapsed);
  return count;
}

test('a backup of two days needs few looks: some 5,000 events for two parts, where an execution may have 25,000', () => {
  expect(looks(48 * 3600)).toBeLessThan(700);
  expect(looks(6 * 3600)).toBeLessThan(150);
});

test('a wait is whole, and never more than 5 % of the time that has passed, or the shortest one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), (elapsed) => {
      const seconds = wait(elapsed);
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeLessThanOrEqual(Math.max(10, Math.ceil(elapsed * 0.05)));
      expect(seconds).toBeGreaterThanOrEqual(10);
    }),
  );
});

test('what its progress says is slept through, and then looked at often', () => {
  expect(wait(20, 400)).toBe(260);
  expect(wait(280, 400)).toBe(14);
});
