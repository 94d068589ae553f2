import type {
  CapacityLook,
  Failure,
  Look,
  NodeReport,
  Outcome,
  Plan,
  Problem,
  ResolvedRequest,
  Rolled,
  Run,
  RunReport,
} from '../../lib/contract/events';
import type { Approvals, ApprovalsSpec } from '../../lib/contract/approvals';
import type { JudgedChecks, Overridden } from '../../lib/contract/checks';
import type { PlanPage } from '../../lib/contract/plan-page';
import { BACKUP_TAGS } from '../../lib/contract/tags';
import { nextSteps } from './advice';
import { approvalsText } from './approval-words';
import type { BackedUpPart } from './backup/restore-plan';
import { restorePlanOf } from './backup/restore-plan';
import { backupText, restoreText } from './backup/words';
import { asMade } from './direction';
import type { Unwrapped } from './failure';
import { unwrapFailure } from './failure';
import { nameOf } from './observation';
import { makePlanPage } from './plan-page';
import { planPageText } from './plan-page-text';
import { isPaused, pausedSubject, pausedSummary } from './paused';
import type { Times } from './plan-duration';
import type { SiteGround } from './site-warnings';
import { siteWarnings } from './site-warnings';
import { asSubject } from './subject';
import { drainSeconds } from './told';

/** What a report is made from: the fields of the state, as far as the run got. */
export interface ReportGround extends SiteGround {
  readonly outcome: Outcome;
  readonly run: Run;
  readonly request?: ResolvedRequest;
  readonly plan?: Plan;
  readonly checks?: Partial<JudgedChecks>;
  readonly backup?: readonly BackedUpPart[];
  /** Why there is no backup at all; empty otherwise. */
  readonly noBackupBecause?: string;
  /** What is known of the times: without it a dry run has no page. */
  readonly times?: Times;
  /** Why backups that are no longer kept, or that failed, are still there; empty when they are not. */
  readonly tidyFailure?: Partial<Failure>;
  readonly rolled?: Rolled;
  /** What people were asked, and what they answered. */
  readonly approvals?: Pick<Approvals, 'answers'>;
  /** The gates that are configured. */
  readonly gates?: ApprovalsSpec;
  /** What was decided after the failure, and why; empty when nothing was. */
  readonly reason?: string;
  /** For a recovery: the execution that ended, and how. */
  readonly ended?: { readonly executionArn: string; readonly status: string };
  readonly failure?: Partial<Failure>;
  readonly restoreFailure?: Partial<Failure>;
  /** What the cluster is made of after a failure; `mixed` when nobody could tell. */
  readonly made?: CapacityLook['made'];
  /** False when the run failed before it held the group, and no other run held it either. */
  readonly held?: boolean;
  /** The last look at the finalization; `done` when the failure came after it. */
  readonly finalized?: Pick<Look, 'verdict'>;
}

const SUBJECTS: Readonly<Record<Outcome, string>> = {
  SUCCEEDED: 'upgraded',
  FAILED: 'UPGRADE FAILED',
  ROLLED_BACK: 'UPGRADE ROLLED BACK',
  HELD: 'UPGRADE HELD, upgrade mode on',
  RECOVERED: 'recovered',
  REFUSED: 'upgrade refused',
  DRY_RUN: 'dry run',
  NOTHING_TO_DO: 'nothing to upgrade',
};

/** Ends of a run that did not do what was asked: its execution fails. */
const UNSUCCESSFUL: readonly Outcome[] = ['FAILED', 'ROLLED_BACK', 'HELD', 'REFUSED'];

