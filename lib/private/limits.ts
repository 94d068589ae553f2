import type { Duration } from 'aws-cdk-lib';
import type { Limits } from '../contract/environment';
import type { Range } from './durations';
import { DAY, HOUR, inWords, MINUTE, wholeSeconds } from './durations';
import type { Problems } from './problems';

type LimitName = keyof Limits;

/** The longest that may be waited between two looks. */
const LONGEST_POLL = 10 * MINUTE;

/** Least and greatest value of each limit, in seconds. */
const RANGES: Readonly<Record<LimitName, Range>> = {
  bootTimeout: [5 * MINUTE, 6 * HOUR],
  drainLimit: [MINUTE, DAY],
  backupTimeout: [5 * MINUTE, 2 * DAY],
  finalizeTimeout: [5 * MINUTE, DAY],
  minPollInterval: [1, LONGEST_POLL],
  maxPollInterval: [1, LONGEST_POLL],
};

/** Events that one look adds to an execution's history: wait (2), task (5), choice (2). */
const EVENTS_PER_LOOK = 9;

/**
 * Events that all the looks of one execution may add, so that the rest of it and retries stay below the quota of 25,000:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const EVENTS_FOR_LOOKS = 15_000;

/** What else makes an execution long. */
export interface LongWaits {
  /** Longest bake of one node, in seconds. */
  readonly bake: number;
  readonly replacementBudget: number;
  /** Parts of the backup: each is looked at by itself. */
  readonly parts: number;
  /** How long is waited until the backup can begin, and how long until it has begun, in seconds. */
  readonly startLimit: number;
}

/** The durations of the props; `maxPollInterval` may be left out. */
export type LimitDurations = Readonly<Record<Exclude<LimitName, 'maxPollInterval'>, Duration>> & { readonly maxPollInterval?: Duration };

/**
 * The limits in whole seconds. What is out of range goes to `problems`, and so does what would let the history of an execution overflow.
 * A `maxPollInterval` that is left out is a minute, or as long as the other limits need it.
 */
export function resolveLimits(durations: LimitDurations, waits: LongWaits, problems: Problems): Limits {
  const inSeconds = (name: LimitName, duration: Duration): number => wholeSeconds(name, duration, RANGES[name], problems);
  const limits = {
    bootTimeout: inSeconds('bootTimeout', durations.bootTimeout),
    drainLimit: inSeconds('drainLimit', durations.drainLimit),
    backupTimeout: inSeconds('backupTimeout', durations.backupTimeout),
    finalizeTimeout: inSeconds('finalizeTimeout', durations.finalizeTimeout),
    minPollInterval: inSeconds('minPollInterval', durations.minPollInterval),
  };
  const least = leastPollInterval(limits, waits);
  const maxPollInterval = durations.maxPollInterval
    ? inSeconds('maxPollInterval', durations.maxPollInterval)
    : Math.min(Math.max(MINUTE, limits.minPollInterval, least), LONGEST_POLL);
  // The arithmetic holds only for values that are allowed by themselves.
  if (problems.none) checkTogether({ ...limits, maxPollInterval }, least, problems);
  return { ...limits, maxPollInterval };
}

function checkTogether({ minPollInterval, maxPollInterval }: Limits, least: number, problems: Problems): void {
  problems.require(
    minPollInterval <= maxPollInterval,
    `minPollInterval of ${inWords(minPollInterval)} must not be longer than maxPollInterval of ${inWords(maxPollInterval)}`,
  );
  problems.require(
    least <= LONGEST_POLL,
    'the time limits, the parts of the backup and replacementBudget are too great together: the history of an execution could overflow; lower one of them',
  );
  problems.require(
    maxPollInterval >= least || least > LONGEST_POLL,
    `maxPollInterval of ${inWords(maxPollInterval)} is too short for these time limits and this replacementBudget: at least ${inWords(least)}, or the history of an execution could overflow`,
  );
}

/**
 * How long must be waited between two looks, in the longest loops of one execution. Of the main one: each part of the backup, turning upgrade mode
 * on or off and finalizing, and, for the start, each fresh instance and the failure that ends it, restoring capacity (a boot and a
 * drain) and the surge node (a boot).
 */
function leastPollInterval(limits: Omit<Limits, 'maxPollInterval'>, { bake, replacementBudget, parts, startLimit }: LongWaits): number {
  const { bootTimeout, drainLimit } = limits;
  const backup = parts * (limits.backupTimeout + 2 * startLimit);
  const main = backup + 2 * limits.finalizeTimeout + (replacementBudget + 2) * (2 * bootTimeout + drainLimit);
  const node = drainLimit + bootTimeout + bake;
  return Math.ceil((Math.max(main, node) * EVENTS_PER_LOOK) / EVENTS_FOR_LOOKS);
}
