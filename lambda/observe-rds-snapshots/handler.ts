import type { RdsPart } from '../../lib/contract/environment';
import type { PartObservation, PartRef } from '../../lib/contract/events';
import { databaseSnapshots } from '../adapters/database-snapshots';
import { observeDatabase } from '../core/backup/database';
import type { DatabaseSnapshots } from '../ports/snapshots';
import { task } from '../shared/task';

interface Input {
  readonly part: PartRef;
  readonly clusterName: string;
}

/** Looks at the database and its snapshots. Changes nothing. */
export async function observeRdsSnapshots({ part, clusterName }: Input, snapshots: DatabaseSnapshots): Promise<PartObservation> {
  const [database, all] = await Promise.all([snapshots.database(), snapshots.all()]);
  const maintenance = (await database?.maintenance()) ?? [];
  return observeDatabase({ part, clusterName, id: snapshots.id, database, maintenance, snapshots: all });
}

export const handler = task('observe-rds-snapshots', (input: Input) =>
  observeRdsSnapshots(input, databaseSnapshots(input.part.specification as RdsPart)),
);
