import { backupCounts, backupResult, restorePlanOf } from './backup';
import { reportOf } from './output';
import { costUsd } from './cost';
import { differences } from './expected';
import type { DeniedCall, NextResult, NotificationResult, OtherResult, PartResult, RunResult, UnusedGrant } from './result';
import { criticalPath, timelines } from './timeline';
import { calls, entriesOf, serving } from '../rules/events';
import { DENIALS } from '../rules/allowed-and-discreet';
import { endStateOf } from '../rules/end-state';
import type { Evidence, OtherEnding } from '../rules/rule';
import type { Scenario } from '../scenario/scenario';
import { targetOf } from '../scenario/target';
import type { RequestCount } from '../traffic/traffic';

/** What a run used and left, beside the evidence. */
export interface RunFacts {
  readonly scenario: Scenario;
  readonly part: PartResult;
  readonly next?: PartResult;
  readonly requests: Readonly<RequestCount>;
  readonly requestsByKind: ReadonlyMap<string, Readonly<RequestCount>>;
  readonly maxHistoryEvents: number;
  readonly stateTransitions: number;
  readonly lambdaGbSeconds: number;
  readonly lambdaInvocations: number;
  readonly unusedGrants: readonly UnusedGrant[];
}

/** The result of a run, from the world's facts, and how it differs from what the scenario expects. */
export function compileResult(facts: RunFacts): RunResult {
  const { scenario, part, requests } = facts;
  const { evidence } = part;
  const { journal, startedAt, endedAt, ending, originalVersion } = evidence;
  const backup = backupResult(evidence);
  const timeline = timelines(evidence);
  const result = {
    status: ending.status,
    error: ending.error ?? null,
    cause: ending.cause ?? null,
    report: reportOf(ending),
    versions: [...new Set(evidence.versionsAtEnd)].sort(),
    mutatingCalls: mutatingCalls(evidence),
    notifications: notificationsOf(evidence),
    rules: part.rules,
    backups: backupCounts(evidence),
    others: evidence.others.map(otherResult),
  };
  const next = facts.next === undefined ? null : nextResult(facts.next);
  const found = [
    ...differences(scenario.expect, result),
    ...(next === null || scenario.thenStart === undefined
      ? []
      : differences(scenario.thenStart.expect, next).map((difference) => `then: ${difference}`)),
  ];
  return {
    scenario: scenario.title,
    status: result.status,
    error: result.error,
    cause: result.cause,
    report: result.report,
    asExpected: found.length === 0,
    differences: found,
    fromVersion: originalVersion,
    toVersion: targetOf(scenario, scenario.request, originalVersion),
    versions: result.versions,
    end: endStateOf(evidence) ?? null,
    others: result.others,
    next,
    nodes: evidence.initialInstances.length,
    simulatedSeconds: Math.round((endedAt - startedAt) / 1000),
    criticalPathSeconds: Math.round(criticalPath(timeline, backup?.seconds ?? 0, originalVersion)),
    requests: { ...requests, byKind: Object.fromEntries(facts.requestsByKind) },
    minServing: Math.min(evidence.initialInstances.length, ...serving(journal).map(({ instanceIds }) => instanceIds.length)),
    maxHistoryEvents: facts.maxHistoryEvents,
    stateTransitions: facts.stateTransitions,
    lambdaGbSeconds: Math.round(facts.lambdaGbSeconds * 1000) / 1000,
    costUsd: costUsd(facts),
    backup,
    backups: result.backups,
    restorePlan: restorePlanOf(ending),
    timeline,
    rules: result.rules,
    mutatingCalls: result.mutatingCalls,
    notifications: result.notifications,
    deniedCalls: deniedCalls(evidence),
    unusedGrants: facts.unusedGrants,
    seed: scenario.seed,
  };
}

function nextResult({ evidence, rules }: PartResult): NextResult {
  const { ending, startedAt, endedAt } = evidence;
  return {
    status: ending.status,
    error: ending.error ?? null,
    cause: ending.cause ?? null,
    report: reportOf(ending),
    versions: [...new Set(evidence.versionsAtEnd)].sort(),
    end: endStateOf(evidence) ?? null,
    backup: backupResult(evidence),
    backups: backupCounts(evidence),
    mutatingCalls: mutatingCalls(evidence),
    notifications: notificationsOf(evidence),
    others: evidence.others.map(otherResult),
    simulatedSeconds: Math.round((endedAt - startedAt) / 1000),
    rules,
  };
}

function notificationsOf({ journal, startedAt }: Evidence): NotificationResult[] {
  return entriesOf(journal, 'notification').map(({ time, subject, message, body }) => ({
    seconds: Math.round((time - startedAt) / 1000),
    subject: String(subject),
    text: String(message),
    body: typeof body === 'string' ? body : null,
  }));
}

const otherResult = ({ machine, status, error, cause, seconds }: OtherEnding): OtherResult => ({
  machine,
  status,
  error: error ?? null,
  cause: cause ?? null,
  seconds: Math.round(seconds),
});

/** Calls that changed something of the cluster, its backups or Bitbucket; telling people (SNS) is none, nor is what people did in the administration. */
export function mutatingCalls({ journal, startedAt }: Evidence): string[] {
  const aws = calls(journal).filter(({ mutates, error, action }) => mutates && error === undefined && !action.startsWith('sns:'));
  const bitbucket = entriesOf(journal, 'bitbucket').filter(
    (entry) => entry['event'] === 'upgrade-mode' && entry['accepted'] === true && entry['by'] !== 'person',
  );
  const banners = entriesOf(journal, 'inventory').filter((entry) => entry['event'] === 'banner' && entry['by'] === 'rest');
  return [
    ...aws.map(({ time, action }) => ({ time, action })),
    ...bitbucket.map((entry) => ({ time: entry.time, action: `bitbucket:${String(entry['call'])}` })),
    ...banners.map(({ time }) => ({ time, action: 'bitbucket:banner' })),
  ]
    .filter(({ time }) => time >= startedAt)
    .sort((a, b) => a.time - b.time)
    .map(({ action }) => action);
}

function deniedCalls({ journal, startedAt }: Evidence): DeniedCall[] {
  return calls(journal)
    .filter(({ error }) => error !== undefined && DENIALS.has(error))
    .map(({ action, caller, time, message }) => ({
      action,
      caller,
      seconds: Math.round((time - startedAt) / 1000),
      message: message ?? '',
    }));
}
