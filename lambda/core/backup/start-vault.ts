import type { BackupStart } from '../../../lib/contract/events';
import type { Beginning } from './begin';
import { begun, notBegun, tryLater } from './begin';
import { skewOf } from './skew';

/** The job of one resource, or the recovery point that is there already. */
export interface Started {
  readonly resourceArn: string;
  /** Id of the job, or ARN of the recovery point. */
  readonly id: string;
  /** ISO 8601; empty while nobody knows. */
  readonly startedAt: string;
  /** `waiting`: asked for, and not at work yet. `lost`: it ended without a recovery point. */
  readonly state: 'begun' | 'waiting' | 'lost';
  readonly said: string;
}

/**
 * Whether the whole part has begun. AWS Backup begins within an hour, when it pleases; until then the moment of the data is not yet.
 *
 * @throws BackupFailed when a job is lost, does not begin in time, or the resources of the part were begun too far apart
 */
export function judgeStart(beginning: Beginning, part: string, started: readonly Started[], skewLimit: number): BackupStart {
  const inWords = (list: readonly Started[]): string => list.map(({ resourceArn, id, said }) => `${resourceArn}: ${id} ${said}`).join('; ');
  const lost = started.filter(({ state }) => state === 'lost');
  if (lost.length > 0) throw notBegun(beginning, inWords(lost), 'Look at the job in AWS Backup, and at what its role may do.');
  const waiting = started.filter(({ state }) => state === 'waiting');
  if (waiting.length > 0) {
    return tryLater(
      beginning,
      `AWS Backup has not begun yet: ${inWords(waiting)}`,
      'Look at the job in AWS Backup: what does it wait for?',
    );
  }
  const moments = started.map(({ startedAt }) => startedAt);
  const skew = skewOf(moments);
  if (!(skew <= skewLimit)) {
    const apart = started.map(({ resourceArn, startedAt }) => `${resourceArn} at ${startedAt || 'an unknown moment'}`).join(', ');
    throw notBegun(
      beginning,
      `its resources were begun more than ${skewLimit} s apart (${apart})`,
      'Find out what delayed the later one, or allow a longer skew.',
    );
  }
  return begun(beginning, {
    part,
    resource: started.map(({ resourceArn }) => resourceArn).join(', '),
    snapshotIds: started.map(({ id }) => id),
    startedAt: [...moments].sort()[0] ?? '',
  });
}
