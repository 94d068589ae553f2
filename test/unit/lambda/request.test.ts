import { Ajv2020 } from 'ajv/dist/2020';
import * as fc from 'fast-check';
import { REQUEST_SCHEMA } from '../../../lib/contract/request-schema';
import { parseRequest } from '../../../lambda/core/request';

const messages = (input: unknown, fallback = ''): string[] => parseRequest(input, fallback).problems.map(({ message }) => message);

describe('a request', () => {
  test('is read', () => {
    expect(parseRequest({ targetVersion: '9.4.23', imageId: 'ami-0123456789abcdef0', dryRun: true }, '')).toEqual({
      targetVersion: '9.4.23',
      imageId: 'ami-0123456789abcdef0',
      dryRun: true,
      problems: [],
    });
  });
  test('without a version takes the default one', () => {
    expect(parseRequest({}, '9.4.23')).toEqual({ targetVersion: '9.4.23', dryRun: false, problems: [] });
  });
  test('with an image and no version leaves the version to the image', () => {
    expect(parseRequest({ imageId: 'ami-0123456789abcdef0' }, '9.4.20').targetVersion).toBeUndefined();
  });
  test('without any version says so', () => {
    expect(messages({})).toEqual([expect.stringContaining('No targetVersion')]);
  });
  test.each([null, [], 'x', 3, undefined])('that is no object is refused: %j', (input) => {
    expect(messages(input, '9.4.23')).toEqual([expect.stringContaining('must be a JSON object')]);
  });
  test('suggests the nearest key', () => {
    expect(messages({ targetversion: '9.4.23' }, '9.4.23')[0]).toContain('Did you mean "targetVersion"?');
    expect(messages({ zzz: 1 }, '9.4.23')[0]).not.toContain('Did you mean');
  });
  test('tells every mistake at once', () => {
    const input = { targetVersion: 9, imageId: 'x', dryRun: 'yes', verion: 1, overrides: { licence: 'no', apps: 7 } };
    expect(messages(input)).toEqual([
      '"verion" is no key of a request. Allowed are targetVersion, imageId, dryRun, overrides, maintenanceWindow.',
      'targetVersion must be a version such as "9.4.23", or "LATEST_BUGFIX"; it is 9.',
      'imageId must be an image\'s id such as "ami-0123456789abcdef0"; it is "x".',
      'dryRun must be true or false; it is "yes".',
      'overrides: "licence" must say in 10 to 500 characters why the check may fail; it says "no".',
      'overrides: "apps" must say in 10 to 500 characters why the check may fail; it says 7.',
    ]);
  });
  test('keeps the overrides with their reasons', () => {
    const overrides = { 'app-compatibility': 'tested on staging, CHG-4711' };
    expect(parseRequest({ overrides }, '9.4.23')).toEqual({ targetVersion: '9.4.23', dryRun: false, overrides, problems: [] });
    expect(parseRequest({ overrides: { x: '' } }, '9.4.23')).not.toHaveProperty('overrides');
  });
  test('keeps its maintenance window', () => {
    const maintenanceWindow = { opens: '2026-03-01T02:00:00Z', minutes: 180 };
    expect(parseRequest({ maintenanceWindow }, '9.4.23')).toMatchObject({ maintenanceWindow, problems: [] });
    expect(parseRequest({ maintenanceWindow: { minutes: 15 } }, '9.4.23')).toMatchObject({ maintenanceWindow: { minutes: 15 } });
  });
  test.each([
    [
      180,
      ['maintenanceWindow must be an object such as {"minutes":180} or {"opens":"2026-03-01T02:00:00+01:00","minutes":180}; it is 180.'],
    ],
    [{}, ['maintenanceWindow must be an object such as {"minutes":180} or {"opens":"2026-03-01T02:00:00+01:00","minutes":180}; it is {}.']],
    [
      { minutes: 5, opens: 'at two', hours: 3 },
      [
        'maintenanceWindow: "hours" is no key of it. Allowed are opens, minutes.',
        'maintenanceWindow: opens must be a time with its zone such as "2026-03-01T02:00:00+01:00"; it is "at two".',
        'maintenanceWindow: minutes must be a whole number from 15 to 1440; it is 5.',
      ],
    ],
    [{ minutes: 1441 }, ['maintenanceWindow: minutes must be a whole number from 15 to 1440; it is 1441.']],
    [{ minutes: 60, opens: '2026-03-01T02:00:00' }, [expect.stringContaining('a time with its zone')]],
    [{ minutes: 60, opens: '2026-13-01T02:00:00Z' }, [expect.stringContaining('it is "2026-13-01T02:00:00Z"')]],
  ])('tells every mistake in its maintenance window: %j', (maintenanceWindow, said) => {
    const asked = parseRequest({ maintenanceWindow }, '9.4.23');
    expect(asked.problems.map(({ message }) => message)).toEqual(said);
    expect(asked).not.toHaveProperty('maintenanceWindow');
  });
  test('may ask for the newest bug-fix version, itself or by default', () => {
    expect(parseRequest({ targetVersion: 'LATEST_BUGFIX' }, '')).toMatchObject({ targetVersion: 'LATEST_BUGFIX', problems: [] });
    expect(parseRequest({}, 'LATEST_BUGFIX')).toMatchObject({ targetVersion: 'LATEST_BUGFIX', problems: [] });
    expect(parseRequest({ imageId: 'ami-0123456789abcdef0' }, 'LATEST_BUGFIX')).not.toHaveProperty('targetVersion');
  });
  test('cannot have the newest version and an image of its own', () => {
    const asked = parseRequest({ targetVersion: 'LATEST_BUGFIX', imageId: 'ami-0123456789abcdef0' }, '');
    expect(asked.problems.map(({ message }) => message)).toEqual([expect.stringContaining('leave imageId ami-0123456789abcdef0 out')]);
    expect(asked).not.toHaveProperty('targetVersion');
  });
  test.each([
    ['latest-bugfix', /Did you mean "LATEST_BUGFIX"/],
    ['10.0.0-rc1', /is a pre-release/],
    ['9.4', /is no Bitbucket version/],
    ['9.04.1', /is no Bitbucket version/],
  ])('with the target %s says what is wrong with it', (targetVersion, expected) => {
    expect(messages({ targetVersion })).toEqual([expect.stringMatching(expected)]);
  });
  test('with a default that is no version says so', () => {
    expect(messages({}, '9.4')).toEqual([expect.stringContaining('targetVersion "9.4"')]);
  });
  test('of any JSON gets no message without words, and problems whenever the schema refuses it', () => {
    const isValid = new Ajv2020().compile(REQUEST_SCHEMA);
    const field = fc.constantFrom('targetVersion', 'imageId', 'dryRun', 'overrides', 'x/y~z', '');
    const input = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(field, fc.jsonValue()),
      fc.record({ overrides: fc.dictionary(fc.string(), fc.string()) }),
    );
    fc.assert(
      fc.property(input, (value) => {
        const found = messages(value, '9.4.23');
        if (!isValid(value)) expect(found.length).toBeGreaterThan(0);
        for (const message of found) expect(message).toMatch(/^.{20,900}$/su);
      }),
    );
  });
});
