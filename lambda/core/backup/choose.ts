import type { BackupSpec } from '../../../lib/contract/environment';
import type { PartObservation, Plan } from '../../../lib/contract/events';
import type { KnownPair } from './inventory';
import { inventoryOf, isMarked, momentsOf } from './inventory';
import { skewOf } from './skew';

/** What the choice is made from. */
export interface ChoiceGround {
  /** The id of a new backup. */
  readonly newId: string;
  /** `from to to`, as the tag says. */
  readonly versions: string;
  readonly observations: readonly PartObservation[];
  readonly spec: Pick<BackupSpec, 'parts' | 'skewLimit' | 'reuseWithin'>;
  readonly now: Date;
}

/** Which backup a run stands on. */
export type BackupChoice = Required<Pick<Plan, 'backupId' | 'reusesBackup' | 'unfinishedBackups' | 'backupParts'>>;

/**
 * Uses the youngest backup of an earlier run between the same versions again, when every part of it is there and on its way or complete, it
 * is young enough, and its parts were begun together; otherwise a new one is made. One that an upgrade has finished with is never used
 * again: what came after it would be lost. What will never be complete, and belongs to no upgrade that succeeded, is named for deletion.
 */
export function chooseBackup({ newId, versions, observations, spec, now }: ChoiceGround): BackupChoice {
  const pairs = spec.parts.length === 0 ? [] : inventoryOf(observations, spec.parts);
  const reused = pairs.filter((pair) => isUsable(pair, versions, spec, now)).sort((a, b) => begun(b) - begun(a))[0];
  const backupId = reused?.backupId ?? newId;
  return {
    backupId,
    reusesBackup: reused !== undefined,
    unfinishedBackups: pairs.filter((pair) => pair.backupId !== backupId && isHopeless(pair, spec.parts)).map((pair) => pair.backupId),
    backupParts: spec.parts,
  };
}

/** Written so that a moment that cannot be read is within no limit. */
function isUsable(pair: KnownPair, versions: string, spec: ChoiceGround['spec'], now: Date): boolean {
  return (
    pair.missing.length === 0 &&
    spec.parts.every((name) => pair.parts.has(name)) &&
    !isMarked(pair) &&
    [...pair.parts.values()].every((known) => known.state !== 'failed' && known.versions === versions) &&
    (now.getTime() - begun(pair)) / 1000 <= spec.reuseWithin &&
    skewOf(momentsOf(pair)) <= spec.skewLimit
  );
}

/** Some of it failed, or is missing where it would be seen: a part that is no longer configured may well be there. */
const isHopeless = (pair: KnownPair, observed: readonly string[]): boolean =>
  !isMarked(pair) &&
  (pair.missing.some((name) => observed.includes(name)) || [...pair.parts.values()].some(({ state }) => state === 'failed'));

/** When its first part was begun. */
const begun = (pair: KnownPair): number => Math.min(...momentsOf(pair).map((moment) => Date.parse(moment)));
