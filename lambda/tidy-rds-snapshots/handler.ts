import type { RdsPart } from '../../lib/contract/environment';
import type { TidyInput } from '../../lib/contract/events';
import { databaseSnapshots } from '../adapters/database-snapshots';
import { readEnvironment } from '../adapters/environment';
import { task } from '../shared/task';
import { tidyPart } from '../shared/tidy-part';

/** Marks and deletes snapshots of the database. */
export const handler = task('tidy-rds-snapshots', (input: TidyInput) => {
  const limits = readEnvironment((read) => read.limits());
  return tidyPart(input, limits, new Date(), databaseSnapshots(input.part.specification as RdsPart));
});