/** Puts into words how a run ended: what was done, in which state things are, and what to do next. */
export function makeReport(given: ReportGround): RunReport {
  const ground = settledGround(given);
  const { outcome, plan, request, checks } = ground;
  const stopped = UNSUCCESSFUL.includes(outcome);
  const failed = stopped && !isPaused(ground);
  const failure = stopped ? unwrapFailure(ground.failure ?? {}) : undefined;
  const nodes = ground.rolled?.completed ?? [];
  // A failed backup leaves no array behind.
  const backup: readonly BackedUpPart[] = Array.isArray(ground.backup) ? ground.backup : [];
  const restorePlan = plan ? restorePlanOf(plan, backup) : [];
  const warnings = [...(checks?.warnings ?? []), ...siteWarnings(ground), ...untidied(ground)];
  const overridden = checks?.overridden ?? [];
  const approvals = ground.approvals?.answers ?? [];
  const planPage = planPageOf(ground);
  const sections = (commands: boolean): readonly string[] => [
    summary(ground, failure),
    ...(planPage ? planPageText(planPage) : []),
    ...approvalsText(approvals),
    ...(nodes.length > 0 ? [nodesText(nodes)] : []),
    ...(BACKUP_TOLD.includes(outcome) ? backupText({ plan, backup, noneBecause: ground.noBackupBecause ?? '' }) : []),
    ...(RESTORE_TOLD.includes(outcome) && !isPaused(ground) ? restoreText(restorePlan, commands) : []),
    ...(STATE_TOLD.includes(outcome) ? [stateText(ground)] : []),
    ...(warnings.length > 0 && !planPage
      ? [`Warnings:\n${warnings.map(({ check, message }) => `- [${check}] ${message}`).join('\n')}`]
      : []),
    ...(planPage ? [] : overriddenText(overridden)), // the page tells both with all other checks
    ...next(ground, failure),
    `Execution: ${ground.run.executionArn}`,
  ];
  const text = sections(true).join('\n\n');
  return {
    outcome,
    subject: subject(ground),
    text,
    error: failed ? (failure?.error ?? '') : '',
    // Step Functions takes no cause of more than 32768 characters, so it has no commands.
    cause: failed ? sections(false).join('\n\n') : '',
    fromVersion: plan?.fromVersion ?? '',
    toVersion: plan?.toVersion ?? request?.targetVersion ?? '',
    nodes,
    backup: backup.map(({ part, resource, snapshotIds, startedAt }) => ({ part, resource, snapshotIds, startedAt })),
    restorePlan,
    warnings,
    overridden,
    approvals,
    ...(planPage && { planPage }),
  };
}

/** The page that a dry run ends with, unless nothing would be done. */
function planPageOf({ outcome, plan, request, checks, noBackupBecause = '', times, gates = {} }: ReportGround): PlanPage | undefined {
  if (outcome !== 'DRY_RUN' || plan?.action !== 'upgrade' || !times) return undefined;
  return makePlanPage({ plan, request, checks, noBackupBecause, times, gates });
}

/** What did not pass and was let through, with the reason that was given. */
function overriddenText(overridden: readonly Overridden[]): readonly string[] {
  const lines = overridden.map(({ check, found, reason }) => `- [${check}] ${found} Overridden because: ${reason}`);
  return lines.length > 0 ? [`Overridden by the request:\n${lines.join('\n')}`] : [];
}

/** Ends of a run that made or used a backup, or went without one. */
const BACKUP_TOLD: readonly Outcome[] = ['SUCCEEDED', 'FAILED', 'ROLLED_BACK', 'HELD'];

/** Ends after which somebody may want to go back: not where every node is what it was, nor where all goes as planned. */
const RESTORE_TOLD: readonly Outcome[] = ['SUCCEEDED', 'FAILED', 'HELD'];

const STATE_TOLD: readonly Outcome[] = ['FAILED', 'ROLLED_BACK', 'HELD', 'RECOVERED'];

/**
 * As people see it: from the version that the upgrade started from, whichever way the plan was turned; and a failure that left nodes of
 * both versions serving, with nothing left to put back, is held; so is one that nobody let finalize, and a run whose window ended, even when it is
 * back where it began.
 */
