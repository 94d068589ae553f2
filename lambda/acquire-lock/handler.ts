import { ENV } from '../../lib/contract/environment';
import type { Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { executions } from '../adapters/executions';
import { lock } from '../adapters/lock';
import { TaskError } from '../core/errors';
import type { Executions, Lock } from '../ports/lock';
import { task } from '../shared/task';

interface Input {
  readonly plan: Pick<Plan, 'groupName' | 'run'>;
  /** ARN of the state machine whose executions replace a node each. */
  readonly replacements: string;
}

interface Ports {
  readonly lock: Lock;
  readonly executions: Pick<Executions, 'isRunning' | 'running'>;
}

/**
 * Takes the cluster's lock. A holder that does not run any more is taken over, on the condition that nobody else did so first. When an execution is
 * stopped, Step Functions stops the nested one that it awaits by its best effort only: until that has ended, the cluster is not this run's.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
 *
 * @throws AnotherRunActive when another run holds it; ReplacementStopping, to be tried again, with the lock taken
 */
export async function acquireLock(
  { plan, replacements }: Input,
  now: Date,
  ports: Ports,
): Promise<{ owner: string; takenOverFrom: string }> {
  const owner = plan.run.executionArn;
  const holder = await ports.lock.holder(plan.groupName);
  const other = holder && holder.owner !== owner ? holder : undefined;
  if (other && (await ports.executions.isRunning(other.owner))) throw refusal(plan, other.owner, other.since);
  if (!(await ports.lock.take(plan.groupName, { owner, since: now.toISOString() }, other))) {
    const winner = await ports.lock.holder(plan.groupName);
    throw refusal(plan, winner?.owner ?? 'another execution', winner?.since ?? 'just now');
  }
  const left = await ports.executions.running(replacements);
  if (left.length > 0)
    throw new TaskError('ReplacementStopping', `${left.join(', ')} of a run that has ended did not stop yet: stop it by hand.`);
  return { owner, takenOverFrom: other?.owner ?? '' };
}

const refusal = (plan: Input['plan'], owner: string, since: string): TaskError =>
  new TaskError(
    'AnotherRunActive',
    `${owner} has been upgrading the cluster ${plan.groupName} since ${since}. Nothing was changed. Wait until it has ended, then start again.`,
  );

export const handler = task('acquire-lock', (input: Input) => {
  const env = readEnvironment((read) => ({ table: read.text(ENV.LOCK_TABLE_NAME) }));
  return acquireLock(input, new Date(), { lock: lock(env.table), executions: executions() });
});
