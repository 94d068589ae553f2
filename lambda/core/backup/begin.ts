import type { BackupSpec, Limits } from '../../../lib/contract/environment';
import type { BackupPart, BackupStart } from '../../../lib/contract/events';
import { TaskError } from '../errors';
import { done, waitOn } from '../look';
import { secondsBetween } from '../time';
import type { Refusal } from './snapshot';

/** A part that is to begin. */
export interface Beginning {
  /** The part, as messages say it: `the database`. */
  readonly title: string;
  readonly spec: Pick<BackupSpec, 'startLimit'>;
  readonly limits: Limits;
  readonly now: Date;
  readonly since: string;
}

/**
 * Refusals that pass, and what helps when they do not. Codes are named without the `Fault` that some of RDS end in.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
 */
const PASSING: Readonly<Record<string, string>> = {
  SnapshotCreationPerVolumeRateExceeded:
    'Something else makes snapshots of the same volumes again and again (a lifecycle policy, a script): give it a pause.',
  ConcurrentSnapshotLimitExceeded:
    'Too many snapshots of a volume are in progress; also deleted ones count until they are complete. Let them complete.',
  PendingSnapshotLimitExceeded: 'Too many snapshots are in progress in this account. Let them complete.',
  InvalidDBInstanceState: 'Look at the status of the DB instance: a snapshot needs it to be available.',
  InvalidDBClusterState: 'Look at the status of the DB cluster: a snapshot needs it to be available.',
  InvalidDBClusterSnapshotState: 'Look at the snapshots of the DB cluster: one is in progress.',
};

/** Refusals that waiting cannot mend. */
const FINAL: Readonly<Record<string, string>> = {
  SnapshotLimitExceeded:
    'Delete EBS snapshots that nobody needs, or ask for a higher quota (Service Quotas, Amazon EBS, snapshots per Region).',
  ResourceCountExceeded: 'Delete EBS snapshots that nobody needs, or ask for a higher quota (Service Quotas, Amazon EBS).',
  SnapshotQuotaExceeded:
    'Delete manual DB snapshots that nobody needs, or ask for a higher quota (Service Quotas, Amazon RDS, manual snapshots).',
};

/** Codes of errors that are an answer to a call that begins a backup. */
export const REFUSALS: readonly string[] = [...Object.keys(PASSING), ...Object.keys(FINAL)];

/** Seconds between two tries: as AWS advises between snapshots of one volume, https://repost.aws/knowledge-center/ebs-snapshot-stuck */
const BETWEEN_TRIES = 15;

/** The part has begun. */
export const begun = ({ since, title }: Beginning, backup: BackupPart): BackupStart => ({
  ...done(since, `The backup of ${title} began at ${backup.startedAt}: ${backup.snapshotIds.join(', ')}`),
  backup,
});

/**
 * What follows a refusal: another try a little later, within the limit.
 *
 * @throws BackupFailed when waiting cannot help, or the limit has passed
 */
export function refused(beginning: Beginning, { refused: code, message }: Refusal): BackupStart {
  const said = `${code}: ${message}`;
  const final = FINAL[code];
  if (final !== undefined) throw notBegun(beginning, said, final);
  return tryLater(beginning, said, PASSING[code] ?? 'Look at what AWS says.');
}

/**
 * Another try a little later. `reason`: why not now; `advice`: what helps if it stays so.
 *
 * @throws BackupFailed when the limit has passed
 */
export function tryLater(beginning: Beginning, reason: string, advice: string): BackupStart {
  const { title, spec, limits, now, since } = beginning;
  const elapsed = secondsBetween(since, now);
  if (elapsed >= spec.startLimit) throw notBegun(beginning, `${reason} (after ${elapsed} s, limit ${spec.startLimit} s)`, advice);
  const look = waitOn({ since, now, limits }, `The backup of ${title} cannot begin yet: ${reason}`);
  return { ...look, waitSeconds: Math.max(1, Math.min(Math.max(BETWEEN_TRIES, look.waitSeconds), spec.startLimit - elapsed)) };
}

/** The part cannot begin. */
export const notBegun = ({ title }: Pick<Beginning, 'title'>, reason: string, advice: string): TaskError =>
  new TaskError(
    'BackupFailed',
    `The backup of ${title} could not begin: ${reason}. ${advice} The cluster is unchanged; start the upgrade again then.`,
  );
