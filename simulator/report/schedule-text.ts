import type { NightResult, ScheduleResult, Told } from './schedule-result';
import { duration } from './words';

/** A moment in a time zone, for people: `Tue 2026-01-06 02:00`. */
export function localTime(time: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  return `${part['weekday'] ?? ''} ${part['year'] ?? ''}-${part['month'] ?? ''}-${part['day'] ?? ''} ${part['hour'] ?? ''}:${part['minute'] ?? ''}`;
}

/** One line of a run of the schedule. */
export function nightLine(night: NightResult, timeZone: string): string {
  const { startedAt, seconds, outcome, toVersion, versions, upgraded, backup, reusedBackup } = night;
  const runs = Object.entries(versions)
    .map(([version, count]) => `${count} on ${version}`)
    .join(', ');
  const did =
    upgraded === 0
      ? ''
      : `${upgraded} ${upgraded === 1 ? 'node' : 'nodes'} to ${toVersion}, backup ${reusedBackup ? 'of an earlier night' : backup === '' ? 'none' : 'made'}`;
  return `  ${localTime(startedAt, timeZone)}  ${outcome.padEnd(13)} ${duration(seconds).padEnd(12)} ${runs.padEnd(26)} ${did}`.trimEnd();
}

/** The line of an image that appeared between two runs. */
export const imageLine = (time: number, version: string, timeZone: string): string =>
  `  ${localTime(time, timeZone)}  -- an image of ${version} is built --`;

/** The heading of these lines. */
export const nightsHead = (timeZone: string): string =>
  `  ${timeZone.padEnd(20)}  outcome       took         nodes                      what was done`;

/** The report for people: each night, what people were told, the rules. */
export function scheduleReport(result: ScheduleResult): string {
  return [
    ...summary(result),
    '',
    ...told(result),
    '',
    ...numbers(result),
    '',
    'Rules, of each run',
    ...result.rules.map(
      ({ id, title, kept, evidence }) =>
        `  ${kept ? 'kept  ' : 'BROKEN'} ${String(id).padStart(2)} ${title}${kept ? '' : `\n            ${evidence}`}`,
    ),
    '',
    ...(result.asExpected
      ? ['The days went as the scenario expects.']
      : [`NOT as the scenario expects (seed ${result.seed}):`, ...result.differences.map((difference) => `  - ${difference}`)]),
  ].join('\n');
}

function summary({ nights, upgrades, doneTwice, simulatedSeconds }: ScheduleResult): string[] {
  const days = Math.round(simulatedSeconds / 86_400);
  const quiet = nights.filter(({ mutatingCalls }) => mutatingCalls === 0).length;
  return [
    `In ${days} days the schedule started ${nights.length} runs; ${quiet} changed nothing. ${upgrades.length === 0 ? 'No upgrade was completed.' : `Upgrades that were completed: ${upgrades.join(', ')}.`}`,
    ...(doneTwice.length === 0
      ? [
          'Each node was launched once for each upgrade, upgrade mode was turned on and finalized once, and one backup was made: nothing was done twice.',
        ]
      : ['Done twice, or not as often as it should be:', ...doneTwice.map((what) => `  - ${what}`)]),
  ];
}

/** Most lines of a message that the report shows; the whole is in the output of the execution. */
const SHOWN = 3;

function told({ notifications, timeZone }: ScheduleResult): string[] {
  return [`What people were told (${notifications.length} notifications)`, ...notifications.flatMap((each) => message(each, timeZone))];
}

function message({ time, subject, message: text }: Told, timeZone: string): string[] {
  const [first = ''] = text.split('\n\n');
  return [
    `  ${localTime(time, timeZone)}  ${subject}`,
    ...first
      .split('\n')
      .slice(0, SHOWN)
      .map((line) => `      ${line}`),
  ];
}

function numbers({ requests, minServing, stateTransitions, maxHistoryEvents, costUsd, deadLetters }: ScheduleResult): string[] {
  return [
    'Numbers',
    `  requests        ${requests.total} served or open, ${requests.failed} failed`,
    `  serving         never fewer than ${minServing} nodes`,
    `  starts          ${deadLetters} given up`,
    `  Step Functions  ${stateTransitions} transitions, at most ${maxHistoryEvents} events in one history`,
    `  cost            ${costUsd.toFixed(4)} USD for Step Functions and Lambda`,
  ];
}
