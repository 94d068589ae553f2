import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { ApprovalsSpec } from '../contract/approvals';
import type { Gate } from './approval';
import { approvalGate } from './approval';
import type { Steps } from './steps';

/** Ways out of a gate, as the phase around it knows them. */
export type GateWays = Pick<Gate, 'passed' | 'approved' | 'refused' | 'again'>;

/** Asks whether the plan may be carried out; without that gate, goes on. The plan that was approved is told by its versions and images. */
export function planGate(steps: Steps, { 'after-plan': spec }: ApprovalsSpec, ways: GateWays): IChainable {
  if (!spec) return ways.passed;
  const same = (field: string): Condition => Condition.stringEqualsJsonPath(`$.plan.${field}`, `$.approvals.plan.${field}`);
  return approvalGate(steps, {
    gate: 'after-plan',
    spec,
    names: {
      isApproved: 'Is this plan approved?',
      ask: 'Ask whether to carry out the plan',
      weigh: 'Weigh the answer about the plan',
      answer: 'What was answered about the plan?',
      refused: 'The plan is not approved',
    },
    isApproved: Condition.and(...['fromVersion', 'toVersion', 'originalImageId', 'targetImageId'].map(same)),
    payload: { request: '$.request', checks: '$.checks' },
    ...ways,
  });
}

/**
 * Asks whether the first node that was replaced is good enough for the others to follow; without that gate, goes on. A run that continues another asks
 * before it takes out any: nobody may have answered then.
 */
export function firstNodeGate(steps: Steps, { 'after-first-node': spec }: ApprovalsSpec, ways: GateWays): IChainable {
  if (!spec) return ways.passed;
  const isFirst = Condition.numberEquals('$.next.replaced', 0);
  return approvalGate(steps, {
    gate: 'after-first-node',
    spec,
    names: {
      isApproved: 'May the other nodes follow?',
      ask: 'Ask whether the other nodes may follow',
      weigh: 'Weigh the answer about the first node',
      answer: 'What was answered about the first node?',
      refused: 'The first node is not approved',
    },
    isApproved: Condition.or(isFirst, Condition.booleanEquals('$.approvals.firstNode', true)),
    payload: { rolled: '$.rolled' },
    ...ways,
  });
}

/** Asks whether the upgrade may be finalized; without that gate, goes on. */
export function finalizeGate(steps: Steps, { 'before-finalize': spec }: ApprovalsSpec, ways: GateWays): IChainable {
  if (!spec) return ways.passed;
  return approvalGate(steps, {
    gate: 'before-finalize',
    spec,
    names: {
      isApproved: 'May the upgrade be finalized?',
      ask: 'Ask whether to finalize the upgrade',
      weigh: 'Weigh the answer about finalizing',
      answer: 'What was answered about finalizing?',
      refused: 'Finalizing is not approved',
    },
    isApproved: Condition.booleanEquals('$.approvals.finalizing', true),
    payload: { rolled: '$.rolled', apps: '$.apps', appsFailure: '$.appsFailure' },
    ...ways,
  });
}
