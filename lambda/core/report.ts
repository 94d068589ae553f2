import type {
  BackupPart,
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
import { nextSteps } from './advice';
import type { Unwrapped } from './failure';
import { unwrapFailure } from './failure';
import { nameOf } from './observation';

/** What a report is made from: the fields of the state, as far as the run got. */
export interface ReportGround {
  readonly outcome: Outcome;
  readonly run: Run;
  readonly request?: ResolvedRequest;
  readonly plan?: Plan;
  readonly checks?: { readonly warnings?: readonly Problem[] };
  readonly backup?: readonly BackupPart[];
  readonly rolled?: Rolled;
  readonly failure?: Partial<Failure>;
  readonly restoreFailure?: Partial<Failure>;
  /** What the cluster is made of after a failure; `mixed` when nobody could tell. */
  readonly made?: CapacityLook['made'];
  /** The last look at the finalization; `done` when the failure came after it. */
  readonly finalized?: Pick<Look, 'verdict'>;
}

/** Longest subject that SNS takes; it must be ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH = 100;

const SUBJECTS: Readonly<Record<Outcome, string>> = {
  SUCCEEDED: 'upgraded',
  FAILED: 'UPGRADE FAILED',
  REFUSED: 'upgrade refused',
  DRY_RUN: 'dry run',
  NOTHING_TO_DO: 'nothing to upgrade',
};

/** Puts into words how a run ended: what was done, in which state things are, and what to do next. */
export function makeReport(ground: ReportGround): RunReport {
  const { outcome, plan, request, checks } = ground;
  const failed = outcome === 'FAILED' || outcome === 'REFUSED';
  const failure = failed ? unwrapFailure(ground.failure ?? {}) : undefined;
  const nodes = ground.rolled?.completed ?? [];
  // A failed backup leaves no array behind.
  const backup = Array.isArray(ground.backup) ? ground.backup : [];
  const warnings = checks?.warnings ?? [];
  const sections = [
    summary(ground, failure),
    ...(outcome === 'DRY_RUN' && plan ? [planText(plan)] : []),
    ...(nodes.length > 0 ? [nodesText(nodes)] : []),
    ...(backup.length > 0 ? [backupText(backup)] : []),
    ...(outcome === 'FAILED' ? [stateText(ground)] : []),
    ...(warnings.length > 0 ? [`Warnings:\n${warnings.map(({ check, message }) => `- [${check}] ${message}`).join('\n')}`] : []),
    ...next(ground, failure),
    `Execution: ${ground.run.executionArn}`,
  ];
  const text = sections.join('\n\n');
  return {
    outcome,
    subject: subject(ground),
    text,
    error: failure?.error ?? '',
    cause: failed ? text : '',
    fromVersion: plan?.fromVersion ?? '',
    toVersion: plan?.toVersion ?? request?.targetVersion ?? '',
    nodes,
    backup,
    warnings,
  };
}

function subject({ outcome, plan, request }: ReportGround): string {
  const versions = plan ? ` ${plan.fromVersion} to ${plan.toVersion || '?'}` : request?.targetVersion ? ` to ${request.targetVersion}` : '';
  const where = plan ? ` (${plan.groupName})` : '';
  return `Bitbucket: ${SUBJECTS[outcome]}${outcome === 'NOTHING_TO_DO' ? '' : versions}${where}`
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, SUBJECT_LENGTH);
}

function summary({ outcome, plan, request, rolled, run }: ReportGround, failure: Unwrapped | undefined): string {
  const from = plan?.fromVersion ?? 'the current version';
  const to = plan?.toVersion || request?.targetVersion || 'the wanted version';
  const group = plan?.groupName ?? 'the cluster';
  const replaced = rolled?.completed.length ?? 0;
  switch (outcome) {
    case 'SUCCEEDED':
      return `${group} is upgraded from ${from} to ${to}: every node is replaced, the upgrade is finalized, and the group's settings are as they were. Started ${run.startedAt}.`;
    case 'DRY_RUN':
      return `Dry run: ${group} could be upgraded from ${from} to ${to}. Nothing was changed.`;
    case 'NOTHING_TO_DO':
      return `Every node of ${group} runs ${to} already, and upgrade mode is off. Nothing was changed.`;
    case 'REFUSED':
      return `${failure?.error ?? 'RequestRefused'}: ${failure?.message ?? ''}`;
    case 'FAILED':
      return `The upgrade of ${group} from ${from} to ${to} failed; ${replaced} nodes were taken out until then.\n${failure?.error ?? 'Unknown'}: ${failure?.message ?? ''}`;
  }
}

