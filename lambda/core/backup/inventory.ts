/** What the parts' observations say of each backup as a whole. */
import type { KnownBackup, PartObservation } from '../../../lib/contract/events';

/** A backup of this cluster: all its parts that are known. */
export interface KnownPair {
  readonly backupId: string;
  /** By the name of the part. */
  readonly parts: ReadonlyMap<string, KnownBackup>;
  /** Names of the parts that it should have and has not. */
  readonly missing: readonly string[];
}

/**
 * Groups the observations by backup id. A backup should have the parts that its tag names; parts that are not observed any more cannot be
 * asked for, and count as missing. A backup without that tag should have the parts of today.
 */
export function inventoryOf(observations: readonly PartObservation[], partsOfToday: readonly string[]): readonly KnownPair[] {
  const ids = new Set(observations.flatMap(({ backups }) => backups.map(({ backupId }) => backupId)));
  return [...ids].map((backupId) => {
    const parts = new Map(
      observations.flatMap(({ part, backups }) =>
        backups.filter((backup) => backup.backupId === backupId).map((backup): [string, KnownBackup] => [part, backup]),
      ),
    );
    const wanted = [...parts.values()].find((known) => known.parts !== undefined)?.parts ?? partsOfToday;
    return { backupId, parts, missing: wanted.filter((name) => !parts.has(name)) };
  });
}

/** When each part was begun. */
export const momentsOf = ({ parts }: KnownPair): readonly string[] => [...parts.values()].map(({ startedAt }) => startedAt);

/** Whether an upgrade that succeeded marked any part of it. */
export const isMarked = ({ parts }: KnownPair): boolean => [...parts.values()].some(({ finished }) => finished);
