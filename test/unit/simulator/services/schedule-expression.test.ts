import fc from 'fast-check';
import { parseExpression } from '../../../../simulator/services/scheduler/expression';
import { instantOf, localTime, ordinal } from '../../../../simulator/services/scheduler/zoned-time';

const BERLIN = 'Europe/Berlin';
const START = Date.parse('2026-01-06T01:00:00Z'); // a Tuesday

/** The next `count` occurrences, in UTC. */
function occurrences(text: string, count: number, zone = 'UTC', after = START): string[] {
  const next = parseExpression(text, zone, START);
  const found: string[] = [];
  for (let time = next(after); time !== undefined && found.length < count; time = next(time))
    found.push(new Date(time).toISOString().slice(0, 16));
  return found;
}

test.each([
  ['cron(0 2 * * ? *)', ['2026-01-06T02:00', '2026-01-07T02:00']],
  ['cron(0 1 * * ? *)', ['2026-01-07T01:00', '2026-01-08T01:00']], // now is not after now
  ['cron(15,45 0/12 * * ? *)', ['2026-01-06T12:15', '2026-01-06T12:45', '2026-01-07T00:15']],
  ['cron(0 22 ? * MON-FRI *)', ['2026-01-06T22:00', '2026-01-07T22:00', '2026-01-08T22:00', '2026-01-09T22:00', '2026-01-12T22:00']],
  ['cron(0 2 ? * 1,7 *)', ['2026-01-10T02:00', '2026-01-11T02:00']], // Saturday and Sunday
  ['cron(0 2 ? * L *)', ['2026-01-10T02:00', '2026-01-17T02:00']],
  ['cron(0 2 ? * 5L *)', ['2026-01-29T02:00', '2026-02-26T02:00']], // the last Thursday
  ['cron(0 2 ? * FRI#2 *)', ['2026-01-09T02:00', '2026-02-13T02:00']],
  ['cron(0 2 ? * 3#5 *)', ['2026-03-31T02:00', '2026-06-30T02:00']], // the fifth Tuesday
  ['cron(0 2 L * ? *)', ['2026-01-31T02:00', '2026-02-28T02:00']],
  ['cron(0 2 LW * ? *)', ['2026-01-30T02:00', '2026-02-27T02:00']],
  ['cron(0 2 10W * ? *)', ['2026-01-09T02:00', '2026-02-10T02:00']], // the 10th of January is a Saturday
  ['cron(0 2 1W * ? *)', ['2026-02-02T02:00', '2026-03-02T02:00', '2026-04-01T02:00']], // never in the month before
  ['cron(0 2 29 2 ? *)', ['2028-02-29T02:00', '2032-02-29T02:00']],
  ['cron(0 2 1 JAN,JUL ? 2026-2027)', ['2026-07-01T02:00', '2027-01-01T02:00', '2027-07-01T02:00']],
  ['cron(0 2 1 1 ? 2025)', []],
  ['rate(6 hours)', ['2026-01-06T07:00', '2026-01-06T13:00']],
  ['rate(1 day)', ['2026-01-07T01:00', '2026-01-08T01:00']],
  ['at(2026-02-01T03:30:00)', ['2026-02-01T03:30']],
  ['at(2026-01-01T03:30:00)', []],
])('%s fires at %j', (text, expected) => {
  expect(occurrences(text, Math.max(1, expected.length))).toEqual(expected);
});

test('a rate begins at once', () => {
  expect(parseExpression('rate(5 minutes)', 'UTC', START)(START - 1)).toBe(START);
});

describe('where the clocks are changed', () => {
  const spring = Date.parse('2026-03-28T00:00:00Z');
  const autumn = Date.parse('2026-10-24T00:00:00Z');

  test('the local time stays the same', () => {
    expect(occurrences('cron(0 4 * * ? *)', 3, BERLIN, spring)).toEqual(['2026-03-28T03:00', '2026-03-29T02:00', '2026-03-30T02:00']);
  });

  test('a time that does not exist in spring is skipped', () => {
    expect(occurrences('cron(30 2 * * ? *)', 2, BERLIN, spring)).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
  });

  test('a time that exists twice in autumn is met once', () => {
    expect(occurrences('cron(30 2 * * ? *)', 3, BERLIN, autumn)).toEqual(['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30']);
  });

  test('a day of a rate has 24 hours', () => {
    const next = parseExpression('rate(1 day)', BERLIN, spring);
    expect(next(spring + 1)! - spring).toBe(24 * 60 * 60 * 1000);
  });
});

test.each([
  ['cron(0 2 * * * *)', 'exactly one of day of the month'],
  ['cron(0 2 ? * ? *)', 'exactly one of day of the month'],
  ['cron(0 2 * * ?)', 'six fields'],
  ['cron(60 2 * * ? *)', 'minute'],
  ['cron(0 2-1 * * ? *)', 'hour'],
  ['cron(0 2 32 * ? *)', 'day of the month'],
  ['cron(0 2 ? * 8 *)', 'day of the week'],
  ['cron(0 2 ? * MON#6 *)', 'day of the week'],
  ['cron(0/0 2 * * ? *)', 'minute'],
  ['rate(0 days)', 'positive number'],
  ['rate(1 week)', 'positive number'],
  ['at(tomorrow)', 'at(2026-01-06T03:00:00)'],
  ['every night', 'cron(...), rate(...) and at(...)'],
])('%s is refused: %s', (text, message) => {
  expect(() => parseExpression(text, 'UTC', START)).toThrow(message);
});

test('an unknown time zone is refused', () => {
  expect(() => parseExpression('rate(1 day)', 'Europe/Atlantis', START)).toThrow('Europe/Atlantis');
});

test('a local time leads back to the instant that shows it, or to an hour before in autumn', () => {
  const zones = fc.constantFrom(BERLIN, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), zones, (seconds, zone) => {
      const local = localTime(seconds * 1000, zone);
      const found = instantOf(local, zone)!;
      expect(found).toBeLessThanOrEqual(seconds * 1000);
      expect(ordinal(localTime(found, zone))).toBe(ordinal(local));
    }),
  );
});