const MADE: Readonly<Record<CapacityLook['made'], string>> = {
  original: 'its original nodes',
  mixed: 'nodes of both versions',
  upgraded: 'upgraded nodes only',
};

function planText(plan: Plan): string {
  const { sizes, launchTemplate, nodes, capacity, continues } = plan;
  return [
    'The plan:',
    `- ${continues ? 'go on with an interrupted upgrade' : 'back up the database and the shared home'} (backup pair ${plan.backupId})`,
    `- turn on upgrade mode; image ${plan.originalImageId} becomes ${plan.targetImageId} in launch template ${launchTemplate.id} (${launchTemplate.versionSpec})`,
    `- ${capacity === 'surge' ? `one node more than ${sizes.desired} while nodes are replaced` : `one node fewer than ${sizes.desired} while a node is replaced`}`,
    ...nodes.map((node, index) => `- node ${index + 1}: ${nameOf(node)}`),
    '- finalize, and restore the settings of the group',
  ].join('\n');
}

const nodesText = (nodes: readonly NodeReport[]): string =>
  `Nodes:\n${nodes
    .map(({ old, replacement, bootSeconds, standbyAt, drainedAt }) => {
      const drained = Math.max(0, Math.round((Date.parse(drainedAt) - Date.parse(standbyAt)) / 1000));
      const by = replacement
        ? `replaced by ${nameOf(replacement)}${bootSeconds > 0 ? `, good ${bootSeconds} s after its launch` : ''}`
        : 'retired';
      return `- ${nameOf(old)}: drained in ${drained} s, ${by}`;
    })
    .join('\n')}`;

const backupText = (backup: readonly BackupPart[]): string =>
  `Backup pair:\n${backup.map(({ part, resource, snapshotIds }) => `- ${part} (${resource}): ${snapshotIds.join(', ')}`).join('\n')}`;

function stateText(ground: ReportGround): string {
  const { plan, made = 'mixed' } = ground;
  const restore = notRestored(ground);
  const mode = `UPGRADE MODE STAYS ON: nodes of ${plan?.fromVersion ?? 'the original version'} and ${plan?.toVersion ?? 'the new one'} can run together until the upgrade goes on`;
  return [
    'State:',
    ...(isFinal(ground)
      ? ['- the upgrade is final: every node is upgraded, and upgrade mode is off']
      : [`- the cluster is made of ${MADE[made]}`, made === 'original' && !restore ? '- upgrade mode is off again' : `- ${mode}`]),
    restore
      ? `- NOT RESTORED: ${restore.error}: ${restore.message}`
      : "- the group's sizes and processes are as they were, unless the error above is about them",
  ].join('\n');
}

/** Whether the failure came after the point of no return. */
const isFinal = ({ finalized }: ReportGround): boolean => finalized?.verdict === 'done';

/** What could not be put back; undefined when nothing failed (the workflow then passes empty texts). */
const notRestored = ({ restoreFailure }: ReportGround): Unwrapped | undefined =>
  restoreFailure?.Error ? unwrapFailure(restoreFailure) : undefined;

function next(ground: ReportGround, failure: Unwrapped | undefined): readonly string[] {
  const steps = nextSteps(ground, failure?.error, { isFinal: isFinal(ground), isUnrestored: notRestored(ground) !== undefined });
  return steps.length > 0 ? [`What to do next:\n${steps.map((step) => `- ${step}`).join('\n')}`] : [];
}
