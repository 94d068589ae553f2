import type { RestoreStep } from '../core/restore';
import type { ScalingGroup } from '../ports/scaling-group';

/** Does what a step says; nothing for a wait. */
export async function carryOut(step: RestoreStep, group: ScalingGroup): Promise<void> {
  if (step.kind === 'raise-maximum') await group.resize({ max: step.max });
  if (step.kind === 'lower-desired') await group.resize({ desired: step.desired });
  if (step.kind === 'exit-standby') await group.exitStandby(step.member.instanceId);
  if (step.kind === 'stand-by') await group.enterStandby(step.member.instanceId, true);
  if (step.kind === 'terminate') await group.terminate(step.member.instanceId, step.decrement);
}

/**
 * Whether the step lowers the desired capacity: done twice, or on the ground of a stale look, it would have Auto Scaling choose a node to
 * terminate, perhaps one that serves. Standing by lowers it too, but is refused the second time.
 */
export const lowersDesired = (step: RestoreStep): boolean => step.kind === 'lower-desired' || (step.kind === 'terminate' && step.decrement);

/** Whether two looks ask for the same step. */
export const isSameStep = (a: RestoreStep, b: RestoreStep): boolean =>
  a.kind === b.kind && memberOf(a) === memberOf(b) && desiredOf(a) === desiredOf(b);

const memberOf = (step: RestoreStep): string => ('member' in step ? step.member.instanceId : '');
const desiredOf = (step: RestoreStep): number => ('desired' in step ? step.desired : 0);
