import { loadActions } from '../../../../simulator/iam/actions';
import { PolicyAuthorizer } from '../../../../simulator/iam/authorizer';
import { VirtualClock } from '../../../../simulator/kernel/clock';
import { ChangeCalendars } from '../../../../simulator/services/ssm/change-calendar';

const clock = new VirtualClock();
const HOUR = 60 * 60 * 1000;
const at = (hours: number): number => clock.now() + hours * HOUR;
const iso = (hours: number): string => new Date(at(hours)).toISOString().replace('.000Z', 'Z');

function calendars(): ChangeCalendars {
  const made = new ChangeCalendars(clock, 'eu-central-1', '111111111111');
  made.set('always', { byDefault: 'OPEN' });
  made.set('freeze', { byDefault: 'OPEN', exceptions: [{ from: at(-1), until: at(2) }] });
  made.set('nights', { byDefault: 'CLOSED', exceptions: [{ from: at(1), until: at(4) }] });
  return made;
}

const state = (names: string[], AtTime?: string): unknown =>
  calendars().operations.GetCalendarState.call(
    { CalendarNames: names, ...(AtTime && { AtTime }) },
    { roleLogicalId: '', roleArn: '', name: '' },
  );

test.each([
  [['always'], 'OPEN', undefined],
  [['freeze'], 'CLOSED', 2],
  [['arn:aws:ssm:eu-central-1:111111111111:document/freeze'], 'CLOSED', 2],
  [['nights'], 'CLOSED', 1],
  [['always', 'freeze', 'nights'], 'CLOSED', 2],
])('%j is %s now', (names, expected, next) => {
  expect(state(names)).toEqual({ State: expected, AtTime: iso(0), ...(next !== undefined && { NextTransitionTime: iso(next) }) });
});

test('together they are open when each of them is', () => {
  expect(state(['freeze', 'nights'], iso(3))).toMatchObject({ State: 'OPEN', NextTransitionTime: iso(4) });
  expect(state(['freeze', 'nights'], iso(2))).toMatchObject({ State: 'OPEN' });
  expect(state(['freeze', 'nights'], iso(4))).toMatchObject({ State: 'CLOSED' });
});

test('a calendar that is not there is an error', () => {
  expect(() => state(['always', 'none'])).toThrow('Document with name none does not exist');
});

test('each calendar is authorized', async () => {
  await loadActions(['ssm']);
  const asked = calendars().operations.GetCalendarState.authorize({ CalendarNames: ['always', 'freeze'] });
  expect(asked[0]?.resources).toEqual(['always', 'freeze'].map((name) => `arn:aws:ssm:eu-central-1:111111111111:document/${name}`));
  const user = { roleLogicalId: 'user', roleArn: 'arn', name: 'x' };
  for (const one of asked) expect(new PolicyAuthorizer([], 'eu-central-1', '111111111111').authorize(user, one)).toEqual({ allowed: true });
});
