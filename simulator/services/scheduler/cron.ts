import { daysAllowed, daysIn } from './cron-days';
import type { Day } from './cron-days';
import { fieldValues } from './cron-field';
import { instantOf, localTime, ordinal } from './zoned-time';

/** Years after which a schedule that found no day is given up: 29 February on one day of the week comes each 28 years at least, but for centuries. */
const MOST_YEARS = 41;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Gives the first occurrence after an instant, in milliseconds; undefined when there is none. */
export type Next = (after: number) => number | undefined;

/**
 * A cron expression of EventBridge Scheduler, in a time zone: minutes, hours, day of the month, month, day of the week, year.
 * "When the time shifts forward in Spring, your schedule invocation gets skipped if the cron expression falls on a non-existent date and time. When
 * the time shifts back in the Fall, your schedule runs only once": https://repost.aws/knowledge-center/eventbridge-scheduler-adjust-dst
 * @param fields the six fields, separated by white space
 * @throws Error that says what is wrong with which field
 */
export function parseCron(fields: string, zone: string): Next {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '', ...more] = fields.trim().split(/\s+/);
  if (year === '' || more.length > 0) throw new Error(`a cron expression has six fields, not "${fields}"`);
  const minutes = fieldValues(minute, { name: 'minute', least: 0, greatest: 59 });
  const hours = fieldValues(hour, { name: 'hour', least: 0, greatest: 23 });
  const months = fieldValues(month, { name: 'month', least: 1, greatest: 12, names: MONTHS });
  const years = fieldValues(year, { name: 'year', least: 1970, greatest: 2199 });
  const allowed = daysAllowed(dayOfMonth, dayOfWeek);

  const nextOn = (day: Day, after: number): number | undefined => {
    const earliest = ordinal(localTime(after, zone));
    for (const atHour of hours) {
      for (const atMinute of minutes) {
        const local = { ...day, hour: atHour, minute: atMinute, second: 0 };
        if (ordinal(local) < earliest) continue;
        const instant = instantOf(local, zone);
        if (instant !== undefined && instant > after) return instant;
      }
    }
    return undefined;
  };

  return (after) => {
    const now = localTime(after, zone);
    for (const inYear of years.filter((candidate) => candidate >= now.year && candidate < now.year + MOST_YEARS)) {
      for (const inMonth of months.filter((candidate) => inYear > now.year || candidate >= now.month)) {
        const from = inYear === now.year && inMonth === now.month ? now.day : 1;
        for (let day = from; day <= daysIn(inYear, inMonth); day += 1) {
          const date = { year: inYear, month: inMonth, day };
          const found = allowed(date) ? nextOn(date, after) : undefined;
          if (found !== undefined) return found;
        }
      }
    }
    return undefined;
  };
}
