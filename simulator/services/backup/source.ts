/** An action of another service on a resource with these tags. */
export interface Deletion {
  readonly action: string;
  readonly resource: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A kind of resource, as AWS Backup calls it. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
export type ResourceType = 'RDS' | 'Aurora' | 'EBS' | 'EC2' | 'EFS';

/** A resource that AWS Backup can back up. */
export interface Source {
  readonly type: ResourceType;
  readonly arn: string;
  /** Its own id: of the DB instance or cluster, the volume, the instance, the file system. */
  readonly id: string;
  readonly sizeGiB: number;
  readonly tags: Readonly<Record<string, string>>;
  /** What the service records for a restore: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetRecoveryPointRestoreMetadata.html */
  readonly restoreMetadata: Readonly<Record<string, string>>;
  /** ARN that every recovery point of it fits. */
  readonly pointArns: string;
  /** Whether its own service would begin a snapshot now. */
  ready(): boolean;
  /** Begins the backup in its own service. */
  begin(request: BeginRequest): Made;
}

/** What a backup is begun with. */
export interface BeginRequest {
  readonly jobId: string;
  /** The recovery point's: those of the backup in its own service are the same ones. */
  readonly tags: Record<string, string>;
  /** Virtual milliseconds. */
  readonly endsAt: number;
}

/** A backup in its own service: the snapshot or the image that is the recovery point. */
export interface Made {
  readonly recoveryPointArn: string;
  readonly encrypted: boolean;
  /** Undefined when the vault's own key is used, or none. */
  readonly kmsKeyId: string | undefined;
  /** What deleting it needs in its own service. */
  readonly deletions: readonly Deletion[];
  finish(ok: boolean): void;
  /** It is gone, or never was. */
  remove(): void;
}
