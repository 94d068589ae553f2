import type { BackupsToTidy, PartObservation, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { chooseExpired } from '../core/backup/retention';
import { task } from '../shared/task';

interface Input {
  readonly plan: Plan;
  readonly observations: readonly PartObservation[];
}

/** Chooses what is marked as finished and what may go, after an upgrade that succeeded. */
export const handler = task('choose-expired-backups', ({ plan, observations }: Input): Promise<BackupsToTidy> => {
  const spec = readEnvironment((read) => read.backup());
  return Promise.resolve(chooseExpired({ plan, observations, spec, now: new Date() }));
});
