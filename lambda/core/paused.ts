/** Words of a run that stopped because its maintenance window ends: as it was planned, so nothing is wrong. */
import type { Unwrapped } from './failure';
import { unwrapFailure } from './failure';
import type { ReportGround } from './report';

/**
 * Whether the run stopped until the next window, and all was put back on the way: what could not be is a failure, whatever the run was
 * stopped for. So is a stop that left original nodes only in a group that was held: nobody has turned upgrade mode off there, and the recovery of a
 * failed run does.
 */
export const isPaused = ({ outcome, made, held, failure, restoreFailure }: ReportGround): boolean =>
  (outcome === 'ROLLED_BACK' || outcome === 'HELD' || (outcome === 'FAILED' && (made !== 'original' || held === false))) &&
  unwrapFailure(failure ?? {}).error === 'WindowClosing' &&
  !restoreFailure?.Error;

/** What the subject says. */
export const pausedSubject = ({ made }: ReportGround): string =>
  made === 'original' ? 'upgrade waits for the next window:' : 'held until the next window, upgrade mode on:';

/** What happened, and how things are. */
export function pausedSummary({ plan, made, rolled }: ReportGround, { message }: Unwrapped): string {
  const what = `The upgrade of ${plan?.groupName ?? 'the cluster'} from ${plan?.fromVersion ?? 'the current version'} to ${plan?.toVersion ?? 'the wanted version'}`;
  if (made === 'original') {
    return `${what} waits for the next maintenance window: no node could be replaced in this one. Every node runs ${plan?.fromVersion ?? 'what it ran'}, and serves.\n${message}`;
  }
  const count = rolled?.completed.length ?? 0;
  const done = count === 1 ? '1 node was upgraded' : `${count} nodes were upgraded`;
  return `${what} is held until the next maintenance window, as planned: ${done} in this one. Every node serves.\n${message}`;
}

/** What a person may do, which is mostly nothing. */
export function pausedSteps({ plan, made }: ReportGround, again: string): readonly string[] {
  return made === 'original'
    ? [
        'Nothing: the next start in a window tries again, with the same backup while that is young enough.',
        'If this happens in every window, make it longer: it must have room for the backup and for the first node.',
      ]
    : [
        'Nothing: the next start in a window goes on from here; a schedule that asks for LATEST_BUGFIX stays with this target until it is reached.',
        `To go on at once, without a window, ${again}.`,
        `Until then both versions serve together: install no apps, and do not turn upgrade mode off by hand. Any other target than ${plan?.toVersion ?? 'this'} is refused.`,
      ];
}
