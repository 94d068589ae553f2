import type { CheckResult } from '../../lib/contract/checks';
import type { Plan, ResolvedRequest } from '../../lib/contract/events';
import type { CheckOf, Facts, Ground } from '../core/checks/check';

/** Input of the tasks that look things up and check them. */
export interface ChecksInput {
  readonly plan: Plan;
  readonly request: ResolvedRequest;
}

/** Whether there is anything to check: a run that changes nothing needs no cluster in order. */
export const isIdle = ({ plan, request }: ChecksInput): boolean => plan.action === 'nothing' || request.upToDate === true;

/** Judges every check; none is left out because of another. */
export const judgeFacts = <F>(checks: readonly CheckOf<F>[], facts: Facts<F>, ground: Ground): readonly CheckResult[] =>
  checks.map((check) => check.judge(facts, ground));
