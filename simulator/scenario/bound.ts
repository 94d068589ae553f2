import { DEFAULT_TIME_LIMIT, GATES } from './approvals';
import type { Scenario } from './scenario';

/** The construct's defaults, for what a scenario leaves: what a person is told in advance. In seconds. */
export const DEFAULT_LIMITS = {
  bootTimeout: 45 * 60,
  drainLimit: 3600,
  backupTimeout: 6 * 3600,
  finalizeTimeout: 3600,
  holdLimit: 24 * 3600,
} as const;

/** The construct's default of the replacement budget. */
const DEFAULT_BUDGET = 2;

/** Retries of calls that keep failing, and what the services take: an hour, and some minutes for each node. */
const SLACK_SECONDS = 3600;

/**
 * Seconds within which a run must have ended, whatever goes wrong: the backup, each node forth and back with its limits, each failure that the budget
 * allows and each answer with a restore of capacity before it, each hold,
 * each question of an approval, and finalizing.
 */
export function boundSeconds({ cluster, limits, bake, operator, replacementBudget, approvals, approvers }: Scenario): number {
  const { bootTimeout, drainLimit, backupTimeout, finalizeTimeout, holdLimit } = { ...DEFAULT_LIMITS, ...limits };
  const node = bootTimeout + drainLimit + Math.max(bake.firstSeconds ?? 0, bake.eachSeconds ?? 0) + 600;
  const failures = (replacementBudget ?? DEFAULT_BUDGET) + operator.length + 2;
  const restore = 2 * bootTimeout + drainLimit;
  const holds = operator.length + 1;
  const questions = GATES.reduce((sum, gate) => {
    const { timeLimit = DEFAULT_TIME_LIMIT } = approvals[gate] ?? { timeLimit: 0 };
    return sum + timeLimit * ((approvers[gate] ?? []).length + 1);
  }, 0);
  return (
    SLACK_SECONDS +
    questions +
    backupTimeout +
    2 * (cluster.nodes + 1) * node +
    failures * (node + restore) +
    2 * restore +
    holds * holdLimit +
    finalizeTimeout
  );
}
