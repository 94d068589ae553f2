/** A time on the clock of a place, without its zone. `month` counts from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const numeric = 'numeric';
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', calendar: 'gregory' },
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the name is one of the time zone database: `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What the clocks of the zone show at an instant in milliseconds. */
export function localTime(instant: number, zone: string): LocalTime {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: string): number => parts[name] ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute'), second: part('second') };
}

/** The local time as if it were UTC: a number that local times can be compared by. */
export const ordinal = ({ year, month, day, hour, minute, second }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

const DAY = 24 * 60 * 60 * 1000;

/**
 * The first instant at which the clocks of the zone show this time; undefined when they never do, since they are put forward over it.
 * In autumn an hour is shown twice, of which the first counts.
 */
export function instantOf(local: LocalTime, zone: string): number | undefined {
  const wanted = ordinal(local);
  const offset = (instant: number): number => ordinal(localTime(instant, zone)) - Math.floor(instant / 1000) * 1000;
  const candidates = [wanted - offset(wanted - DAY), wanted - offset(wanted + DAY)].sort((a, b) => a - b);
  return candidates.find((instant) => ordinal(localTime(instant, zone)) === wanted);
}
