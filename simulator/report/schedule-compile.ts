import type { JournalEntry } from '../kernel/ports';
import { backupsOf } from '../rules/backups';
import { doneTwice } from '../rules/done-twice';
import { entriesOf, launches, serving } from '../rules/events';
import type { JudgedRule } from '../rules/index';
import { backupFacts } from '../scenario/backup';
import type { Scenario } from '../scenario/scenario';
import type { ScenarioSchedule } from '../scenario/schedule';
import type { RequestCount } from '../traffic/traffic';
import { backupCounts, backupResult } from './backup';
import { mutatingCalls } from './compile';
import type { Use } from './cost';
import { costUsd } from './cost';
import { reportOf } from './output';
import type { PartResult } from './result';
import { scheduleDifferences } from './schedule-expected';
import type { NightResult, ScheduleResult } from './schedule-result';

/** What the days used and left. */
export interface ScheduleFacts extends Use {
  readonly scenario: Scenario;
  readonly schedule: ScenarioSchedule;
  readonly nights: readonly NightResult[];
  readonly journal: readonly JournalEntry[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly versionOfImage: Readonly<Record<string, string>>;
  readonly upgradeMode: boolean;
  readonly requests: Readonly<RequestCount>;
  readonly deadLetters: number;
  readonly maxHistoryEvents: number;
}

/** One run of the schedule, once it is judged. */
export function nightOf({ evidence, rules }: PartResult, toVersion: string): NightResult {
  const { ending, startedAt, endedAt, versionsAtEnd, journal, initialInstances, originalVersion } = evidence;
  const good = new Set(entriesOf(journal, 'good').map(({ instanceId }) => instanceId));
  const changes = mutatingCalls(evidence).length;
  const backup = changes === 0 ? null : backupResult(evidence);
  return {
    startedAt,
    seconds: Math.round((endedAt - startedAt) / 1000),
    outcome: outcomeOf(ending.output) ?? ending.error ?? ending.status,
    status: ending.status,
    error: ending.error ?? null,
    cause: ending.cause ?? null,
    report: reportOf(ending),
    fromVersion: originalVersion,
    toVersion,
    versions: countOf(versionsAtEnd),
    upgraded: launches(evidence).filter(({ instanceId }) => good.has(instanceId)).length,
    upgradeMode: evidence.upgradeModeAtEnd,
    backup: backup?.id ?? '',
    reusedBackup: backup?.reused ?? false,
    backups: backupCounts(evidence),
    mutatingCalls: changes,
    minServing: Math.min(initialInstances.length, ...serving(journal).map(({ instanceIds }) => instanceIds.length)),
    rules,
  };
}

function outcomeOf(output: unknown): string | undefined {
  const value: unknown = typeof output === 'string' ? JSON.parse(output) : output;
  const { outcome } = (value ?? {}) as { readonly outcome?: unknown };
  return typeof outcome === 'string' ? outcome : undefined;
}

const countOf = (versions: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(versions)].sort().map((version) => [version, versions.filter((each) => each === version).length]));

/** The days as a whole, and how they differ from what the scenario expects. */
export function compileSchedule(facts: ScheduleFacts): ScheduleResult {
  const { scenario, schedule, nights, journal, startedAt, endedAt, versionOfImage } = facts;
  const last = nights.at(-1);
  const upgrades = nights.filter(({ outcome }) => outcome === 'SUCCEEDED').map(({ toVersion }) => toVersion);
  const targets = [...new Set(nights.filter(({ mutatingCalls }) => mutatingCalls > 0).map(({ toVersion }) => toVersion))];
  const backup = { ...backupFacts(scenario.backup), atStart: [], toVersions: [], cleanedUp: false };
  const backups = backupsOf({ journal, backup }).map(({ versions }) => versions);
  const result = {
    scenario: scenario.title,
    expression: schedule.expression,
    timeZone: schedule.timeZone,
    status: last?.status ?? 'NONE',
    error: last?.error ?? null,
    startedAt,
    simulatedSeconds: Math.round((endedAt - startedAt) / 1000),
    nodes: scenario.cluster.nodes,
    nights,
    images: entriesOf(journal, 'image').map((entry) => ({ time: entry.time, version: String(entry['version']) })),
    notifications: entriesOf(journal, 'notification').map((entry) => ({
      time: entry.time,
      subject: String(entry['subject']),
      message: String(entry['message']),
    })),
    doneTwice: doneTwice({
      journal,
      runs: nights.map(({ startedAt: from, seconds }) => ({ from, to: from + seconds * 1000 })),
      versionOfImage,
      nodes: scenario.cluster.nodes,
      targets,
      backups,
    }),
    upgrades,
    minServing: Math.min(scenario.cluster.nodes, ...nights.map(({ minServing }) => minServing)),
    requests: { ...facts.requests, byKind: {} },
    rules: together(nights),
    deadLetters: facts.deadLetters,
    stateTransitions: facts.stateTransitions,
    maxHistoryEvents: facts.maxHistoryEvents,
    costUsd: costUsd(facts),
    seed: scenario.seed,
  };
  const differences = scheduleDifferences(scenario, schedule, result);
  return { ...result, asExpected: differences.length === 0, differences };
}

/** Each rule is kept when every night kept it; else the first that broke it says how. */
function together(nights: readonly NightResult[]): JudgedRule[] {
  const [first] = nights;
  return (first?.rules ?? []).map((rule) => {
    const broken = nights.flatMap(({ rules }) => rules).find(({ id, kept }) => id === rule.id && !kept);
    return broken ?? { ...rule, evidence: `kept by each of ${nights.length} runs` };
  });
}
