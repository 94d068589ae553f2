import type {
  BackupJob as SdkBackupJob,
  DescribeBackupJobOutput,
  DescribeBackupVaultOutput,
  DescribeRecoveryPointOutput,
  RecoveryPointByBackupVault,
  RecoveryPointByResource,
} from '@aws-sdk/client-backup';
import type { Account } from '../account/account';
import type { BackupJob, BackupJobs } from './jobs';
import type { RecoveryPoint, RecoveryPoints } from './recovery-points';
import type { Vault, Vaults } from './vaults';

/** How AWS Backup tells of its jobs, recovery points and vaults. */
export class Describe {
  constructor(
    private readonly account: Account,
    private readonly vaults: Vaults,
    private readonly jobs: BackupJobs,
    private readonly points: RecoveryPoints,
  ) {}

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupJob.html */
  job(job: BackupJob): SdkBackupJob & DescribeBackupJobOutput {
    const { source, request, point } = job;
    return {
      AccountId: this.account.id,
      BackupJobId: job.id,
      BackupVaultName: request.vault.name,
      BackupVaultArn: this.vaults.arn(request.vault.name),
      ResourceArn: source.arn,
      ResourceType: source.type,
      ResourceName: source.tags['Name'] ?? source.id,
      IamRoleArn: request.iamRoleArn,
      CreationDate: new Date(job.createdAt),
      StartBy: new Date(job.startBy),
      State: job.state,
      StatusMessage: job.message,
      PercentDone: this.jobs.percent(job).toFixed(1),
      IsParent: false,
      ...(point && { RecoveryPointArn: point.arn, BackupSizeInBytes: job.state === 'COMPLETED' ? point.sizeBytes : 0 }),
      ...(job.startedAt !== undefined && { InitiationDate: new Date(job.startedAt) }),
      ...(job.expectedAt !== undefined && { ExpectedCompletionDate: new Date(job.expectedAt) }),
      ...(job.endedAt !== undefined && { CompletionDate: new Date(job.endedAt) }),
    };
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRecoveryPoint.html */
  point(point: RecoveryPoint): DescribeRecoveryPointOutput & RecoveryPointByBackupVault {
    return {
      RecoveryPointArn: point.arn,
      BackupVaultName: point.vault.name,
      BackupVaultArn: this.vaults.arn(point.vault.name),
      ResourceArn: point.source.arn,
      ResourceType: point.source.type,
      ResourceName: point.source.tags['Name'] ?? point.source.id,
      IamRoleArn: point.iamRoleArn,
      Status: point.status,
      CreationDate: new Date(point.startedAt),
      ...(point.completedAt !== undefined && { CompletionDate: new Date(point.completedAt) }),
      BackupSizeInBytes: point.status === 'CREATING' ? 0 : point.sizeBytes,
      Lifecycle: point.lifecycle,
      CalculatedLifecycle: calculated(point),
      IsEncrypted: point.encrypted,
      EncryptionKeyArn: point.keyArn,
      IsParent: false,
    };
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RecoveryPointByResource.html */
  pointOfResource(point: RecoveryPoint): RecoveryPointByResource {
    return {
      RecoveryPointArn: point.arn,
      BackupVaultName: point.vault.name,
      Status: point.status,
      CreationDate: new Date(point.startedAt),
      BackupSizeBytes: point.status === 'CREATING' ? 0 : point.sizeBytes,
      EncryptionKeyArn: point.keyArn,
      IsParent: false,
      ResourceName: point.source.tags['Name'] ?? point.source.id,
    };
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeBackupVault.html */
  vault(vault: Vault): DescribeBackupVaultOutput {
    return {
      BackupVaultName: vault.name,
      BackupVaultArn: this.vaults.arn(vault.name),
      VaultType: 'BACKUP_VAULT',
      VaultState: 'AVAILABLE',
      EncryptionKeyArn: vault.kmsKeyId,
      CreationDate: new Date(vault.createdAt),
      NumberOfRecoveryPoints: this.points.all().filter((point) => point.vault === vault).length,
      Locked: vault.locked,
    };
  }
}

const DAY = 24 * 60 * 60 * 1000;

function calculated({ lifecycle, startedAt }: RecoveryPoint): DescribeRecoveryPointOutput['CalculatedLifecycle'] {
  if (lifecycle === undefined) return undefined;
  const after = (days: number | undefined): Date | undefined => (days === undefined ? undefined : new Date(startedAt + days * DAY));
  return { MoveToColdStorageAt: after(lifecycle.MoveToColdStorageAfterDays), DeleteAt: after(lifecycle.DeleteAfterDays) };
}
