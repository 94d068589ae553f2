import type { Look, PartObservation, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { judgeReadiness } from '../core/backup/readiness';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly observations: readonly PartObservation[];
  readonly since?: string;
}

/** Judges whether every part of the backup can begin. */
export const handler = task('judge-readiness', ({ plan, observations, since }: Input): Promise<Look> => {
  const env = readEnvironment((read) => ({ spec: read.backup(), limits: read.limits() }));
  const now = new Date();
  return Promise.resolve(judgeReadiness({ plan, observations, since: since ?? now.toISOString(), now, ...env }));
});
