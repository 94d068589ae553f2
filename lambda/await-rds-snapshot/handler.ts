import type { Limits, RdsPart } from '../../lib/contract/environment';
import type { BackupLook, BackupPart, PartRef, Plan } from '../../lib/contract/events';
import { databaseSnapshots } from '../adapters/database-snapshots';
import { readEnvironment } from '../adapters/environment';
import { lasting, lookAtPart } from '../core/backup/progress';
import { tagsOf } from '../core/backup/tags';
import type { DatabaseSnapshots } from '../ports/snapshots';
import { task } from '../shared/task';

interface Input {
  readonly part: PartRef;
  readonly plan: Plan;
  readonly backup: BackupPart;
}

/** Looks how far the snapshot of the database is; verifies it when it is complete. */
export async function awaitRdsSnapshot(
  { part, plan, backup }: Input,
  waiting: { readonly now: Date; readonly limits: Limits },
  snapshots: DatabaseSnapshots,
): Promise<BackupLook> {
  const [database, all] = await Promise.all([snapshots.database(), snapshots.all()]);
  return lookAtPart({
    title: part.title,
    backup,
    snapshots: all.filter(({ id }) => backup.snapshotIds.includes(id)),
    sources: database ? [database] : [],
    tags: lasting(tagsOf(plan, part.name)),
    restore: () => backup.snapshotIds.flatMap((id) => database?.restore(id, part.title) ?? []),
    waiting,
  });
}

export const handler = task('await-rds-snapshot', (input: Input) => {
  const limits = readEnvironment((read) => read.limits());
  return awaitRdsSnapshot(input, { now: new Date(), limits }, databaseSnapshots(input.part.specification as RdsPart));
});
