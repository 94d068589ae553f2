import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import type { ACTING_TASKS } from '../../lib/contract/tasks';
import { readEnvironment } from '../adapters/environment';
import { lock } from '../adapters/lock';
import { TaskError } from '../core/errors';
import type { Lock } from '../ports/lock';
import { task } from './task';

/** What every acting task is given. */
export interface ActingInput {
  readonly plan: Plan;
  /** Of a nested execution: how many times it was redriven. */
  readonly redriveCount?: number;
}

/**
 * A run may be redriven days after it was ended, in the middle of what it did then; meanwhile it was restored, and others may have upgraded.
 * Whoever restores or upgrades takes its lock: a run that still holds it finds things as it left them.
 *
 * A nested execution has no lock of its own. Redriven by itself it would act beside the one that its run has started since.
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 *
 * @throws LockLost unless the plan's run holds the cluster's lock
 */
export async function requireLock({ plan, redriveCount = 0 }: ActingInput, table: Pick<Lock, 'holder'>): Promise<void> {
  const { executionArn } = plan.run;
  if (redriveCount > 0) {
    throw new TaskError(
      'LockLost',
      `The replacement of a node is not redriven by itself: nothing was changed. Redrive its run ${executionArn}, or start the same request again.`,
    );
  }
  const holder = await table.holder(plan.groupName);
  if (holder?.owner === executionArn) return;
  const found = holder ? `${holder.owner} has held it since ${holder.since}` : 'nobody holds it';
  throw new TaskError(
    'LockLost',
    `${executionArn} does not hold the lock of the cluster ${plan.groupName} any more: ${found}. This step changed nothing. ` +
      'Most likely the run was ended and then redriven; what it had left behind was restored meanwhile.',
  );
}

/** The Lambda handler of a task that changes the cluster: it begins with a look at the lock. */
export const actingTask = <Input extends ActingInput, Result extends object | undefined>(
  name: (typeof ACTING_TASKS)[number],
  run: (input: Input) => Promise<Result>,
): ((input: Input) => Promise<Result>) =>
  task(name, async (input: Input) => {
    const table = readEnvironment((read) => read.text(ENV.LOCK_TABLE_NAME));
    await requireLock(input, lock(table));
    return run(input);
  });
