import { parseExpression } from '../services/scheduler/expression';
import type { Scenario } from './scenario';
import schema from './scenario.schema.json';
import type { ScenarioSchedule } from './schedule';

/** A schedule as a scenario gives it. */
export type GivenSchedule = Partial<ScenarioSchedule>;

/** Fills in what a schedule leaves out. */
export function withScheduleDefaults(given: GivenSchedule): ScenarioSchedule {
  const { expression, timeZone, targetVersion, days } = schema.properties.schedule.properties;
  return {
    expression: expression.default,
    timeZone: timeZone.default,
    targetVersion: targetVersion.default,
    days: days.default,
    newImages: [],
    expect: {},
    ...given,
  };
}

/** What a schema cannot say of a schedule. */
export function scheduleContradictions({ schedule, thenStart, faults, cluster }: Scenario): string[] {
  if (schedule === undefined) return [];
  const started = faults.filter(({ name }) => name === 'abort' || name === 'second-run').map(({ name }) => name);
  const known = schedule.newImages.filter(({ version }) => cluster.images.includes(version));
  const late = schedule.newImages.filter(({ day }) => day > schedule.days);
  return [
    ...(thenStart === undefined ? [] : ['a scenario with a schedule has no thenStart: the schedule starts the next run']),
    ...started.map((name) => `a scenario with a schedule has no fault ${name}: nobody but the schedule starts or stops its runs`),
    ...known.map(
      ({ version }) => `schedule.newImages has ${version}, of which there is an image from the beginning: take it out of cluster.images`,
    ),
    ...late.map(({ day, version }) => `schedule.newImages has ${version} on day ${day}, after the last day ${schedule.days}`),
    ...expressionMistakes(schedule),
  ];
}

function expressionMistakes({ expression, timeZone }: ScenarioSchedule): string[] {
  try {
    parseExpression(expression, timeZone, 0);
    return [];
  } catch (error) {
    return [`schedule: ${(error as Error).message}`];
  }
}
