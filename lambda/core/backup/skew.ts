import type { BackupPart, BackupSkew } from '../../../lib/contract/events';
import { TaskError } from '../errors';

/** Seconds from the first moment (ISO 8601) to the last one, rounded up; `NaN` when one cannot be read, which is within no limit. */
export function skewOf(moments: readonly string[]): number {
  if (moments.length < 2) return moments.every((moment) => !Number.isNaN(Date.parse(moment))) ? 0 : NaN;
  const times = moments.map((moment) => Date.parse(moment));
  return Math.ceil((Math.max(...times) - Math.min(...times)) / 1000);
}

/**
 * Whether all parts were begun as close together as the limit asks: after a restore the integrity check mends what differs by a moment,
 * not by a workday (https://confluence.atlassian.com/bitbucketserver/using-bitbucket-zero-downtime-backup-829920023.html).
 *
 * @throws BackupFailed with each part and its moment when they were not
 */
export function judgeSkew(parts: readonly BackupPart[], limit: number): BackupSkew {
  const seconds = skewOf(parts.map(({ startedAt }) => startedAt));
  const moments = parts.map(({ part, startedAt }) => `${part} at ${startedAt}`).join(', ');
  if (!(seconds <= limit)) {
    throw new TaskError(
      'BackupFailed',
      `The parts of the backup were begun ${Number.isNaN(seconds) ? 'at moments that nobody can tell' : `${seconds} s apart`}, and at most ${limit} s are allowed: ${moments}. ` +
        'The cluster is unchanged: a backup whose parts differ so much cannot be relied on. Find out what delayed the later part, or allow a longer skew, then start again.',
    );
  }
  return { seconds, detail: `begun within ${seconds} s (at most ${limit} s are allowed): ${moments}` };
}
