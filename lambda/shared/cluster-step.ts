import type { Limits } from '../../lib/contract/environment';
import type { TerminalErrorName } from '../../lib/contract/errors';
import type { Look } from '../../lib/contract/events';
import type { ClusterStep } from '../core/cluster-steps';
import { describeCluster } from '../core/cluster-steps';
import { TaskError } from '../core/errors';
import { done, waitOn } from '../core/look';
import type { Cluster } from '../core/observation';
import { secondsBetween } from '../core/time';
import type { Bitbucket } from '../ports/bitbucket';

/** A loop that brings Bitbucket's cluster into a state. */
export interface Stepping {
  readonly bitbucket: Bitbucket;
  readonly operation: 'start' | 'cancel' | 'approve';
  readonly decide: (cluster: Cluster) => Promise<ClusterStep> | ClusterStep;
  /** Name of the error when it cannot be reached, or not in time. */
  readonly error: TerminalErrorName;
  readonly limits: Limits;
  readonly now: Date;
  /** When the loop began; the first look leaves it out. */
  readonly since?: string | undefined;
}

/**
 * One look: observe, decide, perhaps make the call and look once more. A call that was refused (409) or whose answer was lost is
 * resolved by looking, never by repeating it blindly.
 */
export async function stepCluster(stepping: Stepping): Promise<Look> {
  const { bitbucket, operation, decide, error, limits, now, since = now.toISOString() } = stepping;
  let step = await decide(await bitbucket.cluster());
  if (step.kind === 'call') {
    const answer = await bitbucket.call(operation);
    const cluster = await bitbucket.cluster();
    const next = await decide(cluster);
    step = next.kind === 'call' ? { kind: 'wait', detail: `${operation} was ${answer}; ${describeCluster(cluster)}` } : next;
  }
  if (step.kind === 'fail') throw new TaskError(error, step.detail);
  if (step.kind === 'done') return done(since, step.detail);
  const elapsed = secondsBetween(since, now);
  if (elapsed >= limits.finalizeTimeout) {
    throw new TaskError(
      error,
      `After ${elapsed} s (limit ${limits.finalizeTimeout} s): ${step.detail}. Look at Administration > Rolling upgrades.`,
    );
  }
  return waitOn({ since, now, limits }, step.detail);
}
