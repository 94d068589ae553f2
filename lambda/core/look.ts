import type { Limits } from '../../lib/contract/environment';
import type { Look } from '../../lib/contract/events';
import { nextWait } from './pacing';
import { secondsBetween } from './time';

/** The loop is over. */
export const done = (since: string, detail: string): Look => ({ verdict: 'done', waitSeconds: 1, since, detail });

/** What a wait depends on. */
export interface Waiting {
  readonly since: string;
  readonly now: Date;
  readonly limits: Limits;
  /** When what is waited for began, if that was not `since`. */
  readonly began?: string;
  /** Seconds that it is expected to take; nobody knows when absent. */
  readonly expected?: number;
}

/** Look again, at the right pace. */
export const waitOn = ({ since, now, limits, began = since, expected = 0 }: Waiting, detail: string): Look => ({
  verdict: 'wait',
  waitSeconds: nextWait({ elapsed: secondsBetween(began, now), expected, min: limits.minPollInterval, max: limits.maxPollInterval }),
  since,
  detail,
});
