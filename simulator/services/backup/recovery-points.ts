import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { draw } from '../account/timing';
import type { Deletion, Made, Source } from './source';
import type { Vault } from './vaults';

/** When a recovery point goes to cold storage, and when it is deleted; in days. */
export interface Lifecycle {
  readonly MoveToColdStorageAfterDays?: number;
  readonly DeleteAfterDays?: number;
}

/** A backup in a vault. */
export interface RecoveryPoint {
  readonly arn: string;
  readonly vault: Vault;
  readonly source: Source;
  readonly iamRoleArn: string;
  /** Those of the snapshot or image in its own service are the same ones. */
  readonly tags: Record<string, string>;
  readonly lifecycle: Lifecycle | undefined;
  readonly encrypted: boolean;
  readonly keyArn: string | undefined;
  readonly sizeBytes: number;
  readonly restoreMetadata: Readonly<Record<string, string>>;
  readonly resourceArn: string;
  readonly startedAt: number;
  /** When it is complete, as far as is known. */
  readonly endsAt: number;
  completedAt?: number;
  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRecoveryPoint.html */
  status: 'CREATING' | 'COMPLETED' | 'PARTIAL' | 'DELETING';
}

/** What a recovery point is begun with. */
export interface PointRequest {
  readonly jobId: string;
  readonly vault: Vault;
  readonly source: Source;
  readonly iamRoleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle | undefined;
  readonly startedAt: number;
  readonly endsAt: number;
}

/** Fully managed resources have their tags in AWS Backup: https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html */
export const fullyManaged = (arn: string): boolean => arn.startsWith('arn:aws:backup:');

const GIB = 2 ** 30;

/** The recovery points of the account. https://docs.aws.amazon.com/aws-backup/latest/devguide/recovery-points.html */
export class RecoveryPoints {
  private readonly points = new Map<string, { readonly point: RecoveryPoint; readonly made: Made }>();

  constructor(private readonly account: Account) {}

  all(): readonly RecoveryPoint[] {
    return [...this.points.values()].map(({ point }) => point);
  }

  /** What has to be deleted in other services with it. */
  deletionsOf(arn: string | undefined): readonly Deletion[] {
    return this.points.get(arn ?? '')?.made.deletions ?? [];
  }

  find(arn: string | undefined): RecoveryPoint | undefined {
    return this.points.get(arn ?? '')?.point;
  }

  /** The recovery point of that vault. Errors: as AWS Backup answers when there is none. */
  get(vault: Vault, arn: string | undefined): RecoveryPoint {
    const point = this.find(arn);
    if (point?.vault !== vault) throw new AwsError('ResourceNotFoundException', `Cannot find recovery point ${arn ?? ''}.`);
    return point;
  }

  /** Begins one, in its own service too; `completed` journals it as long complete, without a word. */
  begin(request: PointRequest, journalled = true): RecoveryPoint {
    const { jobId, vault, source, iamRoleArn, lifecycle, startedAt } = request;
    // "copies tags from the resources that it protects": https://docs.aws.amazon.com/aws-backup/latest/devguide/recovery-points.html
    const tags = { ...source.tags, ...request.tags };
    const made = source.begin({ jobId, tags, endsAt: request.endsAt });
    const point: RecoveryPoint = {
      arn: made.recoveryPointArn,
      ...{ vault, source, iamRoleArn, tags, lifecycle },
      encrypted: made.encrypted,
      keyArn: fullyManaged(made.recoveryPointArn) ? vault.kmsKeyId : made.kmsKeyId,
      sizeBytes: source.sizeGiB * GIB,
      restoreMetadata: { 'aws:backup:request-id': jobId, ...source.restoreMetadata },
      ...{ resourceArn: source.arn, startedAt, endsAt: request.endsAt },
      status: 'CREATING',
    };
    this.points.set(point.arn, { point, made });
    if (journalled) this.record(point, 'creating');
    return point;
  }

  complete(point: RecoveryPoint, status: 'COMPLETED' | 'PARTIAL', journalled = true): void {
    this.points.get(point.arn)?.made.finish(true);
    point.status = status;
    point.completedAt = this.account.clock.now();
    if (journalled) this.record(point, status === 'COMPLETED' ? 'completed' : 'failed');
  }

  /** Its job failed, or was stopped: nothing of it stays. */
  abandon(point: RecoveryPoint): void {
    this.vanish(point);
    this.record(point, 'failed');
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html */
  delete(point: RecoveryPoint): void {
    if (point.vault.locked) throw new AwsError('InvalidRequestException', `Backup vault ${point.vault.name} is locked.`);
    if (point.status === 'CREATING' || point.status === 'DELETING')
      throw new AwsError(
        'InvalidResourceStateException',
        'AWS Backup is already performing an action on this recovery point. It cannot perform the action you requested until the first action finishes. Try again later.',
      );
    point.status = 'DELETING';
    const { clock, random, timing } = this.account;
    clock.after(draw(random, timing.recoveryPointDeletes), () => {
      this.vanish(point);
      this.record(point, 'deleted');
    });
  }

  private vanish(point: RecoveryPoint): void {
    this.points.get(point.arn)?.made.remove();
    this.points.delete(point.arn);
  }

  private record({ arn, source, tags }: RecoveryPoint, change: string): void {
    this.account.journal.record({ kind: 'snapshot', service: 'backup', id: arn, of: source.id, change, tags: { ...tags } });
  }
}
