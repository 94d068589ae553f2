import type { AwsBackupPart, Limits } from '../../lib/contract/environment';
import type { Look, TidyInput } from '../../lib/contract/events';
import { BACKUP_TAGS } from '../../lib/contract/tags';
import { awsBackup } from '../adapters/aws-backup';
import { readEnvironment } from '../adapters/environment';
import { recoveryPointTags } from '../adapters/recovery-point-tags';
import { isRecoveryPoint, ofJob } from '../core/backup/recovery-points';
import type { Snapshot } from '../core/backup/snapshot';
import type { Discarded } from '../core/backup/tidy';
import { lookAtTidy, toDiscard, toMark } from '../core/backup/tidy';
import { task } from '../shared/task';
import type { VaultPorts } from '../shared/vault';
import { lookIntoVault } from '../shared/vault';

/** Marks recovery points, ends jobs and deletes recovery points: exactly what carries the tags. */
export async function tidyAwsBackup(input: TidyInput, limits: Limits, now: Date, ports: VaultPorts): Promise<Look> {
  const specification = input.part.specification as AwsBackupPart;
  const { snapshots, untold } = await lookIntoVault(specification, ports);
  const marked = toMark(input, snapshots).filter(({ tagTarget }) => tagTarget !== '');
  for (const { tagTarget } of marked) await ports.tags.write(tagTarget, { [BACKUP_TAGS.finished]: 'yes' });
  const discarded: { readonly snapshot: Snapshot; readonly outcome: Discarded }[] = [];
  for (const snapshot of toDiscard(input, snapshots)) discarded.push({ snapshot, outcome: await discard(snapshot, specification, ports) });
  // What a job that has not told yet makes may be what is to go: it is awaited until it tells.
  if (input.discard.length > 0) for (const job of untold) discarded.push({ snapshot: ofJob(job, {}), outcome: 'later' });
  return lookAtTidy(input, { marked, discarded }, { now, limits });
}

/** A job is asked to end; where AWS Backup cannot end it (RDS, Aurora) it is awaited, and its recovery point goes then. */
async function discard({ id, state }: Snapshot, { vaultName }: AwsBackupPart, { backup }: VaultPorts): Promise<Discarded> {
  if (isRecoveryPoint(id)) return state === 'pending' ? 'later' : backup.discard(vaultName, id);
  await backup.stop(id);
  return 'later';
}

export const handler = task('tidy-aws-backup', (input: TidyInput) => {
  const limits = readEnvironment((read) => read.limits());
  return tidyAwsBackup(input, limits, new Date(), { backup: awsBackup(), tags: recoveryPointTags() });
});
