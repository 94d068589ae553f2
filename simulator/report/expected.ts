import type { Expectation } from '../scenario/scenario';
import type { RunResult } from './result';

/** How a run differs from what the scenario expects; empty when it is as expected. */
export function differences(
  expected: Expectation,
  result: Pick<RunResult, 'status' | 'error' | 'cause' | 'versions' | 'mutatingCalls' | 'rules' | 'backups'>,
): string[] {
  const found: string[] = [];
  if (result.status !== expected.status) found.push(`ended ${result.status} instead of ${expected.status}${because(result)}`);
  if (expected.error !== undefined && result.error !== expected.error) {
    found.push(`failed with ${result.error ?? 'no error'} instead of ${expected.error}`);
  }
  for (const text of [expected.causeIncludes ?? []].flat()) {
    if (!(result.cause ?? '').includes(text)) found.push(`the cause does not say "${text}"`);
  }
  if (expected.versions !== undefined && [...expected.versions].sort().join() !== [...result.versions].sort().join()) {
    found.push(`the nodes run ${result.versions.join(' and ') || 'nothing'} instead of ${expected.versions.join(' and ')}`);
  }
  if (expected.mutatingCalls !== undefined && result.mutatingCalls.length !== expected.mutatingCalls) {
    found.push(
      `${result.mutatingCalls.length} mutating calls instead of ${expected.mutatingCalls}: ${result.mutatingCalls.join(', ') || 'none'}`,
    );
  }
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

function because({ error, cause }: Pick<RunResult, 'error' | 'cause'>): string {
  return error === null ? '' : `: ${error}: ${(cause ?? '').slice(0, 500)}`;
}
