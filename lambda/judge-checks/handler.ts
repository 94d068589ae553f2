import type { CheckResult, JudgedChecks } from '../../lib/contract/checks';
import type { BackupSpec } from '../../lib/contract/environment';
import { readEnvironment } from '../adapters/environment';
import { ALL_CHECKS, JUDGED_CHECKS, REQUEST_CHECKS } from '../core/checks/catalogue';
import { known } from '../core/checks/check';
import { judgeChecks } from '../core/checks/judge';
import type { PartSeen } from '../core/checks/judged';
import type { ChecksInput } from '../shared/judge-facts';
import { isIdle, judgeFacts } from '../shared/judge-facts';
import { task } from '../shared/task';

/** Input: what was asked for, what would be done, and what the checks and the parts of the backup found. */
export interface Input extends ChecksInput {
  /** One list for each task that checked. */
  readonly findings: readonly (readonly CheckResult[])[];
  /** What each part of the backup is like. */
  readonly observations?: readonly PartSeen[];
}

/** What the construct says of the backup. */
export type BackupAsked = Pick<BackupSpec, 'noneBecause' | 'warnings'>;

/**
 * Puts together what was found, and says whether the upgrade is allowed. Looks nothing up.
 *
 * @throws RequestRefused with every reason
 */
export function judge(input: Input, backup: BackupAsked): JudgedChecks {
  const { plan, request, findings, observations = [] } = input;
  const idle = isIdle(input);
  const own = judgeFacts(
    idle ? REQUEST_CHECKS : JUDGED_CHECKS,
    {
      requestProblems: known(request.problems),
      observations: known(observations),
      noBackupBecause: known(backup.noneBecause),
      backupWarnings: known(backup.warnings),
      reusesBackup: known(plan.reusesBackup === true),
    },
    // These checks look at no limit and at no clock.
    { plan, request, limits: NO_LIMITS, now: new Date(0) },
  );
  const found = idle ? own : [...own, ...findings.flat()];
  return judgeChecks({ plan, request }, idle ? found : [...found, ...unreported(found)]);
}

/** Checks that no task told of count as unknown: none is left out in silence. */
const unreported = (results: readonly CheckResult[]): readonly CheckResult[] =>
  ALL_CHECKS.filter(({ name }) => !results.some(({ check }) => check === name)).map(({ name, severity }) => ({
    check: name,
    severity,
    verdict: 'unknown',
    found: 'Could not be told: no task reported this check.',
    todo: 'Deploy the stack again; do not edit the functions.',
  }));

const NO_LIMITS = { bootTimeout: 0, drainLimit: 0, backupTimeout: 0, finalizeTimeout: 0, minPollInterval: 0, maxPollInterval: 0 };

export const handler = task('judge-checks', async (input: Input): Promise<JudgedChecks> =>
  Promise.resolve(
    judge(
      input,
      readEnvironment((read) => read.backup()),
    ),
  ),
);
