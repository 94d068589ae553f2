import { Duration } from 'aws-cdk-lib';
import type { ApprovalOptions, BitbucketRollingUpgradeProps } from '../../lib';
import { UnansweredApproval } from '../../lib';
import type { Reader } from './reader';

/** How a gate is configured; the construct's defaults for what is left out. */
export interface GateSettings {
  /** In whole seconds. */
  readonly timeLimit?: number;
  readonly ifUnanswered?: 'stop' | 'approve' | 'reject';
}

/** The gates that are configured. */
export interface ApprovalSettings {
  readonly afterPlan?: GateSettings;
  readonly afterFirstNode?: GateSettings;
  readonly beforeFinalize?: GateSettings;
}

/** A gate for each word of `approvals`; one time limit and one answer of silence for all of them. */
export function readApprovals(reader: Reader): ApprovalSettings | undefined {
  const words = reader.optionalList('approvals', /^(after-plan|after-first-node|before-finalize)$/, 'after-plan,before-finalize');
  const hours = reader.number('approvalLimitHours', '24');
  const ifUnanswered = reader.choice('unansweredApproval', ['stop', 'approve', 'reject']);
  if (words.length === 0) {
    const useless = { approvalLimitHours: hours, unansweredApproval: ifUnanswered };
    for (const [key, value] of Object.entries(useless)) {
      if (value !== undefined)
        reader.problem(key, 'is about approvals: say where they are asked, for example with -c approvals=after-plan');
    }
    return undefined;
  }
  const gate = (word: string): GateSettings | undefined =>
    words.includes(word) ? { timeLimit: hours === undefined ? undefined : hours * 3600, ifUnanswered } : undefined;
  return { afterPlan: gate('after-plan'), afterFirstNode: gate('after-first-node'), beforeFinalize: gate('before-finalize') };
}

/** The props of the construct. */
export function approvalProps({ afterPlan, afterFirstNode, beforeFinalize }: ApprovalSettings = {}): Pick<
  BitbucketRollingUpgradeProps,
  'approvals'
> {
  return { approvals: { afterPlan: options(afterPlan), afterFirstNode: options(afterFirstNode), beforeFinalize: options(beforeFinalize) } };
}

function options(gate: GateSettings | undefined): ApprovalOptions | undefined {
  if (!gate) return undefined;
  const { timeLimit, ifUnanswered } = gate;
  return {
    timeLimit: timeLimit === undefined ? undefined : Duration.seconds(timeLimit),
    ifUnanswered: ifUnanswered && SILENCE[ifUnanswered],
  };
}

const SILENCE = { stop: UnansweredApproval.STOP, approve: UnansweredApproval.APPROVE, reject: UnansweredApproval.REJECT } as const;
