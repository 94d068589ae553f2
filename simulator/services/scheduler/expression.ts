import { parseCron } from './cron';
import type { Next } from './cron';
import { instantOf, isTimeZone } from './zoned-time';

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * A schedule expression of EventBridge Scheduler: `cron(...)`, `rate(1 day)` or `at(2026-01-06T03:00:00)`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @param since when a rate begins: the schedule's start, or its making. The first occurrence of a rate is that instant itself.
 * @throws Error that says what was given and what is allowed
 */
export function parseExpression(text: string, zone: string, since: number): Next {
  if (!isTimeZone(zone)) throw new Error(`"${zone}" is no time zone: a name like Europe/Berlin is needed`);
  const [, kind, inner = ''] = /^(cron|rate|at)\((.*)\)$/.exec(text) ?? [];
  switch (kind) {
    case 'cron':
      return parseCron(inner, zone);
    case 'rate':
      return rate(inner, since);
    case 'at':
      return once(inner, zone);
    default:
      throw new Error(`"${text}" is no schedule expression: allowed are cron(...), rate(...) and at(...)`);
  }
}

/** A day is 24 hours, also when the clocks are changed. */
function rate(text: string, since: number): Next {
  const [, count = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? [];
  const period = Number(count) * (UNITS[unit] ?? 0);
  if (period === 0) throw new Error(`rate(${text}) is not understood: a positive number of minutes, hours or days is needed`);
  return (after) => (after < since ? since : since + (Math.floor((after - since) / period) + 1) * period);
}

function once(text: string, zone: string): Next {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (match ?? []).slice(1).map(Number);
  const instant = match === null ? undefined : instantOf({ year, month, day, hour, minute, second }, zone);
  if (instant === undefined) throw new Error(`at(${text}) is no time in ${zone}: one like at(2026-01-06T03:00:00) is needed`);
  return (after) => (instant > after ? instant : undefined);
}
