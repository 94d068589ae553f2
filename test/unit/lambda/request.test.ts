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
    expect(messages({ targetVersion: 9, imageId: 'x', dryRun: 'yes', verion: 1 })).toHaveLength(4);
  });
});
