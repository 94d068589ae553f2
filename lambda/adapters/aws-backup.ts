import type { BackupJob as SdkJob, RecoveryPointByBackupVault } from '@aws-sdk/client-backup';
import {
  BackupClient,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeBackupVaultCommand,
  DescribeRecoveryPointCommand,
  GetRecoveryPointRestoreMetadataCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  StartBackupJobCommand,
  StopBackupJobCommand,
} from '@aws-sdk/client-backup';
import type { AwsBackup, BackupJob, RecoveryPoint } from '../ports/aws-backup';
import { aws, awsUnless, codeOf, translate } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';
import { allPages } from './pages';

let client: BackupClient | undefined;

/** The client of AWS Backup, made when it is first needed. */
export const backupClient = (): BackupClient => (client ??= new BackupClient(CLIENT_SETTINGS));

/** States of a job that goes on: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupJob.html */
const ACTIVE = ['CREATED', 'PENDING', 'RUNNING', 'ABORTING'] as const;

/** Minutes that AWS Backup may wait before it begins; it takes no fewer. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
const START_WITHIN = 60;

/** AWS Backup answers this where there is nothing, too. */
const NONE = ['ResourceNotFoundException'];

/** AWS Backup: https://docs.aws.amazon.com/aws-backup/latest/devguide/api-reference.html */
export const awsBackup = (): AwsBackup => ({
  vault: async (BackupVaultName) => {
    const answer = await awsUnless(`DescribeBackupVault ${BackupVaultName}`, NONE, () =>
      backupClient().send(new DescribeBackupVaultCommand({ BackupVaultName })),
    );
    return answer ? 'found' : 'missing';
  },
  recoveryPoints: (BackupVaultName, ByResourceArn) =>
    allPages(async (NextToken) => {
      const answer = await awsUnless(`ListRecoveryPointsByBackupVault ${BackupVaultName}`, NONE, () =>
        backupClient().send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName, ByResourceArn, NextToken })),
      );
      return { items: answer?.RecoveryPoints?.map(toPoint), next: answer?.NextToken };
    }),
  recoveryPoint: async (BackupVaultName, RecoveryPointArn) => {
    const answer = await awsUnless(`DescribeRecoveryPoint ${RecoveryPointArn}`, NONE, () =>
      backupClient().send(new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn })),
    );
    return answer && toPoint({ RecoveryPointArn, ...answer });
  },
  activeJobs: async (ByResourceArn) => {
    const jobs = await Promise.all(
      ACTIVE.map((ByState) =>
        allPages(async (NextToken) => {
          const answer = await aws(`ListBackupJobs of ${ByResourceArn}`, () =>
            backupClient().send(new ListBackupJobsCommand({ ByResourceArn, ByState, NextToken })),
          );
          return { items: answer.BackupJobs?.map(toJob), next: answer.NextToken };
        }),
      ),
    );
    // A job may change its state between two of the lists.
    return [...new Map(jobs.flat().map((job) => [job.id, job])).values()];
  },
  job: async (BackupJobId) => {
    const answer = await awsUnless(`DescribeBackupJob ${BackupJobId}`, NONE, () =>
      backupClient().send(new DescribeBackupJobCommand({ BackupJobId })),
    );
    return answer && toJob({ ...answer, BackupJobId });
  },
  start: async ({ vaultName, roleArn, resourceArn, token, tags, deleteAfterDays, coldStorageAfterDays, completeWithin }) => {
    const { BackupJobId = '' } = await aws(`StartBackupJob of ${resourceArn} into ${vaultName}`, () =>
      backupClient().send(
        new StartBackupJobCommand({
          BackupVaultName: vaultName,
          IamRoleArn: roleArn,
          ResourceArn: resourceArn,
          IdempotencyToken: token,
          RecoveryPointTags: { ...tags },
          StartWindowMinutes: START_WITHIN,
          CompleteWindowMinutes: START_WITHIN + Math.max(START_WITHIN, completeWithin),
          ...((deleteAfterDays > 0 || coldStorageAfterDays > 0) && {
            Lifecycle: {
              ...(deleteAfterDays > 0 && { DeleteAfterDays: deleteAfterDays }),
              ...(coldStorageAfterDays > 0 && { MoveToColdStorageAfterDays: coldStorageAfterDays }),
            },
          }),
        }),
      ),
    );
    return BackupJobId;
  },
  stop: async (BackupJobId) => {
    // Refused for RDS and Aurora, and for a job that has ended: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StopBackupJob.html
    await awsUnless(`StopBackupJob ${BackupJobId}`, [...NONE, 'InvalidRequestException', 'InvalidParameterValueException'], () =>
      backupClient().send(new StopBackupJobCommand({ BackupJobId })),
    );
  },
  discard: async (BackupVaultName, RecoveryPointArn) => {
    try {
      await backupClient().send(new DeleteRecoveryPointCommand({ BackupVaultName, RecoveryPointArn }));
      return 'gone';
    } catch (error) {
      if (NONE.includes(codeOf(error))) return 'gone';
      // Something else is done with it at this moment: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteRecoveryPoint.html
      if (codeOf(error) === 'InvalidResourceStateException') return 'later';
      throw translate(error, `DeleteRecoveryPoint ${RecoveryPointArn}`);
    }
  },
  restoreMetadata: async (BackupVaultName, RecoveryPointArn) => {
    const { RestoreMetadata = {} } = await aws(`GetRecoveryPointRestoreMetadata ${RecoveryPointArn}`, () =>
      backupClient().send(new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName, RecoveryPointArn })),
    );
    return RestoreMetadata;
  },
});

const toJob = (job: SdkJob): BackupJob => ({
  id: job.BackupJobId ?? '',
  resourceArn: job.ResourceArn ?? '',
  vaultName: job.BackupVaultName ?? '',
  state: job.State ?? 'CREATED',
  message: job.StatusMessage ?? '',
  percent: Math.floor(Number(job.PercentDone ?? 0)) || 0,
  createdAt: job.CreationDate?.toISOString() ?? '',
  completedAt: job.CompletionDate?.toISOString() ?? '',
  recoveryPointArn: job.RecoveryPointArn ?? '',
  ofPlan: job.CreatedBy?.BackupPlanId !== undefined,
});

const toPoint = (point: RecoveryPointByBackupVault): RecoveryPoint => ({
  arn: point.RecoveryPointArn ?? '',
  resourceArn: point.ResourceArn ?? '',
  state: point.Status ?? 'CREATING',
  createdAt: point.CreationDate?.toISOString() ?? '',
  encrypted: point.IsEncrypted ?? false,
  sizeBytes: point.BackupSizeInBytes ?? 0,
  ofPlan: point.CreatedBy?.BackupPlanId !== undefined,
});