function settledGround(ground: ReportGround): ReportGround {
  const { outcome, plan, made } = ground;
  const waits = made === 'mixed' || (made === 'upgraded' && ground.failure?.Error === 'ApprovalMissing');
  const held = isPaused(ground) || (outcome === 'FAILED' && waits && !isFinal(ground) && !notRestored(ground));
  return {
    ...ground,
    ...(held && { outcome: 'HELD' as const }),
    ...(outcome === 'ROLLED_BACK' && { made: 'original' as const }),
    ...(plan && { plan: asMade(plan) }),
  };
}

function subject(ground: ReportGround): string {
  const { outcome, plan, request, restoreFailure } = ground;
  const versions = plan ? ` ${plan.fromVersion} to ${plan.toVersion || '?'}` : request?.targetVersion ? ` to ${request.targetVersion}` : '';
  const where = plan ? ` (${plan.groupName})` : '';
  const what = isPaused(ground)
    ? pausedSubject(ground)
    : outcome === 'RECOVERED' && restoreFailure?.Error
      ? 'RECOVERY FAILED'
      : SUBJECTS[outcome];
  return asSubject(`Bitbucket: ${what}${outcome === 'NOTHING_TO_DO' ? '' : versions}${where}`);
}

function summary(ground: ReportGround, failure: Unwrapped | undefined): string {
  const { outcome, plan, request, rolled, run, ended } = ground;
  const from = plan?.fromVersion ?? 'the current version';
  const to = plan?.toVersion || request?.targetVersion || 'the wanted version';
  const group = plan?.groupName ?? 'the cluster';
  const count = rolled?.completed.length ?? 0;
  const replaced = `${count} ${count === 1 ? 'node was' : 'nodes were'} taken out until then`;
  const why = reasonOf(ground, failure);
  switch (outcome) {
    case 'SUCCEEDED':
      return `${group} is upgraded from ${from} to ${to}: every node is replaced, the upgrade is finalized, and the group's settings and Bitbucket's banner are as they were. Started ${run.startedAt}.`;
    case 'DRY_RUN':
      return plan?.action === 'nothing'
        ? `Dry run: there is nothing to upgrade. ${idle(ground)}`
        : `Dry run: ${group} could be upgraded from ${from} to ${to}. Nothing was changed.`;
    case 'NOTHING_TO_DO':
      return idle(ground);
    case 'REFUSED':
      return `${failure?.error ?? 'RequestRefused'}: ${failure?.message ?? ''}`;
    case 'FAILED':
      return ground.held === false
        ? `The upgrade of ${group} from ${from} to ${to} failed before it began: no node, no setting of the group and no upgrade mode was touched.\n${why}`
        : `The upgrade of ${group} from ${from} to ${to} failed; ${replaced}.\n${why}`;
    case 'ROLLED_BACK':
      return `The upgrade of ${group} from ${from} to ${to} failed and was undone: every node runs ${from} again, and upgrade mode is off.\n${why}`;
    case 'HELD':
      if (failure && isPaused(ground)) return pausedSummary(ground, failure);
      return `The upgrade of ${group} from ${from} to ${to} stopped in the middle; ${replaced}. Every node serves, and it can go on from here.\n${why}`;
    case 'RECOVERED':
      return `The execution ${ended?.executionArn ?? ''} that upgraded ${group} from ${from} to ${to} ended ${ended?.status ?? 'from outside'}. What it left behind ${notRestored(ground) ? 'could NOT all be put back' : 'is put back'}.`;
  }
}

/** Why nothing is to be done. */
function idle({ plan, request }: ReportGround): string {
  const group = plan?.groupName ?? 'the cluster';
  if (request?.upToDate) return `${request.resolution ?? ''} ${group} runs it already. Nothing was changed.`.trim();
  return `Every node of ${group} runs ${plan?.toVersion || request?.targetVersion || 'the wanted version'} already, and upgrade mode is off. Nothing was changed.`;
}

