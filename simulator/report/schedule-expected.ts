import type { Scenario } from '../scenario/scenario';
import type { ScenarioSchedule } from '../scenario/schedule';
import type { ScheduleResult } from './schedule-result';

/** What is compared. */
type Compared = Pick<ScheduleResult, 'nights' | 'notifications' | 'doneTwice' | 'deadLetters' | 'requests' | 'rules' | 'status'>;

/** How the days differ from what the scenario expects; empty when they do not. */
export function scheduleDifferences({ expect }: Scenario, schedule: ScenarioSchedule, result: Compared): string[] {
  const { outcomes, subjects, deadLetters = 0 } = schedule.expect;
  const { nights, notifications } = result;
  const last = nights.at(-1);
  const versions = Object.keys(last?.versions ?? {});
  const announced = new Set(expect.brokenRules ?? []);
  return [
    ...(outcomes === undefined
      ? []
      : sequence(
          'run',
          outcomes,
          nights.map(({ outcome }) => outcome),
          (wanted, is) => wanted === is,
        )),
    ...(subjects === undefined
      ? []
      : sequence(
          'notification',
          subjects,
          notifications.map(({ subject }) => subject),
          (wanted, is) => is.includes(wanted),
        )),
    ...(result.status === expect.status ? [] : [`the last run ended ${result.status} instead of ${expect.status}`]),
    ...(expect.versions === undefined || [...expect.versions].sort().join() === versions.join()
      ? []
      : [`the nodes run ${versions.join(' and ') || 'nothing'} instead of ${expect.versions.join(' and ')}`]),
    ...(expect.backups === undefined || last?.backups.complete === expect.backups
      ? []
      : [`${last?.backups.complete ?? 0} complete backups at the end instead of ${expect.backups}`]),
    ...(result.deadLetters === deadLetters ? [] : [`${result.deadLetters} starts were given up instead of ${deadLetters}`]),
    ...(result.requests.failed === 0 ? [] : [`${result.requests.failed} requests failed`]),
    ...result.doneTwice,
    ...nights.flatMap(({ rules }, index) =>
      rules
        .filter(({ id, kept }) => !kept && !announced.has(id))
        .map(({ id, title, evidence }) => `run ${index + 1} broke rule ${id} (${title}): ${evidence}`),
    ),
  ];
}

function sequence(
  what: string,
  wanted: readonly string[],
  found: readonly string[],
  fits: (wanted: string, is: string) => boolean,
): string[] {
  const count = Math.max(wanted.length, found.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const [want, is] = [wanted[index], found[index]];
    if (want !== undefined && is !== undefined && fits(want, is)) return [];
    return [`${what} ${index + 1}: ${is ?? 'none'} instead of ${want ?? 'none'}`];
  });
}
