import { fieldValues, wrong } from './cron-field';
import type { FieldRange } from './cron-field';

/** A day of the calendar; `month` counts from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

type Allows = (day: Day) => boolean;

const DAY_OF_MONTH: FieldRange = { name: 'day of the month', least: 1, greatest: 31 };
const DAY_OF_WEEK: FieldRange = {
  name: 'day of the week',
  least: 1,
  greatest: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

/** How many days a month has. */
export const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 1 for Sunday to 7 for Saturday. */
const weekDay = ({ year, month, day }: Day): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/**
 * Which days the two fields for days allow together. One of them must be `?`.
 * Of the month: `L` is the last day, `15W` the weekday nearest to the 15th, `LW` the last weekday.
 * Of the week: `5L` is the last Thursday, `L` Saturday, `6#3` the third Friday.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function daysAllowed(ofMonth: string, ofWeek: string): Allows {
  if ((ofMonth === '?') === (ofWeek === '?'))
    throw new Error(`exactly one of day of the month (${ofMonth}) and day of the week (${ofWeek}) must be ?`);
  return ofMonth === '?' ? weekDays(ofWeek) : monthDays(ofMonth);
}

function monthDays(text: string): Allows {
  if (text === 'L') return ({ year, month, day }) => day === daysIn(year, month);
  if (text === 'LW') return (date) => date.day === nearestWeekday(date, daysIn(date.year, date.month));
  const nearest = /^(\d+)W$/.exec(text)?.[1];
  if (nearest !== undefined) {
    const [target = 1] = fieldValues(nearest, DAY_OF_MONTH);
    return (date) => target <= daysIn(date.year, date.month) && date.day === nearestWeekday(date, target);
  }
  const days = new Set(fieldValues(text, DAY_OF_MONTH));
  return ({ day }) => days.has(day);
}

/** The weekday nearest to a day of the month, within that month. */
function nearestWeekday({ year, month }: Day, target: number): number {
  const on = weekDay({ year, month, day: target });
  if (on === 7) return target === 1 ? 3 : target - 1;
  if (on === 1) return target === daysIn(year, month) ? target - 2 : target + 1;
  return target;
}

function weekDays(text: string): Allows {
  if (text === 'L') return (date) => weekDay(date) === 7;
  const special = /^(\w+?)(?:L|#([1-5]))$/.exec(text);
  if (special !== null && fieldIsOne(special[1] ?? '')) {
    const [wanted] = fieldValues(special[1] ?? '', DAY_OF_WEEK);
    const nth = special[2] === undefined ? undefined : Number(special[2]);
    return (date) => {
      if (weekDay(date) !== wanted) return false;
      return nth === undefined ? date.day + 7 > daysIn(date.year, date.month) : Math.ceil(date.day / 7) === nth;
    };
  }
  if (/[L#]/.test(text) && !/^[A-Z,-]+$/i.test(text)) throw wrong(text, DAY_OF_WEEK);
  const days = new Set(fieldValues(text, DAY_OF_WEEK));
  return (date) => days.has(weekDay(date));
}

const fieldIsOne = (text: string): boolean => /^[1-7]$/.test(text) || (DAY_OF_WEEK.names?.includes(text.toUpperCase()) ?? false);
