import { ENV } from '../../lib/contract/environment';
import type { PartObservation, Plan, Problem, ResolvedRequest } from '../../lib/contract/events';
import type { EnvironmentReader } from '../adapters/environment';
import { readEnvironment } from '../adapters/environment';
import { executions } from '../adapters/executions';
import { images } from '../adapters/images';
import { lock } from '../adapters/lock';
import { stacks } from '../adapters/stacks';
import { targetGroups } from '../adapters/target-groups';
import { checkPreconditions } from '../core/preconditions';
import { clusterEnvironment, clusterPorts } from '../shared/live';
import { task } from '../shared/task';
import { gatherFacts } from './facts';

/** Input: what was asked for, and what would be done. */
export interface Input {
  readonly plan: Plan;
  readonly request: ResolvedRequest;
  /** What each part of the backup is like. */
  readonly observations: readonly PartObservation[];
}

const environment = (read: EnvironmentReader) => ({
  ...clusterEnvironment(read),
  deniedVersions: read.optionalList(ENV.DENIED_VERSIONS),
  lockTable: read.text(ENV.LOCK_TABLE_NAME),
  backup: read.backup(),
});

/** What the facts depend on. */
export type Settings = ReturnType<typeof environment>;

/** Looks everything up and says whether the upgrade is allowed. Changes nothing. */
export const handler = task('check-preconditions', async (input: Input): Promise<{ warnings: readonly Problem[] }> => {
  const env = readEnvironment(environment);
  const ports = {
    ...clusterPorts(env),
    targetGroups: targetGroups(env.targetGroupArns),
    images: images(),
    lock: lock(env.lockTable),
    executions: executions(),
    stacks: stacks(),
  };
  return checkPreconditions(await gatherFacts(input, env, ports));
});
