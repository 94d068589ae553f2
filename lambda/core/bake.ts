import type { BakeSpec, Limits } from '../../lib/contract/environment';
import type { Look, Plan, Rolled } from '../../lib/contract/events';
import { isTurned } from './direction';
import { TaskError } from './errors';
import type { Verdict } from './judge';
import { done } from './look';
import { nameOf } from './observation';
import { secondsBetween } from './time';

/** How this new node is watched. */
export interface Bake {
  /** Seconds; 0 for none. */
  readonly duration: number;
  readonly alarms: readonly string[];
}

/**
 * The first new node that takes a node's place in a run is watched longest. On the way back nobody is watched: the original version is
 * known, and an alarm that the upgraded nodes caused must not stop them from going.
 */
export function bakeOf(spec: BakeSpec, plan: Plan, rolled: Rolled): Bake {
  if (isTurned(plan)) return { duration: 0, alarms: [] };
  return { duration: rolled.completed.some(({ replacement }) => replacement) ? spec.each : spec.first, alarms: spec.alarms };
}

/** What a look at a node that bakes is made from. */
export interface BakeGround {
  readonly bake: Bake;
  readonly plan: Plan;
  readonly verdict: Verdict;
  /** State of each alarm that exists, by name. */
  readonly alarms: ReadonlyMap<string, string>;
  readonly limits: Limits;
  readonly now: Date;
  readonly since: string;
}

/**
 * @throws BakeFailed when an alarm is in ALARM, or a new node is not good any more
 * @throws ReplacementFailed when an instance died: a fresh one may do
 * @throws ConfigurationInvalid when an alarm does not exist
 */
export function lookAtBake({ bake, plan, verdict, alarms, limits, now, since }: BakeGround): Look {
  const missing = bake.alarms.filter((name) => !alarms.has(name));
  if (missing.length > 0) {
    throw new TaskError(
      'ConfigurationInvalid',
      `There is no CloudWatch alarm ${missing.join(', ')} in this account and region, so the new node cannot be watched by it. ` +
        'Create it, or take it out of the bake alarms and deploy again.',
    );
  }
  const alarming = bake.alarms.filter((name) => alarms.get(name) === 'ALARM');
  const elapsed = secondsBetween(since, now);
  const newest = verdict.newest ? nameOf(verdict.newest) : 'the new node';
  if (alarming.length > 0) {
    throw new TaskError(
      'BakeFailed',
      `${alarming.join(', ')}: in ALARM ${elapsed} s after ${newest} became good on ${plan.toVersion}. Look at the alarm's history and the node's logs.`,
    );
  }
  if (verdict.kind === 'bad') throw new TaskError(verdict.isDeath ? 'ReplacementFailed' : 'BakeFailed', verdict.detail);
  if (verdict.kind === 'wait' && verdict.awaited) {
    throw new TaskError('BakeFailed', `${nameOf(verdict.awaited)} stopped being good after ${elapsed} s: ${verdict.detail}.`);
  }
  const detail = `${newest} is good for ${elapsed} of ${bake.duration} s, ${bake.alarms.length} alarms are quiet`;
  if (elapsed >= bake.duration) return done(since, detail);
  return { verdict: 'wait', waitSeconds: Math.max(1, Math.min(limits.maxPollInterval, bake.duration - elapsed)), since, detail };
}
