import { ENV } from '../../lib/contract/environment';
import type { RecoveryDecision } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import type { RecoveryGround } from '../core/recovery';
import { decideRecovery } from '../core/recovery';
import { NOTHING_ROLLED } from '../core/rolled';
import { task } from '../shared/task';

/** What failed, what is there now, and what an operator said about it. */
type Input = Omit<RecoveryGround, 'policy' | 'budget' | 'rolled'> & Partial<Pick<RecoveryGround, 'rolled'>>;

/** Decides what follows a failure. Looks at nothing itself: capacity was restored, and told, before. */
export const handler = task('decide-recovery', (input: Input): Promise<RecoveryDecision> => {
  const env = readEnvironment((read) => ({ policy: read.failurePolicy(), budget: read.count(ENV.REPLACEMENT_BUDGET) }));
  return Promise.resolve(decideRecovery({ rolled: NOTHING_ROLLED, ...input, ...env }));
});
