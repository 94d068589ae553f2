import type { CheckResult } from '../../../../lib/contract/checks';

/** Situation, the checks that do not pass, what the first of them says, and the results of its task. */
export type Row = readonly [what: string, checks: readonly string[], says: RegExp, results: () => CheckResult[]];
