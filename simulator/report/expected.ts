import { isRecovery } from '../faults/catalogue';
import type { ExpectedOther, Expectation } from '../scenario/scenario';
import type { OtherResult, RunResult } from './result';

/** How a run differs from what the scenario expects; empty when it is as expected. */
export function differences(
  expected: Expectation,
  result: Pick<
    RunResult,
    'status' | 'error' | 'cause' | 'report' | 'versions' | 'mutatingCalls' | 'others' | 'rules' | 'backups' | 'notifications'
  >,
): string[] {
  const found: string[] = [];
  if (result.status !== expected.status) found.push(`ended ${result.status} instead of ${expected.status}${because(result)}`);
  if (expected.error !== undefined && result.error !== expected.error) {
    found.push(`failed with ${result.error ?? 'no error'} instead of ${expected.error}`);
  }
  found.push(...unsaid('the cause', result.cause, expected.causeIncludes));
  found.push(...unsaid('the report', result.report, expected.reportIncludes));
  for (const text of [expected.reportLacks ?? []].flat()) {
    if ((result.report ?? '').includes(text)) found.push(`the report says "${text}"`);
  }
  const told = result.notifications.map(({ subject, text }) => `${subject}\n${text}`).join('\n\n');
  found.push(...unsaid('no notification', told, expected.notificationsInclude).map((text) => text.replace('does not say', 'says')));
  if (expected.versions !== undefined && [...expected.versions].sort().join() !== [...result.versions].sort().join()) {
    found.push(`the nodes run ${result.versions.join(' and ') || 'nothing'} instead of ${expected.versions.join(' and ')}`);
  }
  if (expected.mutatingCalls !== undefined && result.mutatingCalls.length !== expected.mutatingCalls) {
    found.push(
      `${result.mutatingCalls.length} mutating calls instead of ${expected.mutatingCalls}: ${result.mutatingCalls.join(', ') || 'none'}`,
    );
  }
  if (expected.others !== undefined) found.push(...otherDifferences(expected.others, result.others));
  const { complete, leftovers } = result.backups;
  if (expected.backups !== undefined && complete !== expected.backups) {
    found.push(`${complete} complete backups at the end instead of ${expected.backups}`);
  }
  if (expected.leftovers !== undefined && leftovers !== expected.leftovers) {
    found.push(`${leftovers} snapshots of incomplete backups at the end instead of ${expected.leftovers}`);
  }
  const announced = new Set(expected.brokenRules ?? []);
  for (const rule of result.rules) {
    if (!rule.kept && !announced.has(rule.id)) found.push(`broke rule ${rule.id} (${rule.title}): ${rule.evidence}`);
    if (rule.kept && announced.has(rule.id)) found.push(`kept rule ${rule.id}, which this scenario should break: ${rule.evidence}`);
  }
  return found;
}

/** Texts that are missing from what was said. */
const unsaid = (where: string, said: string | null, wanted: string | readonly string[] = []): string[] =>
  [wanted].flat().flatMap((text) => ((said ?? '').includes(text) ? [] : [`${where} does not say "${text}"`]));

/** Executions that somebody started meanwhile: those of the machine that people start, not what follows by itself. */
function otherDifferences(expected: readonly ExpectedOther[], others: readonly OtherResult[]): string[] {
  const started = others.filter(({ machine }) => !isRecovery(machine));
  if (started.length !== expected.length) return [`${started.length} other executions were started instead of ${expected.length}`];
  return expected.flatMap(({ status, error, causeIncludes, withinSeconds = Infinity }, index) => {
    const other = started[index];
    if (other === undefined) return [];
    const which = `the other execution ${index + 1}`;
    return [
      ...(other.status === status ? [] : [`${which} ended ${other.status} instead of ${status}`]),
      ...(error === undefined || other.error === error ? [] : [`${which} failed with ${other.error ?? 'no error'} instead of ${error}`]),
      ...unsaid(`the cause of ${which}`, other.cause, causeIncludes),
      ...(other.seconds <= withinSeconds ? [] : [`${which} took ${other.seconds} s instead of at most ${withinSeconds} s`]),
    ];
  });
}

function because({ error, cause }: Pick<RunResult, 'error' | 'cause'>): string {
  return error === null ? '' : `: ${error}: ${(cause ?? '').slice(0, 500)}`;
}
