import { secondsBetween } from '../time';
import type { Snapshot } from './snapshot';
import { covers } from './snapshot';

/** What was found of a backup that may have been begun already. */
export interface Sets {
  /** Snapshots of one call, one of each volume: the backup has begun. */
  readonly whole: readonly Snapshot[] | undefined;
  /** A call that was made a moment ago, of which not all is seen yet. */
  readonly appearing: boolean;
}

/** Milliseconds within which the snapshots of one call begin; AWS gives them one time: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SnapshotInfo.html */
const ONE_CALL = 1000;

/** Seconds until all that a call made is seen: reads may be stale. */
const VISIBLE_WITHIN = 120;

/**
 * Looks what calls of this backup have made. Only snapshots of one call are of one point in time. A call whose answer was lost may have
 * been made twice: the earliest whole one counts, the other goes when the backup goes.
 *
 * @param volumeIds what the backup is made of
 */
export function setsOf(snapshots: readonly Snapshot[], volumeIds: readonly string[], now: Date): Sets {
  const calls = byCall(snapshots);
  const whole = volumeIds.length > 0 ? calls.filter((call) => covers(call, volumeIds)) : [];
  const good = whole.find((call) => call.every(({ state }) => state !== 'failed')) ?? whole[0];
  return {
    whole: good?.filter(({ source }) => volumeIds.includes(source)),
    appearing: calls.some(([first]) => first !== undefined && secondsBetween(first.startedAt, now) < VISIBLE_WITHIN),
  };
}

function byCall(snapshots: readonly Snapshot[]): readonly (readonly Snapshot[])[] {
  const calls: Snapshot[][] = [];
  for (const snapshot of [...snapshots].sort((a, b) => momentOf(a) - momentOf(b))) {
    const last = calls.at(-1);
    if (last?.[0] && momentOf(snapshot) - momentOf(last[0]) < ONE_CALL) last.push(snapshot);
    else calls.push([snapshot]);
  }
  return calls;
}

const momentOf = ({ startedAt }: Snapshot): number => (startedAt === '' ? 0 : Date.parse(startedAt));
