/** What the checks before the upgrade say. */

/** `refuse`: the upgrade is not begun. `warn`: it is, and the report says so. */
export type Severity = 'refuse' | 'warn';

/** What one check found. A check that passed says what it saw, too: the plan shows it. */
export interface CheckResult {
  /** The check's stable name, in words with hyphens: `data-center-licence`. Overrides name it. */
  readonly check: string;
  readonly severity: Severity;
  /** `unknown`: what it looks at could not be read; counts like `failed`, and the message says why. */
  readonly verdict: 'passed' | 'failed' | 'unknown';
  /** What was found, for people: what is, what should be. */
  readonly found: string;
  /** What to do about it; empty when it passed. */
  readonly todo: string;
}

/** What became of a check that did not pass and that the request overrides. */
export interface Overridden extends CheckResult {
  /** Why, as the request says. */
  readonly reason: string;
}

/** Result of `judge-checks`. */
export interface JudgedChecks {
  /** Every check, in the order of the table in the documentation. */
  readonly results: readonly CheckResult[];
  /** Those that did not pass and do not stop the upgrade. */
  readonly warnings: readonly { readonly check: string; readonly message: string }[];
  readonly overridden: readonly Overridden[];
}
