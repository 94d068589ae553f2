import type { Expectation } from '../scenario/scenario';
import type { RunResult } from './result';

/** How a run differs from what the scenario expects; empty when it is as expected. */
export function differences(
  expected: Expectation,
  result: Pick<RunResult, 'status' | 'error' | 'cause' | 'versions' | 'mutatingCalls' | 'rules'>,
): string[] {
  const found: string[] = [];
  if (result.status !== expected.status) found.push(`ended ${result.status} instead of ${expected.status}${because(result)}`);
  if (expected.error !== undefined && result.error !== expected.error) {
    found.push(`failed with ${result.error ?? 'no error'} instead of ${expected.error}`);
  }
  if (expected.causeIncludes !== undefined && !(result.cause ?? '').includes(expected.causeIncludes)) {
    found.push(`the cause does not say "${expected.causeIncludes}"`);
  }
  if (expected.versions !== undefined && [...expected.versions].sort().join() !== [...result.versions].sort().join()) {
    found.push(`the nodes run ${result.versions.join(' and ') || 'nothing'} instead of ${expected.versions.join(' and ')}`);
  }
  if (expected.mutatingCalls !== undefined && result.mutatingCalls.length !== expected.mutatingCalls) {
    found.push(
      `${result.mutatingCalls.length} mutating calls instead of ${expected.mutatingCalls}: ${result.mutatingCalls.join(', ') || 'none'}`,
    );
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
