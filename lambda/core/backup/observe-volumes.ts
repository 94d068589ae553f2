import type { EbsPart } from '../../../lib/contract/environment';
import type { PartObservation, PartRef, Problem } from '../../../lib/contract/events';
import { knownBackups } from './known';
import type { Snapshot } from './snapshot';
import type { Found } from './volumes';
import { idsOf, problemsOf, warningsOf } from './volumes';

/** What is asked about volumes before they are backed up. */
export interface VolumeFacts {
  readonly part: PartRef;
  readonly clusterName: string;
  readonly specification: EbsPart;
  readonly found: Found;
  /** Whether the instance's type comes with instance store volumes. */
  readonly instanceStore: boolean;
  /** Snapshots of the volumes that are in progress, whoever makes them. */
  readonly inProgress: readonly Snapshot[];
  /** Snapshots that the tool made of this part. */
  readonly snapshots: readonly Snapshot[];
}

/** Says what is against a backup of the volumes, and which backups there are. */
export function observeVolumes({
  part,
  clusterName,
  specification,
  found,
  instanceStore,
  inProgress,
  snapshots,
}: VolumeFacts): PartObservation {
  const problem = (text: string): Problem => ({ check: part.name, message: `The backup of ${part.title}: ${text}` });
  const problems = problemsOf(specification, found).map((text) => problem(`${text}.`));
  const ids = idsOf(found.volumes);
  const busy = inProgress.map(({ id, source, percent }) => `${id} of ${source} is at ${percent} %`);
  return {
    part: part.name,
    problems,
    warnings: warningsOf(found, instanceStore).map(problem),
    ready: problems.length === 0 && busy.length === 0,
    detail:
      [...problems.map(({ message }) => message), ...(busy.length > 0 ? [`a snapshot is in progress: ${busy.join(', ')}`] : [])].join(
        ' ',
      ) || `${ids.join(', ')} of ${found.instanceId}: attached, and no snapshot is in progress`,
    backups: knownBackups(snapshots, { clusterName, part: part.name }, ids),
  };
}
