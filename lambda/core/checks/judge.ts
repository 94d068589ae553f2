import type { CheckResult, JudgedChecks, Overridden } from '../../../lib/contract/checks';
import type { Plan, Problem, ResolvedRequest } from '../../../lib/contract/events';
import { TaskError } from '../errors';
import { ALL_CHECKS } from './catalogue';
import { ALLOWED } from './check';

/** The plan and the request as they were made: what is judged besides the results. */
export interface Judged {
  readonly plan: Pick<Plan, 'groupName'>;
  readonly request: Pick<ResolvedRequest, 'overrides'>;
}

/**
 * Weighs what all checks found. Nothing that did not pass is left out: it refuses, or it is a warning, or the request overrides it.
 *
 * @throws RequestRefused with every reason and what to do about each
 */
export function judgeChecks({ plan, request }: Judged, findings: readonly CheckResult[]): JudgedChecks {
  const overrides = request.overrides ?? {};
  const results = withOverrideProblems(inOrder(findings), overrideProblems(overrides));
  const against = results.filter(({ verdict }) => verdict !== 'passed');
  const reasonFor = ({ check }: CheckResult): string | undefined => (isOverridable(check) ? overrides[check] : undefined);
  const refusals = against.filter((result) => result.severity === 'refuse' && reasonFor(result) === undefined);
  if (refusals.length > 0) throw new TaskError('RequestRefused', refusal(plan.groupName, refusals));
  return {
    results,
    warnings: against
      .filter((result) => result.severity === 'warn' && reasonFor(result) === undefined)
      .map((result) => ({ check: result.check, message: messageOf(result) })),
    overridden: against.flatMap((result): readonly Overridden[] => {
      const reason = reasonFor(result);
      return reason === undefined ? [] : [{ ...result, reason }];
    }),
  };
}

function refusal(groupName: string, refusals: readonly CheckResult[]): string {
  const names = new Map<string, string[]>(); // checks that need the same fact have the same to say when it is unknown
  for (const result of refusals) names.set(messageOf(result), [...(names.get(messageOf(result)) ?? []), result.check]);
  const reasons = [...names].map(([message, checks], index) => `${index + 1}. [${checks.join(', ')}] ${message}`);
  const overridable = refusals.map(({ check }) => check).filter(isOverridable);
  return [
    `The upgrade of ${groupName} is refused; nothing was changed. ${reasons.length === 1 ? 'The reason' : `All ${reasons.length} reasons`}:`,
    ...reasons,
    ...(overridable.length > 0
      ? [
          `If you know better, override a check by name with your reason, for example {"overrides": {"${overridable[0] ?? ''}": "why this is no obstacle"}}. Overridable of these: ${overridable.join(', ')}.`,
        ]
      : []),
  ].join('\n');
}

const messageOf = ({ found, todo }: CheckResult): string => (todo === '' ? found : `${found} ${todo}`);

const described = (name: string): (typeof ALL_CHECKS)[number] | undefined => ALL_CHECKS.find((check) => check.name === name);
const isOverridable = (name: string): boolean => described(name)?.override === ALLOWED;

/** What is wrong with the overrides: names that no check has, and checks that cannot be overridden. */
function overrideProblems(overrides: Readonly<Record<string, string>>): readonly Problem[] {
  const wrong = Object.keys(overrides).flatMap((name) => {
    const check = described(name);
    if (check?.override === ALLOWED) return [];
    return check
      ? [`overrides: ${name} cannot be overridden: ${check.override}.`]
      : [`overrides: there is no check ${JSON.stringify(name.slice(0, 60))}.`];
  });
  if (wrong.length === 0) return [];
  const allowed = ALL_CHECKS.filter(({ override }) => override === ALLOWED).map(({ name }) => name);
  return [...wrong, `Checks that can be overridden are ${allowed.join(', ')}.`].map((message) => ({ check: 'request', message }));
}

/** Mistakes in the overrides are mistakes of the request. */
function withOverrideProblems(results: readonly CheckResult[], problems: readonly Problem[]): readonly CheckResult[] {
  if (problems.length === 0) return results;
  const said = problems.map(({ message }) => message).join(' ');
  const before = results.find(({ check }) => check === 'request');
  const found = before?.verdict === 'failed' ? `${before.found} ${said}` : said;
  const failed: CheckResult = { check: 'request', severity: 'refuse', verdict: 'failed', found, todo: before?.todo ?? '' };
  return before ? results.map((result) => (result === before ? failed : result)) : [failed, ...results];
}

/** In the order of the catalogue; a result that has no place there comes last, and still counts. */
function inOrder(results: readonly CheckResult[]): readonly CheckResult[] {
  const names = ALL_CHECKS.map(({ name }) => name);
  const place = ({ check }: CheckResult): number => (names.includes(check) ? names.indexOf(check) : names.length);
  return [...results].sort((a, b) => place(a) - place(b));
}
