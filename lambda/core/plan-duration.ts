import type { BakeSpec, Limits } from '../../lib/contract/environment';
import type { MaintenanceWindow, Plan } from '../../lib/contract/events';
import type { PlannedDuration } from '../../lib/contract/plan-page';
import { expectedSeconds } from './checks/expected';
import { counted } from './checks/check';
import { duration } from './checks/words';
import { EXPECTED_BACKUP, nodesIn, plannedBoots } from './window';

/** What is known of the times. */
export interface Times {
  readonly limits: Limits;
  /** Absent when nothing is known of it. */
  readonly bake?: BakeSpec;
}

/**
 * How long the run takes: as it is expected, which is also what the checks of calendars and scheduled actions count with; and at most, by
 * the limits. Nobody tells how long earlier nodes took until Bitbucket served: the activities of a group end when the instance runs.
 */
export function plannedDuration(plan: Plan, { limits, bake }: Times, makesBackup: boolean): PlannedDuration {
  const { bootTimeout, drainLimit, backupTimeout, finalizeTimeout } = limits;
  const count = plan.nodes.length;
  const each = Math.max(bootTimeout, drainLimit);
  const last = plan.capacity === 'surge' ? drainLimit : 0;
  const baking = bake && count > 0 ? bake.first + (count - 1) * bake.each : 0;
  const phases = [
    ...(makesBackup ? [{ phase: 'back up', atMostSeconds: backupTimeout, why: 'the limit of the backup; nothing is out of service' }] : []),
    { phase: 'turn on upgrade mode', atMostSeconds: finalizeTimeout, why: 'the limit of a change of the cluster; seconds as a rule' },
    ...(count > 0
      ? [
          {
            phase: `replace ${counted(count, 'node')}`,
            atMostSeconds: count * each + last,
            why: `${counted(count, 'boot')} of at most ${duration(bootTimeout)}, each while a node drains for at most ${duration(drainLimit)}${last > 0 ? '; the last node only drains' : ''}`,
          },
        ]
      : []),
    ...(baking > 0 ? [{ phase: 'watch the new nodes', atMostSeconds: baking, why: 'the bake of each, as it is configured' }] : []),
    { phase: 'finalize', atMostSeconds: finalizeTimeout, why: 'the limit of a change of the cluster' },
  ];
  return {
    expectedSeconds: expectedSeconds({ plan, limits }),
    basis: `how long a node takes to boot is not known: each is counted with half of the limit of ${duration(bootTimeout)}`,
    ...(plan.window && { window: plannedWindow(plan, plan.window, { limits, bake }, makesBackup) }),
    phases,
  };
}

/** How far a run that starts with its window is expected to come: what is late is told by the check of the window. */
function plannedWindow(
  plan: Plan,
  { opensAt, endsAt }: MaintenanceWindow,
  { limits, bake = NO_BAKE }: Times,
  makesBackup: boolean,
): NonNullable<PlannedDuration['window']> {
  const boots = plannedBoots({ plan, limits, bake });
  const from = Math.max(Date.parse(opensAt), Date.parse(plan.run.startedAt));
  const seconds = (Date.parse(endsAt) - from) / 1000 - (makesBackup ? EXPECTED_BACKUP : 0);
  return { opensAt, endsAt, nodes: boots.length, fit: nodesIn(seconds, boots) };
}

const NO_BAKE: BakeSpec = { first: 0, each: 0, alarms: [] };
