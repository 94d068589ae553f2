import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { executions } from '../adapters/executions';
import { lock } from '../adapters/lock';
import { TaskError } from '../core/errors';
import type { Executions, Lock } from '../ports/lock';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
}

interface Ports {
  readonly lock: Lock;
  readonly executions: Executions;
}

/** Takes the cluster's lock. A holder that does not run any more is taken over, on the condition that nobody else did so first. */
export async function acquireLock({ plan }: Input, now: Date, ports: Ports): Promise<{ owner: string; takenOverFrom: string }> {
  const owner = plan.run.executionArn;
  const holder = await ports.lock.holder(plan.groupName);
  const other = holder && holder.owner !== owner ? holder : undefined;
  if (other && (await ports.executions.isRunning(other.owner))) throw refusal(plan, other.owner, other.since);
  if (!(await ports.lock.take(plan.groupName, { owner, since: now.toISOString() }, other))) {
    const winner = await ports.lock.holder(plan.groupName);
    throw refusal(plan, winner?.owner ?? 'another execution', winner?.since ?? 'just now');
  }
  return { owner, takenOverFrom: other?.owner ?? '' };
}

const refusal = (plan: Plan, owner: string, since: string): TaskError =>
  new TaskError(
    'AnotherRunActive',
    `${owner} has been upgrading the cluster ${plan.groupName} since ${since}. Nothing was changed. Wait until it has ended, then start again.`,
  );

export const handler = task('acquire-lock', (input: Input) => {
  const env = readEnvironment((read) => ({ table: read.text(ENV.LOCK_TABLE_NAME) }));
  return acquireLock(input, new Date(), { lock: lock(env.table), executions: executions() });
});
