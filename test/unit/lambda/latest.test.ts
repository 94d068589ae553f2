import * as fc from 'fast-check';
import type { LatestGround } from '../../../lambda/core/latest';
import { chooseLatest, newestBugFix } from '../../../lambda/core/latest';
import { compareVersions, parseVersion } from '../../../lambda/core/versions';

const choose = (change: Partial<LatestGround> = {}) =>
  chooseLatest({
    running: '9.4.20',
    upgradeModeEnabled: false,
    recorded: undefined,
    available: ['9.4.20', '9.4.23'],
    denied: [],
    where: 'the map',
    ...change,
  });

describe('LATEST_BUGFIX', () => {
  test.each<[string, Partial<LatestGround>, string, boolean]>([
    ['the newest of the line that runs', {}, '9.4.23', false],
    ['by number, not by text', { available: ['9.4.9', '9.4.100', '9.4.21'] }, '9.4.100', false],
    ['no other line', { available: ['9.5.1', '8.4.99', '10.4.30', '9.4.21'] }, '9.4.21', false],
    ['no denied version', { denied: ['9.4.23'], available: ['9.4.22', '9.4.23'] }, '9.4.22', false],
    ['no pre-release', { available: ['9.4.24-rc1', '9.4.21', 'latest', ''] }, '9.4.21', false],
    ['what runs when nothing is newer', { available: ['9.4.20', '9.4.19'] }, '9.4.20', true],
    ['what runs when there are no images', { available: [] }, '9.4.20', true],
    ['what runs when all newer ones are denied', { denied: ['9.4.23'] }, '9.4.20', true],
    [
      'what runs, and is not up to date, when somebody turned upgrade mode on',
      { available: [], upgradeModeEnabled: true },
      '9.4.20',
      false,
    ],
    ['the target of an interrupted run, though a newer one is there', { recorded: '9.4.22' }, '9.4.22', false],
    [
      'the target of an interrupted run that is finalized, for what is left of it',
      { recorded: '9.4.23', running: '9.4.23' },
      '9.4.23',
      false,
    ],
    ['the newest when the record is of an upgrade that is over', { recorded: '9.4.19' }, '9.4.23', false],
    ['the newest when the record is no version', { recorded: 'x' }, '9.4.23', false],
  ])('is %s', (_, change, version, upToDate) => {
    expect(choose(change)).toMatchObject({ version, upToDate });
  });
  test('says what it came to, and what was looked at', () => {
    expect(choose({ available: ['9.4.23', '9.4.20', '9.4.24', '9.5.0', '9.4.23'], denied: ['9.4.24'] })).toMatchObject({
      resolution:
        '9.4.23 is the newest bug-fix version of 9.4 for which there is an image (looked at: the map: 9.4.24 (denied), 9.4.23, 9.4.20; 1 of other lines or no released versions).',
    });
    expect(choose({ recorded: '9.4.22' })).toMatchObject({
      resolution: expect.stringContaining('interrupted upgrade to 9.4.22') as string,
    });
    const many = Array.from({ length: 15 }, (__, patch) => `9.4.${patch}`);
    expect(choose({ available: many })).toMatchObject({ resolution: expect.stringContaining(', 9.4.3 and 3 older') as string });
  });
  test('cannot be told for a cluster that runs a special build', () => {
    expect(choose({ running: '9.4.20-SNAPSHOT' })).toMatchObject({
      version: undefined,
      problem: expect.stringContaining('SNAPSHOT') as string,
    });
  });
  test('is never denied, older, of another line or a pre-release', () => {
    const number = fc.integer({ min: 0, max: 3 });
    const text = fc
      .tuple(number, number, number, fc.constantFrom('', '', '', '-rc1', '.1'))
      .map(([a, b, c, end]) => `${a}.${b}.${c}${end}`);
    fc.assert(
      fc.property(text, fc.array(text), fc.array(text, { maxLength: 3 }), (running, available, denied) => {
        const chosen = newestBugFix(running, available, denied);
        const [from, to] = [parseVersion(running), parseVersion(chosen ?? '')];
        const allowed = available.filter((other) => {
          const version = parseVersion(other);
          return (
            from && version && !denied.includes(other) && other.startsWith(`${from.major}.${from.minor}.`) && version.patch > from.patch
          );
        });
        if (chosen === undefined) {
          expect(allowed).toEqual([]);
        } else {
          expect(allowed).toContain(chosen);
          for (const other of allowed) expect(compareVersions(parseVersion(other)!, to!)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});
