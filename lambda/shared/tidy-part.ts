import type { Limits } from '../../lib/contract/environment';
import type { Look, TidyInput } from '../../lib/contract/events';
import { lookAtTidy, toDiscard, toMark } from '../core/backup/tidy';
import type { MadeSnapshots } from '../ports/snapshots';

/** One look of a tidy task: marks, then deletes, exactly what carries the tags. All that can go goes before anything is complained about. */
export async function tidyPart(input: TidyInput, limits: Limits, now: Date, snapshots: MadeSnapshots): Promise<Look> {
  const made = await snapshots.made({ clusterName: input.clusterName, part: input.part.name });
  const marked = toMark(input, made);
  for (const snapshot of marked) await snapshots.mark(snapshot);
  const discarded = [];
  for (const snapshot of toDiscard(input, made)) discarded.push({ snapshot, outcome: await snapshots.discard(snapshot) });
  return lookAtTidy(input, { marked, discarded }, { now, limits });
}