/** The error, and what was decided about it, which repeats the error. */
function reasonOf({ reason }: ReportGround, failure: Unwrapped | undefined): string {
  const error = `${failure?.error ?? 'Unknown'}: ${failure?.message ?? ''}`;
  if (!reason) return error;
  return reason.includes(error) ? reason : `${error}\n${reason}`;
}

const MADE: Readonly<Record<CapacityLook['made'], string>> = {
  original: 'its original nodes',
  mixed: 'nodes of both versions',
  upgraded: 'upgraded nodes only',
};

/** For people: what became of a node. */
export function nodeText(node: NodeReport): string {
  const { old, replacement, bootSeconds } = node;
  const by = replacement
    ? `replaced by ${nameOf(replacement)}${bootSeconds > 0 ? `, good ${bootSeconds} s after its launch` : ''}`
    : 'retired';
  return `${nameOf(old)}: drained in ${drainSeconds(node)} s, ${by}`;
}

const nodesText = (nodes: readonly NodeReport[]): string => `Nodes:\n${nodes.map((node) => `- ${nodeText(node)}`).join('\n')}`;

function stateText(ground: ReportGround): string {
  const { made = 'mixed' } = ground;
  const restore = notRestored(ground);
  return [
    'State:',
    ...(isFinal(ground)
      ? ['- the upgrade is final: every node is upgraded, and upgrade mode is off']
      : [`- the cluster is made of ${MADE[made]}`, `- ${modeText(ground, made)}`]),
    restore
      ? `- NOT RESTORED: ${restore.error}: ${restore.message}`
      : `- the group's sizes and processes, and Bitbucket's banner, are as they were${isPaused(ground) ? '' : ', unless the error above is about them'}`,
  ].join('\n');
}

function modeText(ground: ReportGround, made: CapacityLook['made']): string {
  const { outcome, plan } = ground;
  if (ground.held === false) return 'upgrade mode was not touched: the run ended before it changed anything but the banner';
  if (made === 'upgraded')
    return 'UPGRADE MODE STAYS ON, unless the upgrade was finalized: a start with the same target looks, and finishes';
  if (made === 'mixed' || notRestored(ground)) {
    return `UPGRADE MODE STAYS ON: nodes of ${plan?.fromVersion ?? 'the original version'} and ${plan?.toVersion ?? 'the new one'} can run together until the upgrade goes on`;
  }
  return outcome === 'FAILED'
    ? 'UPGRADE MODE MAY BE ON: the recovery that starts when this execution has failed turns it off, and tells'
    : 'upgrade mode is off again';
}

/** Whether the failure came after the point of no return. */
const isFinal = ({ finalized }: ReportGround): boolean => finalized?.verdict === 'done';

/** Backups that should be gone, or be marked, and are not: nothing that an upgrade fails for. */
function untidied({ tidyFailure }: ReportGround): readonly Problem[] {
  if (!tidyFailure?.Error) return [];
  const { error, message } = unwrapFailure(tidyFailure);
  return [
    {
      check: 'backup',
      message: `Backups could not be tidied: ${error}: ${message} What is left carries the tag ${BACKUP_TAGS.id}: look at it, and delete by hand what is no longer needed.`,
    },
  ];
}

/** What could not be put back; undefined when nothing failed (the workflow then passes empty texts). */
const notRestored = ({ restoreFailure }: ReportGround): Unwrapped | undefined =>
  restoreFailure?.Error ? unwrapFailure(restoreFailure) : undefined;

function next(ground: ReportGround, failure: Unwrapped | undefined): readonly string[] {
  const steps = nextSteps(ground, failure?.error, { isFinal: isFinal(ground), isUnrestored: notRestored(ground) !== undefined });
  return steps.length > 0 ? [`What to do next:\n${steps.map((step) => `- ${step}`).join('\n')}`] : [];
}
