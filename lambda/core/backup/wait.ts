import type { Look } from '../../../lib/contract/events';
import type { Waiting } from '../look';
import { secondsBetween } from '../time';

/**
 * Share of the elapsed time that a wait may add. A backup may take hours, and every part of it is looked at in one execution, whose history holds
 * 25,000 events at most (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html); to be some minutes late after hours costs nothing.
 */
const OVERSHOOT = 0.05;

/** Shortest and longest wait, in seconds, unless the limits of the looks ask for more. */
const SHORTEST = 10;
const LONGEST = 300;

/** Share of the expected time in which nobody needs to look. */
const SURE = 0.7;

/** Look again at a backup, at its own pace: seldom, but for the end that its progress foretells. */
export function waitOnBackup({ since, now, limits, expected = 0 }: Waiting, detail: string): Look {
  const elapsed = secondsBetween(since, now);
  const wanted = Math.max(elapsed * OVERSHOOT, expected * SURE - elapsed);
  const least = Math.max(SHORTEST, limits.minPollInterval);
  const most = Math.max(LONGEST, limits.maxPollInterval);
  return { verdict: 'wait', waitSeconds: Math.round(Math.min(most, Math.max(least, wanted))), since, detail };
}
