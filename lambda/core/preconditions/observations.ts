import type { Check } from './facts';
import { problem, when } from './facts';

/** What the parts of the backup have against the upgrade: a source that is unknown, a vault that may not be used. */
export const checkObservations: Check = ({ observations }) => observations.flatMap(({ problems }) => problems);

/** What the parts say, and what makes the backup wait. */
export const warnObservations: Check = ({ observations, plan }) =>
  observations.flatMap(({ part, warnings, ready, detail }) => [
    ...warnings,
    // A backup that is used again is itself what its sources are busy with.
    ...when(!ready && !plan.reusesBackup, part, () => `${detail}: the backup begins once that is over.`),
  ]);

/** What is known of the backup without looking: what its strategies say, or why there is none. */
export const warnBackup: Check = ({ backup }) => [
  ...backup.warnings.map((message) => problem('backup', message)),
  ...when(
    backup.noneBecause !== '',
    'backup',
    () => `No backup is made, because ${backup.noneBecause}. Once the upgrade is final there is no way back to the version before.`,
  ),
];
