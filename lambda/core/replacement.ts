import type { Limits } from '../../lib/contract/environment';
import type { Plan, ReplacementLook, Rolled } from '../../lib/contract/events';
import { TaskError } from './errors';
import type { Verdict } from './judge';
import { done, waitOn } from './look';
import { nameOf, refOf } from './observation';
import { secondsBetween } from './time';

/** What a look at the replacement is made from. */
export interface ReplacementGround {
  readonly plan: Plan;
  readonly rolled: Rolled;
  readonly verdict: Verdict;
  readonly limits: Limits;
  readonly now: Date;
  /** When the loop began; undefined on its first look. */
  readonly since?: string | undefined;
  /** Why the group's newest activity failed, if it did. */
  readonly failedActivity?: string | undefined;
}

/**
 * What the judgement means for the wait. A node that boots has its boot time-out, counted from its launch; a second instance that the
 * group launches in its place cannot extend the wait beyond twice that.
 *
 * @throws ReplacementFailed when a node died, or the replacement is in ERROR or not good in time
 * @throws WrongVersion when the replacement runs another version than the plan's
 * @throws ClusterUnexpected when it is something else that is not good in time
 */
export function lookAtReplacement(ground: ReplacementGround): ReplacementLook {
  const { verdict, rolled, limits, now } = ground;
  const since = ground.since ?? now.toISOString();
  if (verdict.kind === 'bad') throw new TaskError(verdict.error, verdict.detail);
  if (verdict.kind === 'good') {
    return {
      ...done(since, verdict.detail),
      ...(verdict.newest && { replacement: refOf(verdict.newest) }),
      goodAt: now.toISOString(),
      bootSeconds: measuredBoot(ground),
    };
  }
  const began = verdict.awaited?.launchedAt || since;
  const waited = secondsBetween(began, now);
  if (waited >= limits.bootTimeout || secondsBetween(since, now) >= 2 * limits.bootTimeout) throw overdue(ground, waited);
  const look = waitOn({ since, now, limits, began, expected: rolled.expectedBootSeconds }, withActivity(ground));
  return { ...look, ...(verdict.newest && { replacement: refOf(verdict.newest) }), goodAt: '', bootSeconds: 0 };
}

/**
 * Seconds from the newest node's launch until it was seen to be good; 0 when this run did not launch it. A node that was good already
 * on the first look (draining took longer) only bounds the time from above: an earlier measure counts more then.
 */
function measuredBoot({ plan, rolled, verdict, now, since }: ReplacementGround): number {
  const launchedAt = verdict.newest?.launchedAt ?? '';
  if (launchedAt === '' || launchedAt < plan.run.startedAt) return 0;
  const seconds = secondsBetween(launchedAt, now);
  return since === undefined && rolled.expectedBootSeconds > 0 ? Math.min(seconds, rolled.expectedBootSeconds) : seconds;
}

function overdue(ground: ReplacementGround, waited: number): TaskError {
  const { verdict, limits } = ground;
  const awaited = verdict.kind === 'wait' ? verdict.awaited : undefined;
  const seen = withActivity(ground);
  if (awaited) {
    return new TaskError(
      'ReplacementFailed',
      `${nameOf(awaited)} is not good ${waited} s after its launch (boot time-out ${limits.bootTimeout} s). Seen: ${seen}. ` +
        'Look at its system log and its atlassian-bitbucket.log; a longer boot time-out can be configured.',
    );
  }
  const launched = verdict.newest !== undefined && verdict.newest.launchedAt >= ground.plan.run.startedAt;
  return new TaskError(
    launched ? 'ClusterUnexpected' : 'ReplacementFailed',
    `The cluster is not complete after ${waited} s. Seen: ${seen}.`,
  );
}

const withActivity = ({ verdict, failedActivity }: ReplacementGround): string =>
  failedActivity === undefined ? verdict.detail : `${verdict.detail}; the group's last activity failed: ${failedActivity}`;
