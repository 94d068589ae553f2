import type { RestoreStep } from '../core/restore';
import type { ScalingGroup } from '../ports/scaling-group';

/** Does what a step says; nothing for a wait. */
export async function carryOut(step: RestoreStep, group: ScalingGroup): Promise<void> {
  if (step.kind === 'resize') await group.resize({ max: step.max, desired: step.desired });
  if (step.kind === 'exit-standby') await group.exitStandby(step.member.instanceId);
  if (step.kind === 'stand-by') await group.enterStandby(step.member.instanceId, true);
  if (step.kind === 'terminate') await group.terminate(step.member.instanceId, step.decrement);
}
