import type { BackupSpec, Limits, RdsPart } from '../../lib/contract/environment';
import type { BackupStart, PartRef, Plan } from '../../lib/contract/events';
import { databaseSnapshots } from '../adapters/database-snapshots';
import { readEnvironment } from '../adapters/environment';
import type { Beginning } from '../core/backup/begin';
import { begun, notBegun, refused, tryLater } from '../core/backup/begin';
import { dbSnapshotId } from '../core/backup/database';
import { isRefusal, ofBackup } from '../core/backup/snapshot';
import { tagsOf } from '../core/backup/tags';
import type { DatabaseSnapshots } from '../ports/snapshots';
import { task } from '../shared/task';

interface Input {
  readonly part: PartRef;
  readonly plan: Plan;
  readonly since?: string;
}

interface Settings {
  readonly spec: Pick<BackupSpec, 'startLimit'>;
  readonly limits: Limits;
  readonly now: Date;
}

/** Begins the snapshot of the database, once: it is named after the backup, and found again by its tags. */
export async function startRdsSnapshot(
  { part, plan, since }: Input,
  { spec, limits, now }: Settings,
  snapshots: DatabaseSnapshots,
): Promise<BackupStart> {
  const beginning: Beginning = { title: part.title, spec, limits, now, since: since ?? now.toISOString() };
  const owner = { clusterName: plan.groupName, part: part.name };
  const id = dbSnapshotId(plan.backupId, part.name);
  const find = async () => ofBackup(await snapshots.made(owner), owner, plan.backupId)[0];
  const there = await find();
  const answer = there ?? (await snapshots.begin(id, tagsOf(plan, part.name)));
  if (answer !== 'taken' && isRefusal(answer)) return refused(beginning, answer);
  const snapshot = answer === 'taken' ? await find() : answer;
  // An earlier call made it, and reads are behind; or it is somebody else's, and then it never shows.
  if (!snapshot) {
    const advice = `If it is not of this upgrade (its tags say so), delete it or rename it.`;
    if ((await snapshots.all()).some((other) => other.id === id))
      throw notBegun(beginning, `there is a DB snapshot ${id} that is not ours`, advice);
    return tryLater(beginning, `there is a DB snapshot ${id} already, which cannot be seen yet`, advice);
  }
  return begun(beginning, {
    part: part.name,
    resource: snapshots.id,
    snapshotIds: [snapshot.id],
    startedAt: snapshot.startedAt || now.toISOString(),
  });
}

export const handler = task('start-rds-snapshot', (input: Input) => {
  const { spec, limits } = readEnvironment((read) => ({ spec: read.backup(), limits: read.limits() }));
  return startRdsSnapshot(input, { spec, limits, now: new Date() }, databaseSnapshots(input.part.specification as RdsPart));
});
