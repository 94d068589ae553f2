import type { Tags } from '../core/backup/tags';

/** A job that makes one recovery point of one resource. */
export interface BackupJob {
  readonly id: string;
  readonly resourceArn: string;
  readonly vaultName: string;
  /** `CREATED`, `PENDING`, `RUNNING`, `ABORTING`, `ABORTED`, `COMPLETED`, `FAILED`, `EXPIRED`, `PARTIAL`. */
  readonly state: string;
  /** Why it is in that state; may be empty. */
  readonly message: string;
  readonly percent: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; empty while it goes on. */
  readonly completedAt: string;
  /** Empty until AWS Backup tells it. */
  readonly recoveryPointArn: string;
  /** Whether a backup plan started it. */
  readonly ofPlan: boolean;
}

/** What a job makes. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly resourceArn: string;
  /** `CREATING`, `COMPLETED`, `AVAILABLE`, `PARTIAL`, `STOPPED`, `EXPIRED`, `DELETING`. */
  readonly state: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly encrypted: boolean;
  /** 0 where AWS Backup tells none: RDS, Aurora. */
  readonly sizeBytes: number;
  readonly ofPlan: boolean;
}

/** What is asked for. */
export interface BackupRequest {
  readonly vaultName: string;
  readonly roleArn: string;
  readonly resourceArn: string;
  /** The same token gets the same job. */
  readonly token: string;
  readonly tags: Tags;
  /** 0 for never. */
  readonly deleteAfterDays: number;
  /** 0 for never. */
  readonly coldStorageAfterDays: number;
  /** Minutes after which AWS Backup gives up. */
  readonly completeWithin: number;
}

/** AWS Backup. */
export interface AwsBackup {
  /** `missing` also where AWS Backup does not say whether there is none or it may not be seen. */
  vault(vaultName: string): Promise<'found' | 'missing'>;
  recoveryPoints(vaultName: string, resourceArn: string): Promise<readonly RecoveryPoint[]>;
  /** Undefined when there is none. */
  recoveryPoint(vaultName: string, arn: string): Promise<RecoveryPoint | undefined>;
  /** Jobs of the resource that go on, into whichever vault. */
  activeJobs(resourceArn: string): Promise<readonly BackupJob[]>;
  /** Undefined when there is none. */
  job(id: string): Promise<BackupJob | undefined>;
  /** Returns the id of the job. */
  start(request: BackupRequest): Promise<string>;
  /** Asks a job to end; nothing happens where AWS Backup cannot, or it has ended. */
  stop(jobId: string): Promise<void>;
  /** `later`: something else is done with it at this moment. */
  discard(vaultName: string, arn: string): Promise<'gone' | 'later'>;
  restoreMetadata(vaultName: string, arn: string): Promise<Readonly<Record<string, string>>>;
}

/** Tags of recovery points, wherever those live. */
export interface RecoveryPointTags {
  /** By ARN; without what has none. */
  read(arns: readonly string[]): Promise<ReadonlyMap<string, Tags>>;
  write(arn: string, tags: Tags): Promise<void>;
}
