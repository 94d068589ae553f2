import type { ApprovalsSpec } from '../../lib/contract/approvals';
import { APPROVAL_GATES } from '../../lib/contract/approvals';
import type { JudgedChecks } from '../../lib/contract/checks';
import type { Plan, ResolvedRequest } from '../../lib/contract/events';
import type { PlanPage, PlannedApproval, PlannedCheck } from '../../lib/contract/plan-page';
import { plannedCalls, toSuspend } from './plan-calls';
import type { Times } from './plan-duration';
import { plannedDuration } from './plan-duration';
import { releaseNotes } from './release-notes';

/** What a plan page is made from. */
export interface PageGround {
  readonly plan: Plan;
  readonly request?: Pick<ResolvedRequest, 'resolution'> | undefined;
  readonly checks?: Partial<JudgedChecks> | undefined;
  /** Why there is no backup; empty when there is one. */
  readonly noBackupBecause: string;
  readonly times: Times;
  /** The gates that are configured. */
  readonly gates: ApprovalsSpec;
}

/** What the run would do, so that somebody else can agree to it. Changes and asks nothing. */
export function makePlanPage({ plan, request, checks, noBackupBecause, times, gates }: PageGround): PlanPage {
  const { launchTemplate, sizes, reusesBackup = false } = plan;
  return {
    groupName: plan.groupName,
    fromVersion: plan.fromVersion,
    toVersion: plan.toVersion,
    resolution: request?.resolution ?? '',
    continues: plan.continues,
    image: { from: plan.originalImageId, to: plan.targetImageId, launchTemplate: `${launchTemplate.id} (${launchTemplate.versionSpec})` },
    sizes,
    capacity: capacityText(plan),
    nodes: plan.nodes,
    suspended: toSuspend(plan),
    backup:
      noBackupBecause === ''
        ? { id: plan.backupId, parts: plan.backupParts ?? [], isReused: reusesBackup, noneBecause: '' }
        : { id: '', parts: [], isReused: false, noneBecause: noBackupBecause },
    duration: plannedDuration(plan, times, noBackupBecause === '' && !reusesBackup),
    approvals: APPROVAL_GATES.flatMap((gate): readonly PlannedApproval[] => (gates[gate] ? [{ gate, ...gates[gate] }] : [])),
    calls: plannedCalls(plan, noBackupBecause),
    releaseNotes: releaseNotes(plan.fromVersion, plan.toVersion),
    checks: plannedChecks(checks),
  };
}

function capacityText({ capacity, sizes, nodes }: Plan): string {
  if (nodes.length === 0) return 'No node is left to replace, so none is added.';
  return capacity === 'surge'
    ? `One extra node: ${sizes.desired + 1} instead of ${sizes.desired} from before the first node is taken out until the last one is, so that ${sizes.desired} always serve.`
    : `No extra node: one node fewer than ${sizes.desired} serves while a node is replaced.`;
}

const plannedChecks = ({ results = [], overridden = [] }: Partial<JudgedChecks> = {}): readonly PlannedCheck[] =>
  results.map((result) => {
    const reason = overridden.find(({ check }) => check === result.check)?.reason;
    return { ...result, ...(reason !== undefined && { overriddenBecause: reason }) };
  });
