import type { TidyInput } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { volumeSnapshots } from '../adapters/volume-snapshots';
import { task } from '../shared/task';
import { tidyPart } from '../shared/tidy-part';

/** Marks and deletes snapshots of the volumes. */
export const handler = task('tidy-ebs-snapshots', (input: TidyInput) => {
  const limits = readEnvironment((read) => read.limits());
  return tidyPart(input, limits, new Date(), volumeSnapshots());
});
