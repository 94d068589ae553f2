import type { AwsBackupPart } from '../../lib/contract/environment';
import type { Inventory } from '../core/backup/recovery-points';
import { inventoryOfVault } from '../core/backup/recovery-points';
import type { AwsBackup, RecoveryPointTags } from '../ports/aws-backup';

/** What the tasks of AWS Backup need. */
export interface VaultPorts {
  readonly backup: AwsBackup;
  readonly tags: RecoveryPointTags;
}

/** Looks up what there is of a part's resources: recovery points in its vault, and jobs that go on. */
export async function lookIntoVault({ vaultName, resourceArns }: AwsBackupPart, { backup, tags }: VaultPorts): Promise<Inventory> {
  const [points, jobs] = await Promise.all([
    Promise.all(resourceArns.map((arn) => backup.recoveryPoints(vaultName, arn))),
    Promise.all(resourceArns.map((arn) => backup.activeJobs(arn))),
  ]);
  const arns = [
    ...points
      .flat()
      .filter(({ ofPlan }) => !ofPlan)
      .map(({ arn }) => arn),
    ...jobs
      .flat()
      .filter(({ ofPlan }) => !ofPlan)
      .map(({ recoveryPointArn }) => recoveryPointArn),
  ].filter((arn) => arn !== '');
  return inventoryOfVault({ vaultName, points: points.flat(), jobs: jobs.flat(), tags: await tags.read([...new Set(arns)]) });
}
