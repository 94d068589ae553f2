/** What the pace of looking depends on; all in seconds. */
export interface Pace {
  /** Since what is waited for began. */
  readonly elapsed: number;
  /** How long it is expected to take; 0 when nobody knows. */
  readonly expected: number;
  readonly min: number;
  readonly max: number;
}

/** Share of the elapsed time that a wait may add while nobody knows how long it will take: many looks come to nothing, so they are dear. */
const OVERSHOOT = 0.02;

/** The same near an end that is expected: few looks are left, so they may be close together. */
const OVERSHOOT_EXPECTED = 0.01;

/** Share of the expected time in which nobody needs to look: ends vary, and one that comes early should be seen too. */
const SURE = 0.7;

/**
 * Seconds until the next look. The waits grow with the time that has passed, so that the end is seen late by at most 2 % of it (or by the
 * shortest wait), whenever it comes; only the first part of what is expected is slept through. Always a whole number between
 * `min` and `max`, and at least 1, because a `Wait` state needs it.
 */
export function nextWait({ elapsed, expected, min, max }: Pace): number {
  const wanted = expected > 0 ? Math.max(expected * SURE - elapsed, elapsed * OVERSHOOT_EXPECTED) : elapsed * OVERSHOOT;
  return Math.max(1, Math.round(Math.min(max, Math.max(min, wanted))));
}
