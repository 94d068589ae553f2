import type { Backup } from '../rules/backups';
import { backupsOf, leftovers, pairOf } from '../rules/backups';
import type { Ending, Evidence } from '../rules/rule';
import { clock, duration } from './words';

/** A part of the backup, in seconds since the run began: negative when an earlier run made it. */
export interface BackupPartResult {
  readonly part: string;
  /** Snapshots and recovery points. */
  readonly ids: readonly string[];
  readonly begun: number;
  /** Null when some of it never was. */
  readonly complete: number | null;
  /** How much of what it is of has its snapshot complete. */
  readonly percent: number;
}

/** A step of the restore, as the execution's output says it: the commands are filled in for this cluster. */
export interface RestoreStepResult {
  readonly title: string;
  readonly commands: readonly string[];
}

/** The backup that a run rested on, or else the last one that it began. */
export interface BackupResult {
  /** One for all parts. */
  readonly id: string;
  readonly versions: string;
  readonly complete: boolean;
  /** Whether an earlier run had made it. */
  readonly reused: boolean;
  readonly skewSeconds: number;
  readonly skewLimitSeconds: number;
  readonly parts: readonly BackupPartResult[];
  /** From the first part's beginning until all were complete; 0 when it was there already, or never was. */
  readonly seconds: number;
}

/** How many backups there are at the end of a part. */
export interface BackupCounts {
  /** Complete ones of this cluster. */
  readonly complete: number;
  /** Snapshots of this cluster that belong to no complete one. */
  readonly leftovers: number;
}

/** The backup of a run; null when it began none and used none. */
export function backupResult(evidence: Evidence): BackupResult | null {
  const { startedAt, backup } = evidence;
  const found: Backup | undefined =
    pairOf(evidence) ??
    backupsOf(evidence)
      .filter(({ begunAt }) => begunAt >= startedAt)
      .at(-1);
  if (found === undefined) return null;
  const { id, versions, begunAt, completedAt, skewSeconds } = found;
  const reused = begunAt < startedAt;
  return {
    id,
    versions,
    complete: completedAt !== undefined,
    reused,
    skewSeconds,
    skewLimitSeconds: backup.skewLimitSeconds,
    parts: backup.sources.map(({ part, of }) => partResult(part, of, found, startedAt)),
    seconds: reused || completedAt === undefined ? 0 : Math.round((completedAt - begunAt) / 1000),
  };
}

function partResult(part: string, of: readonly string[], { items }: Backup, startedAt: number): BackupPartResult {
  const own = items.filter((item) => of.includes(item.of));
  const done = of.map((source) =>
    Math.min(Infinity, ...own.filter((item) => item.of === source).map((item) => item.completedAt ?? Infinity)),
  );
  const seconds = (time: number): number => Math.round((time - startedAt) / 1000);
  const complete = Math.max(...done);
  return {
    part,
    ids: own.map(({ id }) => id),
    begun: own.length === 0 ? 0 : seconds(Math.min(...own.map((item) => item.startedAt))),
    complete: complete < Infinity ? seconds(complete) : null,
    percent: Math.round((100 * done.filter((time) => time < Infinity).length) / of.length),
  };
}

/** What is there of this cluster at the end. */
export function backupCounts(evidence: Evidence): BackupCounts {
  const complete = backupsOf(evidence).filter((each) => each.completedAt !== undefined && each.deletedAt === undefined);
  return { complete: complete.length, leftovers: leftovers(evidence).length };
}

/** The restore steps in an execution's output; empty when it has none. */
export function restorePlanOf({ output }: Pick<Ending, 'output'>): readonly RestoreStepResult[] {
  const value: unknown = typeof output === 'string' ? JSON.parse(output) : output;
  const plan = (value as { restorePlan?: unknown } | undefined)?.restorePlan;
  return Array.isArray(plan) ? (plan as RestoreStepResult[]) : [];
}

/** The backup for people: each part, the skew, and the way back. */
export function backupText(backup: BackupResult | null, restorePlan: readonly RestoreStepResult[]): string[] {
  if (backup === null) return ['Backup', '  none'];
  const { id, versions, complete, reused, skewSeconds, skewLimitSeconds, parts } = backup;
  const commands = restorePlan.reduce((sum, step) => sum + step.commands.length, 0);
  return [
    'Backup',
    `  ${id} (${versions})${reused ? ', of an earlier run' : ''}${complete ? '' : ', NOT complete'}`,
    ...parts.map(partText),
    `  skew            ${skewSeconds} s of at most ${skewLimitSeconds} s`,
    `  way back        ${restorePlan.length === 0 ? 'not in the output' : `${restorePlan.length} steps, ${commands} commands: restorePlan in the execution's output`}`,
  ];
}

function partText({ part, ids, begun, complete, percent }: BackupPartResult): string {
  const begins = ids.length === 0 ? 'not begun' : begun < 0 ? `begun ${duration(-begun)} before the run` : `begun at ${clock(begun)}`;
  const ends = complete === null ? '' : `, complete ${complete < 0 ? 'before it' : `at ${clock(complete)}`}`;
  return `  ${part.padEnd(14)}  ${String(percent).padStart(3)} %  ${begins}${ends}  ${ids.join(', ')}`.trimEnd();
}
