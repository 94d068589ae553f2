import type { BackupSpec, Limits } from '../../../lib/contract/environment';
import type { Look, PartObservation, Plan } from '../../../lib/contract/events';
import { TaskError } from '../errors';
import { done, waitOn } from '../look';
import { secondsBetween } from '../time';

/** What the judgement is made from. */
export interface ReadinessGround {
  readonly plan: Pick<Plan, 'backupId'>;
  readonly observations: readonly PartObservation[];
  readonly since: string;
  readonly now: Date;
  readonly spec: Pick<BackupSpec, 'startLimit'>;
  readonly limits: Limits;
}

/**
 * Whether every part can begin now. All are awaited before any is begun, so that a source that is busy cannot tear the moments apart. A
 * part of this very backup that an earlier run has begun needs nothing: its source may be busy with it.
 *
 * @throws BackupFailed with each source and what it is busy with, when the limit has passed
 */
export function judgeReadiness({ plan, observations, since, now, spec, limits }: ReadinessGround): Look {
  const busy = observations.filter((one) => !isBegun(one, plan.backupId) && (!one.ready || one.problems.length > 0));
  if (busy.length === 0) return done(since, 'every part can begin');
  const what = busy
    .map(({ part, detail, problems }) => `${part}: ${[...problems.map(({ message }) => message), detail].join(' ')}`)
    .join('; ');
  const elapsed = secondsBetween(since, now);
  if (elapsed >= spec.startLimit) {
    throw new TaskError(
      'BackupFailed',
      `After ${elapsed} s (limit ${spec.startLimit} s) the backup still cannot begin: ${what}. Nothing was begun and the cluster is unchanged. Wait until that is over, or end it, then start again.`,
    );
  }
  return waitOn({ since, now, limits }, `waiting: ${what}`);
}

const isBegun = ({ backups }: PartObservation, id: string): boolean =>
  backups.some(({ backupId, state }) => backupId === id && state !== 'failed');
