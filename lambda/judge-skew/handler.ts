import type { BackupPart, BackupSkew } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { judgeSkew } from '../core/backup/skew';
import { task } from '../shared/task';

interface Input {
  readonly backup: readonly BackupPart[];
}

/** Judges whether all parts of the backup were begun together. */
export const handler = task('judge-skew', ({ backup }: Input): Promise<BackupSkew> => {
  const { skewLimit } = readEnvironment((read) => read.backup());
  return Promise.resolve(judgeSkew(backup, skewLimit));
});
