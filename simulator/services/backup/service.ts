import type { AwsService } from '../../kernel/ports';
import type { Backup } from './backup';
import { jobOperations } from './job-operations';
import { pointOperations } from './point-operations';

/** The API of AWS Backup, as far as on-demand backups need it. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html */
export const backupService = (backup: Backup): AwsService => ({
  client: 'client-backup',
  operations: { ...jobOperations(backup), ...pointOperations(backup) },
});
