import type { RunResult } from './result';
import { backupText } from './backup';
import type { NodeTimeline } from './timeline';
import { clock, duration } from './words';

/** The report for people: what was done, how long per node, the backup, the rules. */
export function report(result: RunResult): string {
  return [
    ...outcome(result),
    '',
    ...said(result),
    ...nodes(result.timeline),
    '',
    ...backupText(result.backup, result.restorePlan),
    '',
    ...numbers(result),
    '',
    ...rules(result),
    ...denied(result),
    ...surprises(result),
  ].join('\n');
}

function outcome({ status, error, cause, fromVersion, toVersion, versions, nodes: count, end }: RunResult): string[] {
  const upgraded = status === 'SUCCEEDED' && versions.length === 1 && versions[0] !== fromVersion;
  const head = upgraded
    ? `Upgraded ${count} nodes from ${fromVersion} to ${versions.join()}.`
    : `${status === 'SUCCEEDED' && end === 'held' ? 'Held until the next window' : status}: asked for ${toVersion ?? 'no version'}, the nodes run ${versions.join(' and ') || 'nothing'}.`;
  return error === null ? [head] : [head, `${error}:`, ...(cause ?? '').split('\n').map((line) => `  ${line}`)];
}

/** What the workflow says itself, where the upgrade was not done: the plan of a dry run, that there is nothing to do, or that it goes on in the next window. */
function said({ report: text, status, timeline, end }: RunResult): string[] {
  const changed = timeline.some(({ launched, leftService }) => launched !== undefined || leftService !== undefined);
  if (text === null || status !== 'SUCCEEDED' || (changed && end !== 'held')) return [];
  return ['The report of the execution', ...text.split('\n').map((line) => (line === '' ? '' : `  ${line}`)), ''];
}

function nodes(timeline: readonly NodeTimeline[]): string[] {
  const lines = timeline.map(({ instanceId, version, launched, good, leftService, drained, gone }) => {
    const steps = [
      launched === undefined ? undefined : `launched at ${clock(launched)}`,
      good === undefined || launched === undefined ? undefined : `good after ${duration(good - launched)}`,
      leftService === undefined ? undefined : `out of service at ${clock(leftService)}`,
      drained === undefined || leftService === undefined ? undefined : `drained after ${duration(drained - leftService)}`,
      gone === undefined ? undefined : `gone at ${clock(gone)}`,
    ].filter((step) => step !== undefined);
    return `  ${instanceId}  ${version.padEnd(8)} ${steps.join(', ') || 'served throughout'}`;
  });
  return ['Nodes', ...lines];
}

function numbers(result: RunResult): string[] {
  const { requests, minServing, simulatedSeconds, criticalPathSeconds, stateTransitions, maxHistoryEvents, costUsd } = result;
  const beyond = criticalPathSeconds === 0 ? '' : `, ${duration(criticalPathSeconds)} of it on the critical path`;
  return [
    'Numbers',
    `  time            ${duration(simulatedSeconds)}${beyond}`,
    `  requests        ${requests.total} served or open, ${requests.failed} failed (${kinds(result)})`,
    `  serving         never fewer than ${minServing} nodes`,
    `  Step Functions  ${stateTransitions} transitions, at most ${maxHistoryEvents} events in one history`,
    `  cost            ${costUsd.toFixed(4)} USD for Step Functions and Lambda`,
  ];
}

function kinds({ requests }: RunResult): string {
  return Object.entries(requests.byKind)
    .map(([kind, { total }]) => `${kind} ${total}`)
    .join(', ');
}

function rules({ rules: judged }: RunResult): string[] {
  return [
    'Rules',
    ...judged.map(
      ({ id, title, kept, evidence }) => `  ${kept ? 'kept  ' : 'BROKEN'} ${String(id).padStart(2)} ${title}\n            ${evidence}`,
    ),
  ];
}

function denied({ deniedCalls }: RunResult): string[] {
  if (deniedCalls.length === 0) return [];
  return ['', 'Denied calls', ...deniedCalls.map(({ action, caller, seconds }) => `  ${clock(seconds)} ${action} to ${caller}`)];
}

function surprises({ differences, seed, asExpected }: RunResult): string[] {
  if (asExpected) return ['', 'The run ended as the scenario expects.'];
  return ['', `NOT as the scenario expects (seed ${seed}):`, ...differences.map((difference) => `  - ${difference}`)];
}
