/** The backup, as people are told of it. */
import type { BackupPart, Plan, RestoreStep } from '../../../lib/contract/events';
import { skewOf } from './skew';

/** Which backup there is: its parts, and how far apart they were begun; or why there is none. Nothing when it was not begun. */
export function backupText(told: {
  readonly plan: Plan | undefined;
  readonly backup: readonly BackupPart[];
  readonly noneBecause: string;
}): readonly string[] {
  const { plan, backup, noneBecause } = told;
  if (noneBecause !== '') return [`Backup: none, because ${noneBecause}`];
  if (backup.length === 0) return [];
  const skew = skewOf(backup.map(({ startedAt }) => startedAt));
  const apart = Number.isNaN(skew) || backup.length < 2 ? '' : `, begun within ${skew} s`;
  const lines = backup.map(
    ({ part, resource, snapshotIds, startedAt }) => `- ${part} (${resource}): ${snapshotIds.join(', ')}${startedAt && `, ${startedAt}`}`,
  );
  return [`Backup ${plan?.backupId ?? ''}${plan?.reusesBackup ? ' of an earlier run' : ''}${apart}:\n${lines.join('\n')}`];
}

/** How the backup is restored: the steps, and the commands of each if they are wanted. */
export function restoreText(steps: readonly RestoreStep[], commands: boolean): readonly string[] {
  if (steps.length === 0) return [];
  const lines = steps.flatMap(({ title, commands: own }, index) => [
    `${index + 1}. ${title}`,
    ...(commands ? own.map((command) => `     ${command}`) : []),
  ]);
  const where = commands ? '' : "; the commands are in the report's restorePlan";
  return [`The way back, which loses everything that was done since the backup (docs/runbook.md${where}):\n${lines.join('\n')}`];
}
