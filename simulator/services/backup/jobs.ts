import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { uuid } from '../account/account';
import { draw } from '../account/timing';
import type { Lifecycle, RecoveryPoint, RecoveryPoints } from './recovery-points';
import type { Source } from './source';
import type { Vault } from './vaults';

/** An on-demand backup job. */
export interface BackupJob {
  readonly id: string;
  readonly source: Source;
  readonly request: JobRequest;
  readonly createdAt: number;
  /** Until when it must have started. */
  readonly startBy: number;
  /** When it will be complete; known once it runs. */
  expectedAt?: number;
  startedAt?: number;
  endedAt?: number;
  /** Once it runs. */
  point?: RecoveryPoint;
  message?: string;
  state: 'CREATED' | 'RUNNING' | 'ABORTED' | 'COMPLETED' | 'FAILED' | 'EXPIRED' | 'PARTIAL';
}

/** What a job is started with. */
export interface JobRequest {
  readonly vault: Vault;
  readonly iamRoleArn: string;
  readonly idempotencyToken: string | undefined;
  readonly startWindowMinutes: number;
  readonly completeWindowMinutes: number | undefined;
  readonly lifecycle: Lifecycle | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

const MINUTE = 60_000;
/** "Backup will automatically retry to begin the job at least every 10 minutes": https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
const RETRY = 10 * MINUTE;

/**
 * AWS Backup's jobs: `CREATED` until the job begins, within the start window, or `EXPIRED` at its end; `RUNNING` with a percentage; then
 * `COMPLETED`, `FAILED`, `PARTIAL` or, when somebody stopped it, `ABORTED`.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup.html
 */
export class BackupJobs {
  private readonly jobs = new Map<string, BackupJob>();

  constructor(
    private readonly account: Account,
    private readonly points: RecoveryPoints,
  ) {}

  all(): readonly BackupJob[] {
    return [...this.jobs.values()];
  }

  get(id: string | undefined): BackupJob {
    const job = this.jobs.get(id ?? '');
    if (job === undefined) throw new AwsError('ResourceNotFoundException', `Cannot find backup job ${id ?? ''}.`);
    return job;
  }

  /** Starts a job; the same token for the same resource gives the job that there is. */
  start(source: Source, request: JobRequest): BackupJob {
    const { idempotencyToken } = request;
    const same = this.all().find(
      (job) => idempotencyToken !== undefined && job.request.idempotencyToken === idempotencyToken && job.source.arn === source.arn,
    );
    if (same !== undefined) return same;
    const { clock, random, timing } = this.account;
    const now = clock.now();
    const job: BackupJob = {
      id: uuid(random).toUpperCase(),
      ...{ source, request },
      createdAt: now,
      startBy: now + request.startWindowMinutes * MINUTE,
      state: 'CREATED',
    };
    this.jobs.set(job.id, job);
    this.record(job);
    clock.after(draw(random, timing.backupJobStarts), () => {
      this.tryToRun(job);
    });
    return job;
  }

  /**
   * Errors: the kind of resource does not take it; the job has ended. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StopBackupJob.html
   */
  stop(id: string | undefined): void {
    const job = this.get(id);
    const { type } = job.source;
    if (type === 'RDS' || type === 'Aurora')
      throw new AwsError('InvalidRequestException', `Stopping a backup job is not supported for ${type}.`);
    if (job.endedAt !== undefined)
      throw new AwsError('InvalidRequestException', `Backup job ${job.id} is ${job.state}: it cannot be stopped.`);
    this.end(job, 'ABORTED', 'Backup job was stopped by user.');
  }

  /** How much of it is done, in percent. */
  percent({ state, startedAt, expectedAt }: BackupJob): number {
    if (state === 'COMPLETED') return 100;
    if (startedAt === undefined || expectedAt === undefined) return 0;
    return Math.min(99, Math.floor(((this.account.clock.now() - startedAt) / (expectedAt - startedAt)) * 100));
  }

  private tryToRun(job: BackupJob): void {
    if (job.state !== 'CREATED') return;
    const { clock, hooks } = this.account;
    const blocked = hooks.backupJob?.(job.source.id) === 'never-starts' || !job.source.ready();
    if (!blocked) {
      this.run(job);
    } else if (clock.now() >= job.startBy) {
      this.end(job, 'EXPIRED', 'Backup job expired before it could be started.');
    } else {
      clock.at(Math.min(clock.now() + RETRY, job.startBy), () => {
        this.tryToRun(job);
      });
    }
  }

  private run(job: BackupJob): void {
    const { clock, random, timing, hooks } = this.account;
    const { source, request } = job;
    const startedAt = clock.now();
    const endsAt = startedAt + draw(random, timing.backupJob) + source.sizeGiB * draw(random, timing.backupJobPerGiB);
    const { vault, iamRoleArn, tags, lifecycle } = request;
    job.startedAt = startedAt;
    job.expectedAt = endsAt;
    job.state = 'RUNNING';
    job.point = this.points.begin({ jobId: job.id, vault, source, iamRoleArn, tags, lifecycle, startedAt, endsAt });
    this.record(job);
    clock.at(endsAt, () => {
      if (hooks.snapshotEnds?.(source.id) === 'error') this.end(job, 'FAILED', 'An internal error occurred.');
      else this.end(job, hooks.backupJob?.(source.id) === 'partial' ? 'PARTIAL' : 'COMPLETED');
    });
    // "a successfully started backup must complete, or else Backup will cancel the job", counted from when it was asked for
    if (request.completeWindowMinutes !== undefined)
      clock.at(job.createdAt + request.completeWindowMinutes * MINUTE, () => {
        this.end(job, 'ABORTED', 'Backup job did not complete within its completion window.');
      });
  }

  private end(job: BackupJob, state: 'ABORTED' | 'COMPLETED' | 'FAILED' | 'EXPIRED' | 'PARTIAL', message?: string): void {
    if (job.endedAt !== undefined) return;
    job.state = state;
    job.endedAt = this.account.clock.now();
    if (message !== undefined) job.message = message;
    if (job.point !== undefined) {
      if (state === 'COMPLETED' || state === 'PARTIAL') this.points.complete(job.point, state);
      else this.points.abandon(job.point);
    }
    this.record(job);
  }

  private record({ id, source, state }: BackupJob): void {
    this.account.journal.record({ kind: 'backup-job', id, of: source.id, change: state.toLowerCase() });
  }
}
