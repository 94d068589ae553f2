import type { Limits } from '../../lib/contract/environment';
import type { Look, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { TaskError } from '../core/errors';
import { done, waitOn } from '../core/look';
import { secondsBetween } from '../core/time';
import { missingToFinalize } from '../core/verify';
import type { Nodes } from '../ports/bitbucket';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import type { ClusterPorts } from '../shared/observe';
import { settledVerdict } from '../shared/settled-verdict';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly since?: string;
}

interface Settings {
  readonly limits: Limits;
  readonly targetGroupArns: readonly string[];
  readonly now: () => Date;
}

/** Looks whether the whole cluster is upgraded and good: the last look before the point of no return. */
export async function verifyCluster(
  { plan, since: began }: Input,
  { limits, targetGroupArns, now }: Settings,
  ports: ClusterPorts & { readonly nodes: Nodes },
): Promise<Look> {
  const { verdict, observation } = await settledVerdict(ports, plan, targetGroupArns);
  const { group, members, targets, cluster } = observation;
  const since = began ?? now().toISOString();
  if (verdict.kind === 'bad') throw new TaskError('ClusterUnexpected', verdict.detail);
  const missing = [...missingToFinalize(plan, group, members, targets, cluster), ...(verdict.kind === 'good' ? [] : [verdict.detail])];
  if (missing.length === 0) return done(since, verdict.detail);
  const detail = missing.join('; ');
  const elapsed = secondsBetween(since, now());
  if (elapsed >= limits.bootTimeout) {
    throw new TaskError(
      'ClusterUnexpected',
      `The upgraded cluster is not complete after ${elapsed} s (limit ${limits.bootTimeout} s), so it is not finalized: ${detail}.`,
    );
  }
  return waitOn({ since, now: now(), limits }, detail);
}

export const handler = task('verify-cluster', (input: Input) => {
  const env = readEnvironment(clusterEnvironment);
  return verifyCluster(input, { ...env, now: () => new Date() }, clusterPorts(env));
});
