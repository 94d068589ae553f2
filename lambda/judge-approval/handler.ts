import type { Approvals } from '../../lib/contract/approvals';
import { readEnvironment } from '../adapters/environment';
import type { JudgementGround } from '../core/approval-judgement';
import { judgeApproval } from '../core/approval-judgement';
import { gateOf } from '../shared/gate';
import { task } from '../shared/task';

/** Says what an answer comes to, or that there is none. Looks at nothing else. */
export const handler = task('judge-approval', (input: Omit<JudgementGround, 'spec' | 'now'>): Promise<Approvals> => {
  const gates = readEnvironment((read) => read.approvals());
  return Promise.resolve(judgeApproval({ ...input, spec: gateOf(gates, input.gate), now: new Date() }));
});
