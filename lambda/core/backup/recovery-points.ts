/** Jobs and recovery points of AWS Backup, as the snapshots of a part. */
import type { KnownBackup } from '../../../lib/contract/events';
import type { BackupJob, RecoveryPoint } from '../../ports/aws-backup';
import { knownBackups } from './known';
import type { Snapshot } from './snapshot';
import type { Owner, Tags } from './tags';

/** What there is of a part's resources. */
export interface Inventory {
  /** Recovery points, and jobs whose recovery point tells by its tags whose it is. */
  readonly snapshots: readonly Snapshot[];
  /** Jobs that go on, whoever's. */
  readonly active: readonly BackupJob[];
  /** Of those, what may be ours: nothing tells yet. */
  readonly untold: readonly BackupJob[];
}

/** What was found. */
export interface Findings {
  readonly vaultName: string;
  readonly points: readonly RecoveryPoint[];
  readonly jobs: readonly BackupJob[];
  readonly tags: ReadonlyMap<string, Tags>;
}

/**
 * What a backup plan made is never ours, whatever its tags: AWS Backup copies the tags of a resource to its recovery points, and a
 * restored resource may carry those of the recovery point that it came from
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/tags-on-backups.html).
 */
export function inventoryOfVault({ vaultName, points, jobs, tags }: Findings): Inventory {
  const candidates = jobs.filter((job) => !job.ofPlan && job.vaultName === vaultName);
  const isTold = ({ recoveryPointArn }: BackupJob): boolean => Object.keys(tags.get(recoveryPointArn) ?? {}).length > 0;
  const told = candidates.filter(isTold);
  return {
    snapshots: [
      ...points
        .filter(({ ofPlan, arn }) => !ofPlan && !jobs.some(({ recoveryPointArn }) => recoveryPointArn === arn))
        .map((point) => ofPoint(point, tags.get(point.arn) ?? {})),
      ...told.map((job) => ofJob(job, tags.get(job.recoveryPointArn) ?? {})),
    ],
    active: jobs,
    untold: candidates.filter((job) => !isTold(job)),
  };
}

/** Bytes in a GiB. */
const GIB = 1024 ** 3;

const POINT_STATES: Readonly<Record<string, Snapshot['state']>> = {
  COMPLETED: 'complete',
  AVAILABLE: 'complete',
  CREATING: 'pending',
  DELETING: 'leaving',
};

/** States of a job that is over without a backup: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeBackupJob.html */
const LOST = ['ABORTED', 'FAILED', 'EXPIRED', 'PARTIAL'];

/** Whether the job has begun its work: before that it only waits. */
export const hasBegun = ({ state }: BackupJob): boolean => !['CREATED', 'PENDING'].includes(state);

/** Whether the job will never make a recovery point that is worth something. */
export const isLost = ({ state }: BackupJob): boolean => LOST.includes(state) || state === 'ABORTING';

/** A job in words. */
export const saidOf = ({ state, message }: BackupJob): string => (message === '' ? state : `${state}: ${message}`);

/** A recovery point as a snapshot: its id and its tags' target are its ARN. */
export const ofPoint = (point: RecoveryPoint, tags: Tags): Snapshot => ({
  id: point.arn,
  tagTarget: point.arn,
  source: point.resourceArn,
  state: POINT_STATES[point.state] ?? 'failed',
  said: point.state,
  percent: POINT_STATES[point.state] === 'complete' ? 100 : 0,
  startedAt: point.createdAt,
  encrypted: point.encrypted,
  sizeGiB: point.sizeBytes / GIB,
  tags,
});

/** A job as a snapshot that is on its way, or lost. */
export const ofJob = (job: BackupJob, tags: Tags): Snapshot => ({
  id: job.id,
  tagTarget: job.recoveryPointArn,
  source: job.resourceArn,
  state: LOST.includes(job.state) ? 'failed' : 'pending',
  said: saidOf(job),
  percent: job.percent,
  startedAt: job.createdAt,
  encrypted: false,
  sizeGiB: 0,
  tags,
});

/** Whether the id is that of a recovery point: jobs have no ARN. */
export const isRecoveryPoint = (id: string): boolean => id.startsWith('arn:');

/** Backups of this part. While a job has not told whose it is, a backup that lacks just its resource may still become complete. */
export function knownInVault({ snapshots, untold }: Inventory, owner: Owner, resourceArns: readonly string[]): readonly KnownBackup[] {
  const open = untold.map(({ resourceArn }) => resourceArn);
  const surely = knownBackups(snapshots, owner, resourceArns);
  if (open.length === 0) return surely;
  const hopefully = knownBackups(
    snapshots,
    owner,
    resourceArns.filter((arn) => !open.includes(arn)),
  );
  return surely.map((known, index) =>
    known.state === 'failed' && hopefully[index]?.state !== 'failed' ? { ...known, state: 'pending' } : known,
  );
}
