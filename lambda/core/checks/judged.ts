/** Checks without facts of their own: they judge what other tasks have found already. */
import type { Problem } from '../../../lib/contract/events';
import type { Finding, Objection } from './check';
import { Check, finding, when } from './check';

/** What is looked at of the observation of a part of the backup. */
export interface PartSeen {
  readonly part: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** False while the source is busy. */
  readonly ready: boolean;
  readonly detail: string;
}

/** Facts of `judge-checks`. */
export interface JudgedFacts {
  readonly requestProblems: readonly Problem[];
  readonly observations: readonly PartSeen[];
  /** Why there is no backup; empty when there is one. */
  readonly noBackupBecause: string;
  /** What the strategies of the backup say without looking. */
  readonly backupWarnings: readonly string[];
  /** True when the backup of an interrupted run is used again. */
  readonly reusesBackup: boolean;
}

type Of<K extends keyof JudgedFacts> = Pick<JudgedFacts, K>;

/** The request can be carried out as it was written. */
export class RequestUnderstood extends Check<JudgedFacts, 'requestProblems'> {
  readonly name = 'request';
  readonly severity = 'refuse';
  readonly looksAt = "The execution's input, its overrides, and the image that it comes to: every mistake at once";
  readonly source = 'https://json-schema.org/draft/2020-12/schema';
  readonly override = 'nobody can tell what was meant: correct the request';
  protected readonly needs = ['requestProblems'] as const;

  protected look({ requestProblems }: Of<'requestProblems'>): Finding {
    return finding(
      'The request is well formed.',
      requestProblems.map(({ message }) => ({ found: message, todo: '' })),
    );
  }
}

/** Every part of the backup can be made. */
export class BackupSources extends Check<JudgedFacts, 'observations'> {
  readonly name = 'backup-sources';
  readonly severity = 'refuse';
  readonly looksAt =
    'The database, the volumes of the shared home and the vault, as the tasks that back them up see them: ready for a backup';
  readonly source = 'https://confluence.atlassian.com/display/BITBUCKETSERVER091/Data+recovery+and+backups';
  readonly override = 'the backup would fail at once: mend it, or choose another backup in the construct';
  protected readonly needs = ['observations'] as const;

  protected look({ observations }: Of<'observations'>): Finding {
    return finding(
      observations.length === 0 ? 'There is nothing to back up.' : observations.map(({ part, detail }) => `${part}: ${detail}`).join('; '),
      observations.flatMap(({ problems }) => problems.map(told)),
    );
  }
}

/** What should be known of the backup, though it can be made. */
export class BackupAdvice extends Check<JudgedFacts, 'observations' | 'noBackupBecause' | 'backupWarnings' | 'reusesBackup'> {
  readonly name = 'backup';
  readonly severity = 'warn';
  readonly looksAt = 'Whether there is a backup, what it waits for, pending maintenance of the database, and what its strategies advise';
  readonly source = 'https://confluence.atlassian.com/display/BITBUCKETSERVER091/Data+recovery+and+backups';
  readonly override = 'allowed';
  protected readonly needs = ['observations', 'noBackupBecause', 'backupWarnings', 'reusesBackup'] as const;

  protected look(facts: JudgedFacts): Finding {
    const { observations, noBackupBecause, backupWarnings, reusesBackup } = facts;
    return finding(
      'The backup is as it should be.',
      when(
        noBackupBecause !== '',
        () => `No backup is made, because ${noBackupBecause}. Once the upgrade is final there is no way back to the version before.`,
        '',
      ),
      backupWarnings.map((found) => ({ found, todo: '' })),
      observations.flatMap(({ warnings }) => warnings.map(told)),
      // A backup that is used again is itself what its sources are busy with.
      observations.flatMap(({ part, ready, detail }) =>
        when(!ready && !reusesBackup, () => `[${part}] ${detail}: the backup begins once that is over.`, ''),
      ),
    );
  }
}

const told = ({ check, message }: Problem): Objection => ({ found: `[${check}] ${message}`, todo: '' });
