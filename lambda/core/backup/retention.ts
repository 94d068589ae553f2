import type { BackupSpec } from '../../../lib/contract/environment';
import type { BackupsToTidy, PartObservation, Plan } from '../../../lib/contract/events';
import type { KnownPair } from './inventory';
import { inventoryOf, momentsOf } from './inventory';

const DAY = 24 * 60 * 60 * 1000;

/** What is chosen from. */
export interface RetentionGround {
  readonly plan: Pick<Plan, 'backupId'>;
  readonly observations: readonly PartObservation[];
  readonly spec: Pick<BackupSpec, 'parts' | 'retention'>;
  readonly now: Date;
}

/**
 * After an upgrade that succeeded: its backup is marked, and of the earlier ones those go that are no longer kept. Only a backup that is
 * complete in every part, and marked in every part by the upgrade that used it, may go at all; of those the youngest are kept (this run's
 * counts as one of them), or those that are not older than the days. Without a retention none goes.
 */
export function chooseExpired({ plan, observations, spec, now }: RetentionGround): BackupsToTidy {
  if (spec.parts.length === 0) return { mark: [], discard: [] };
  const old = inventoryOf(observations, spec.parts)
    .filter((pair) => pair.backupId !== plan.backupId && mayGo(pair))
    .sort((a, b) => begun(b) - begun(a));
  return { mark: [plan.backupId], discard: expired(old, spec.retention, now).map(({ backupId }) => backupId) };
}

function expired(youngestFirst: readonly KnownPair[], retention: BackupSpec['retention'], now: Date): readonly KnownPair[] {
  if (retention === undefined) return [];
  if ('keepLast' in retention) return youngestFirst.slice(Math.max(0, retention.keepLast - 1));
  return youngestFirst.filter((pair) => now.getTime() - begun(pair) > retention.keepDays * DAY);
}

const mayGo = (pair: KnownPair): boolean =>
  pair.missing.length === 0 &&
  [...pair.parts.values()].every(({ state, finished }) => state === 'complete' && finished) &&
  !Number.isNaN(begun(pair));

/** When its last part was begun: `NaN` when one cannot be read, and then nobody can tell its age. */
const begun = (pair: KnownPair): number => Math.max(...momentsOf(pair).map((moment) => Date.parse(moment)));
