import type { Finding, Ground } from '../check';
import { Check, counted, finding, when } from '../check';
import { expectedEnd, expectedFirst, expectedSeconds } from '../expected';
import type { AccountFacts } from '../facts';
import { duration, moment } from '../words';

/** Nobody else upgrades, or recovers, this cluster. While somebody does, all else that is found may be their doing. */
export class OtherRun extends Check<AccountFacts, 'otherRun'> {
  readonly name = 'other-run';
  readonly severity = 'refuse';
  readonly looksAt = "The cluster's lock: no other execution that runs holds it";
  readonly source = 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html';
  readonly override = 'two runs would replace the same nodes';
  protected readonly needs = ['otherRun'] as const;

  protected look({ otherRun }: Pick<AccountFacts, 'otherRun'>): Finding {
    return finding(
      'No other run is at work on this cluster.',
      when(
        otherRun !== undefined,
        () => `AnotherRunActive: ${otherRun ?? ''} is at work on this cluster.`,
        'Wait until it has ended, then start again; what follows may be its doing.',
      ),
    );
  }
}

/** The window has room for one node at least: with less, nothing would be begun. */
export class WindowOpen extends Check<AccountFacts, never> {
  readonly name = 'maintenance-window';
  readonly severity = 'refuse';
  readonly looksAt = 'The end of the maintenance window: at least the first node is expected to be good before it';
  readonly source = 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html';
  readonly override = 'no node would be begun: ask for a longer window, or for none';
  protected readonly needs = [] as const;

  protected look(_facts: unknown, ground: Ground): Finding {
    const endBy = windowEnd(ground);
    if (endBy === undefined) return finding('There is no maintenance window.');
    const left = secondsLeft(ground, endBy);
    const first = expectedFirst(ground);
    return finding(
      `The maintenance window ends at ${moment(endBy)}, in ${duration(left)}.`,
      when(
        left < first,
        () =>
          left <= 0
            ? `The maintenance window ended at ${moment(endBy)}.`
            : `The maintenance window ends at ${moment(endBy)}, in ${duration(left)}; the first node is expected to take ${duration(first)}.`,
        'Start at the beginning of a window, or ask for a longer one: {"window": {"minutes": 240}}.',
      ),
    );
  }
}

/** The window has room for the whole upgrade; otherwise the run ends held, and the next start goes on. */
export class WindowHoldsAll extends Check<AccountFacts, never> {
  readonly name = 'window-holds-all-nodes';
  readonly severity = 'warn';
  readonly looksAt =
    'The end of the maintenance window: every node is expected to be good before it; otherwise the run ends held and the next start goes on';
  readonly source = 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html';
  readonly override = 'allowed';
  protected readonly needs = [] as const;

  protected look(_facts: unknown, ground: Ground): Finding {
    const endBy = windowEnd(ground);
    if (endBy === undefined) return finding('There is no maintenance window.');
    const end = expectedEnd(ground);
    return finding(
      `The upgrade is expected to end at ${moment(end)}, before the window does.`,
      when(
        end.getTime() > Date.parse(endBy) && secondsLeft(ground, endBy) >= expectedFirst(ground),
        () =>
          `The maintenance window ends at ${moment(endBy)}; ${counted(ground.plan.nodes.length, 'node')} are expected to take ${duration(expectedSeconds(ground))}.`,
        'The run ends held when the window closes, in a state that serves; the next start goes on.',
      ),
    );
  }
}

const windowEnd = ({ request }: Ground): string | undefined => request.endBy;
const secondsLeft = ({ now }: Ground, endBy: string): number => Math.floor((Date.parse(endBy) - now.getTime()) / 1000);
