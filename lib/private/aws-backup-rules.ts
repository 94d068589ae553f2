import type { Duration } from 'aws-cdk-lib';
import type { SharedHomeConfig } from '../shared-home';
import { propOf } from './home-problems';

/** When recovery points move and go. */
export interface Lifecycle {
  /** 0 for never. */
  readonly deleteAfterDays: number;
  /** 0 for never. */
  readonly coldStorageAfterDays: number;
  readonly problems: string[];
  /** What of it AWS Backup ignores for these sources. */
  readonly warnings: (sources: readonly Pick<SharedHomeConfig, 'part' | 'resourceArns'>[]) => string[];
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
const LEAST_IN_COLD_STORAGE = 90;

/** 100 years: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html */
const LONGEST = 36_500;

/** The lifecycle of recovery points, checked by the rules of AWS Backup. */
export function lifecycleOf(deleteAfter?: Duration, moveToColdStorageAfter?: Duration): Lifecycle {
  const problems: string[] = [];
  const deleteAfterDays = wholeDays('deleteAfter', deleteAfter, problems);
  const coldStorageAfterDays = wholeDays('moveToColdStorageAfter', moveToColdStorageAfter, problems);
  if (deleteAfterDays > 0 && coldStorageAfterDays > 0 && deleteAfterDays < coldStorageAfterDays + LEAST_IN_COLD_STORAGE) {
    problems.push(
      `backup: deleteAfter of ${deleteAfterDays} days must be at least ${LEAST_IN_COLD_STORAGE} days after moveToColdStorageAfter of ${coldStorageAfterDays} days: AWS Backup keeps what is in cold storage so long`,
    );
  }
  return {
    deleteAfterDays,
    coldStorageAfterDays,
    problems,
    warnings: (sources) => {
      const ignoring = sources.filter(({ resourceArns }) => !resourceArns.every((arn) => arn.includes(':elasticfilesystem:')));
      if (coldStorageAfterDays === 0 || ignoring.length === 0) return [];
      return [
        `moveToColdStorageAfter is ignored by AWS Backup for ${ignoring.map(({ part }) => part.title).join(', ')}: only EFS knows cold storage`,
      ];
    },
  };
}

/** Whole days, 0 when none are given; what is wrong goes to `problems`. */
function wholeDays(name: string, duration: Duration | undefined, problems: string[]): number {
  if (!duration) return 0;
  const days = duration.isUnresolved() ? NaN : duration.toDays({ integral: false });
  if (Number.isInteger(days) && days >= 1 && days <= LONGEST) return days;
  const given = duration.isUnresolved() ? 'a token' : duration.toHumanString();
  problems.push(`backup: ${name} of ${given} must be whole days from 1 to ${LONGEST}, known at synth time`);
  return 0;
}

/** Why AWS Backup cannot take a home. */
export function sourceProblems({ part, resourceArns, freezes = false }: SharedHomeConfig): string[] {
  const problems: string[] = [];
  if (resourceArns.length === 0) {
    problems.push(
      `${propOf(part)}: AWS Backup must be told at synth time what to back up, and volumes that are found by a tag are not known then: give volumes, or an instance`,
    );
  }
  if (freezes) problems.push(`${propOf(part)}: AWS Backup does not freeze file systems: leave freeze out, or use Backup.snapshots()`);
  return problems;
}

/** What speaks against backing a home up by AWS Backup. */
export function sourceWarnings({ part, resourceArns }: SharedHomeConfig): string[] {
  if (resourceArns.length <= 1) return [];
  return [
    `${part.title} has ${resourceArns.length} volumes, and AWS Backup takes each by itself: they are not of one moment. Give the instance instead, which it takes as a whole`,
  ];
}
