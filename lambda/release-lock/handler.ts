import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { lock } from '../adapters/lock';
import type { Lock } from '../ports/lock';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
}

/** Gives the cluster's lock back; one that this run does not hold is left alone. */
export async function releaseLock({ plan }: Input, table: Lock): Promise<{ released: boolean }> {
  return { released: await table.release(plan.groupName, plan.run.executionArn) };
}

export const handler = task('release-lock', (input: Input) => {
  const env = readEnvironment((read) => ({ table: read.text(ENV.LOCK_TABLE_NAME) }));
  return releaseLock(input, lock(env.table));
});
