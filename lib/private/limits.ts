import type { Duration } from 'aws-cdk-lib';
import type { Limits } from '../contract/environment';
import type { Problems } from './problems';

type LimitName = keyof Limits;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Least and greatest value of each limit, in seconds. */
const RANGES: Readonly<Record<LimitName, readonly [number, number]>> = {
  bootTimeout: [5 * MINUTE, 6 * HOUR],
  drainLimit: [MINUTE, 24 * HOUR],
  backupTimeout: [5 * MINUTE, 48 * HOUR],
  finalizeTimeout: [5 * MINUTE, 24 * HOUR],
  minPollInterval: [1, 10 * MINUTE],
  maxPollInterval: [1, 10 * MINUTE],
};

/** Events that one look adds to an execution's history: wait (2), task (5), choice (2). */
const EVENTS_PER_LOOK = 9;

/**
 * Events that all the looks of one execution may add, so that the rest of it and retries stay below the quota of 25,000:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const EVENTS_FOR_LOOKS = 15_000;

/** The limits in whole seconds. What is out of range goes to `problems`. */
export function resolveLimits(durations: Readonly<Record<LimitName, Duration>>, problems: Problems): Limits {
  const names = Object.keys(RANGES) as LimitName[];
  const wrong = names.flatMap((name) => outOfRange(name, durations[name]));
  problems.add(...wrong);
  const limits = Object.fromEntries(names.map((name) => [name, inSeconds(durations[name])])) as unknown as Limits;
  if (wrong.length === 0) checkTogether(limits, problems);
  return limits;
}

function outOfRange(name: LimitName, duration: Duration): string[] {
  if (duration.isUnresolved()) return [`${name} must be known at synth time; it is a token`];
  const [least, greatest] = RANGES[name];
  const seconds = inSeconds(duration);
  if (seconds >= least && seconds <= greatest) return [];
  return [`${name} of ${duration.toHumanString()} must be from ${inWords(least)} to ${inWords(greatest)}`];
}

function inSeconds(duration: Duration): number {
  return duration.isUnresolved() ? 0 : Math.round(duration.toMilliseconds() / 1000);
}

function checkTogether(limits: Limits, problems: Problems): void {
  const { minPollInterval, maxPollInterval } = limits;
  problems.require(
    minPollInterval <= maxPollInterval,
    `minPollInterval of ${inWords(minPollInterval)} must not be longer than maxPollInterval of ${inWords(maxPollInterval)}`,
  );
  // The longest loops of one execution: both snapshots at once and finalizing (main), or draining and booting (one node).
  const awaited = Math.max(2 * limits.backupTimeout + limits.finalizeTimeout, limits.drainLimit + limits.bootTimeout);
  const least = Math.ceil((awaited * EVENTS_PER_LOOK) / EVENTS_FOR_LOOKS);
  problems.require(
    maxPollInterval >= least,
    `maxPollInterval of ${inWords(maxPollInterval)} is too short for these time limits: at least ${inWords(least)}, or the history of an execution could overflow`,
  );
}

function inWords(seconds: number): string {
  const [value, unit] =
    seconds % HOUR === 0 ? [seconds / HOUR, 'hour'] : seconds % MINUTE === 0 ? [seconds / MINUTE, 'minute'] : [seconds, 'second'];
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}
