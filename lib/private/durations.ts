import type { Duration } from 'aws-cdk-lib';
import type { Problems } from './problems';

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Least and greatest value that is allowed, in seconds. */
export type Range = readonly [number, number];

/** A duration in whole seconds; 0, and a line in `problems`, when it is out of range or not known at synth time. */
export function wholeSeconds(name: string, duration: Duration, [least, greatest]: Range, problems: Problems): number {
  if (duration.isUnresolved()) {
    problems.add(`${name} must be known at synth time; it is a token`);
    return 0;
  }
  const seconds = Math.round(duration.toMilliseconds() / 1000);
  problems.require(
    seconds >= least && seconds <= greatest,
    `${name} of ${duration.toHumanString()} must be ${least === 0 ? 'at most' : `from ${inWords(least)} to`} ${inWords(greatest)}`,
  );
  return seconds;
}

/** Seconds for people, in the largest unit that they are a whole number of. */
export function inWords(seconds: number): string {
  const [value, unit] =
    seconds % HOUR === 0 ? [seconds / HOUR, 'hour'] : seconds % MINUTE === 0 ? [seconds / MINUTE, 'minute'] : [seconds, 'second'];
  return `${value} ${unit}${value === 1 ? '' : 's'}`;
}
