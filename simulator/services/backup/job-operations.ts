import type {
  DescribeBackupJobInput,
  DescribeBackupJobOutput,
  ListBackupJobsInput,
  ListBackupJobsOutput,
  StartBackupJobInput,
  StartBackupJobOutput,
  StopBackupJobInput,
} from '@aws-sdk/client-backup';
import type { AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, refuseUnmodelled } from '../account/operation';
import { BackupAuthorizations } from './authorizations';
import type { Backup } from './backup';
import type { BackupJob } from './jobs';

const EIGHT_HOURS = 8 * 60;
const COLD_STORAGE_DAYS = 90;
/** "Returns a list of existing backup jobs [...] for the last 30 days": https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html */
const LISTED = 30 * 24 * 60 * 60 * 1000;

/** Backup jobs: start, describe, list, stop. */
export function jobOperations(backup: Backup): AwsService['operations'] {
  const { jobs, vaults, describe } = backup;
  const authorized = new BackupAuthorizations(backup);
  return {
    StartBackupJob: operation<StartBackupJobInput, StartBackupJobOutput>({
      mutates: true,
      authorize: (input) => [
        authorized.vault('StartBackupJob', input.BackupVaultName),
        authorized.passRole(input.IamRoleArn),
        ...authorized.tagsToCome(backup.findSource(input.ResourceArn)?.pointArns ?? '*', input.RecoveryPointTags ?? {}),
      ],
      call: (input) => {
        refuseUnmodelled('StartBackupJob', input, MODELLED.start);
        checkStart(input);
        const vault = vaults.reach(input.BackupVaultName, 'backup:StartBackupJob');
        const job = jobs.start(backup.source(input.ResourceArn ?? ''), {
          vault,
          iamRoleArn: input.IamRoleArn ?? '',
          idempotencyToken: input.IdempotencyToken,
          startWindowMinutes: input.StartWindowMinutes ?? EIGHT_HOURS,
          completeWindowMinutes: input.CompleteWindowMinutes,
          lifecycle: input.Lifecycle,
          tags: input.RecoveryPointTags ?? {},
        });
        // "only returned for Amazon EFS and Advanced DynamoDB resources"
        const early = job.source.type === 'EFS' ? { RecoveryPointArn: backup.account.arn('backup', `recovery-point:${job.id}`) } : {};
        return { BackupJobId: job.id, ...early, CreationDate: new Date(job.createdAt), IsParent: false };
      },
    }),
    DescribeBackupJob: operation<DescribeBackupJobInput, DescribeBackupJobOutput>({
      mutates: false,
      authorize: () => [authorized.anywhere('DescribeBackupJob')],
      call: (input) => describe.job(jobs.get(input.BackupJobId)),
    }),
    ListBackupJobs: operation<ListBackupJobsInput, ListBackupJobsOutput>({
      mutates: false,
      authorize: () => [authorized.anywhere('ListBackupJobs')],
      call: (input) => {
        refuseUnmodelled('ListBackupJobs', input, MODELLED.list);
        const now = backup.account.clock.now();
        const found = jobs.all().filter((job) => now - job.createdAt < LISTED && isAskedFor(job, input));
        const { items, next } = page([...found].reverse(), input.MaxResults ?? 1000, input.NextToken);
        return { BackupJobs: items.map((job) => describe.job(job)), NextToken: next };
      },
    }),
    StopBackupJob: operation<StopBackupJobInput, object>({
      mutates: true,
      authorize: () => [authorized.anywhere('StopBackupJob')],
      call: (input) => {
        jobs.stop(input.BackupJobId);
        return {};
      },
    }),
  };
}

const MODELLED = {
  start: [
    ...['BackupVaultName', 'ResourceArn', 'IamRoleArn', 'IdempotencyToken', 'RecoveryPointTags', 'Lifecycle'],
    ...['StartWindowMinutes', 'CompleteWindowMinutes'],
  ],
  list: [
    ...['NextToken', 'MaxResults', 'ByResourceArn', 'ByState', 'ByBackupVaultName', 'ByResourceType', 'ByAccountId'],
    ...['ByCreatedBefore', 'ByCreatedAfter'],
  ],
};

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
function checkStart({ StartWindowMinutes, CompleteWindowMinutes, Lifecycle, IamRoleArn = '' }: StartBackupJobInput): void {
  const invalid = (why: string) => new AwsError('InvalidParameterValueException', why);
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(IamRoleArn)) throw invalid(`Invalid IAM role ARN: ${IamRoleArn}.`);
  if (StartWindowMinutes !== undefined && StartWindowMinutes < 60) throw invalid('The start window must be at least 60 minutes.');
  if (CompleteWindowMinutes !== undefined && CompleteWindowMinutes < (StartWindowMinutes ?? EIGHT_HOURS) + 60)
    throw invalid('The completion window must be at least 60 minutes longer than the start window.');
  const { MoveToColdStorageAfterDays: cold, DeleteAfterDays: end } = Lifecycle ?? {};
  if (cold !== undefined && cold > 0 && end !== undefined && end > 0 && end < cold + COLD_STORAGE_DAYS)
    throw invalid(`DeleteAfterDays must be at least ${COLD_STORAGE_DAYS} days after MoveToColdStorageAfterDays.`);
}

function isAskedFor(job: BackupJob, input: ListBackupJobsInput): boolean {
  const { source, request } = job;
  const equal = (asked: string | undefined, value: string): boolean => asked === undefined || asked === value;
  return (
    equal(input.ByResourceArn, source.arn) &&
    equal(input.ByState, job.state) &&
    equal(input.ByBackupVaultName, request.vault.name) &&
    equal(input.ByResourceType, source.type) &&
    (input.ByCreatedBefore === undefined || job.createdAt < input.ByCreatedBefore.getTime()) &&
    (input.ByCreatedAfter === undefined || job.createdAt > input.ByCreatedAfter.getTime())
  );
}
