import type { ApprovalGate, ApprovalsSpec, GateSpec } from '../../lib/contract/approvals';
import { TaskError } from '../core/errors';

/**
 * How a gate is configured.
 *
 * @throws ConfigurationInvalid when it is not: the function is older or newer than the state machine that asks
 */
export function gateOf(gates: ApprovalsSpec, gate: ApprovalGate): GateSpec {
  const spec = gates[gate];
  if (spec) return spec;
  throw new TaskError(
    'ConfigurationInvalid',
    `The function knows no gate ${gate}, only ${Object.keys(gates).join(', ') || 'none'}: the stack was deployed while this run was under way. Start it again.`,
  );
}
