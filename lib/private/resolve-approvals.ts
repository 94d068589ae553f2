import { Duration } from 'aws-cdk-lib';
import type { ApprovalOptions } from '../approvals';
import { UnansweredApproval } from '../approvals';
import type { ApprovalsSpec, GateSpec } from '../contract/approvals';
import type { BitbucketRollingUpgradeProps } from '../rolling-upgrade-props';
import { DAY, MINUTE, wholeSeconds } from './durations';
import type { Problems } from './problems';

/** The props about approvals, with every default filled in: the gates that are configured. What is wrong goes to `problems`. */
export function resolveApprovals({ approvals = {}, notificationTopic }: BitbucketRollingUpgradeProps, problems: Problems): ApprovalsSpec {
  const { afterPlan, afterFirstNode, beforeFinalize } = approvals;
  const spec: ApprovalsSpec = {
    ...(afterPlan && { 'after-plan': gate('afterPlan', afterPlan, problems) }),
    ...(afterFirstNode && { 'after-first-node': gate('afterFirstNode', afterFirstNode, problems) }),
    ...(beforeFinalize && { 'before-finalize': gate('beforeFinalize', beforeFinalize, problems) }),
  };
  problems.require(
    Object.keys(spec).length === 0 || notificationTopic !== undefined,
    'approvals need a notificationTopic: the question is asked there, and how to answer it',
  );
  return spec;
}

function gate(name: string, { timeLimit, ifUnanswered }: ApprovalOptions, problems: Problems): GateSpec {
  return {
    timeLimit: wholeSeconds(`approvals: ${name}: timeLimit`, timeLimit ?? Duration.hours(24), [5 * MINUTE, 30 * DAY], problems),
    ifUnanswered: ifUnanswered ?? UnansweredApproval.STOP,
  };
}
