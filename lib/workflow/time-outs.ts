import { Duration } from 'aws-cdk-lib';
import type { ResolvedProps } from '../private/resolve-props';

/** What the time-outs are made of. */
type Times = Pick<ResolvedProps, 'limits' | 'failures' | 'backup' | 'approvals'>;

/** The longest that Step Functions lets an execution run: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST = Duration.days(365);

/** Most nodes that a group is meant to have, and the surge. */
const NODES = 101;

/** Answers of an operator, and to each question of an approval, each as late as may be. */
const ANSWERS = 3;

/** Draining, booting and baking, each as slow as may be, and an hour for retries. */
export function nodeTimeout({ limits: { drainLimit, bootTimeout }, failures: { bake } }: Times): Duration {
  return Duration.seconds(drainLimit + bootTimeout + Math.max(bake.first, bake.each)).plus(Duration.hours(1));
}

/** Parts that cannot be deleted yet are awaited as long as they may take to be complete, and an hour for retries. */
export function tidyTimeout({ limits }: Pick<Times, 'limits'>): Duration {
  return Duration.seconds(limits.backupTimeout).plus(Duration.hours(1));
}

/**
 * Every node forwards and back again, the backup (what was left unfinished, its begin, and tidying), finalizing, a fresh instance for each failure that the budget allows, an operator's answers and approvals,
 * and a day for restoring: with the default limits some four weeks. Most runs take hours.
 */
export function runTimeout(times: Times): Duration {
  const { limits, failures, backup, approvals } = times;
  const nodes = 2 * NODES * nodeTimeout(times).toSeconds();
  const instances = (failures.replacementBudget + 2) * 2 * limits.bootTimeout;
  const backups = limits.backupTimeout + 2 * backup.spec.startLimit + 2 * tidyTimeout(times).toSeconds();
  const gates = Object.values(approvals).reduce((sum, { timeLimit }) => sum + timeLimit, 0);
  const seconds = nodes + instances + backups + limits.finalizeTimeout + ANSWERS * (failures.holdLimit + gates);
  return Duration.seconds(Math.min(Duration.seconds(seconds).plus(Duration.days(1)).toSeconds(), LONGEST.toSeconds()));
}

/** Restoring capacity may wait for a node to drain and two to boot, one after the other; turning upgrade mode off for the cluster to be stable. */
export function recoveryTimeout({ limits }: Times): Duration {
  return Duration.seconds(limits.drainLimit + 2 * limits.bootTimeout + limits.finalizeTimeout).plus(Duration.hours(1));
}
