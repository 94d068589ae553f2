import { bugFixPolicy, parseVersion } from '../../../lambda/core/versions';

describe('a version', () => {
  test.each(['9.4.23', '10.0.0', '7.21.0'])('%s is one', (text) => {
    expect(parseVersion(text)).toBeDefined();
  });
  test.each(['10.0.0-rc1', '9.4', '9.4.23.1', 'v9.4.23', '09.4.1', '9.4.23-jdk11', '9.4.0-m1', '', ' 9.4.23'])('"%s" is none', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe('the bug-fix policy', () => {
  test('allows a later bug-fix version', () => {
    expect(bugFixPolicy('9.4.20', '9.4.23', [])).toEqual([]);
  });
  test.each([
    ['9.4.20', '9.5.0', /feature upgrade/],
    ['9.4.20', '10.0.0', /platform upgrade/],
    ['9.4.20', '9.4.19', /downgrade/],
    ['9.4.20', '8.9.27', /downgrade/],
    ['9.4.20', '9.4.20', /already runs/],
    ['9.4.20', '10.0.0-rc1', /pre-release/],
    ['9.4.20-rc1', '9.4.21', /no released version/],
    ['7.8.1', '7.8.2', /7\.9 or later/],
  ])('refuses %s to %s', (from, to, reason) => {
    expect(bugFixPolicy(from, to, []).join('\n')).toMatch(reason);
  });
  test('gives every reason at once', () => {
    const reasons = bugFixPolicy('7.8.1', '7.9.0', ['7.9.0']);
    expect(reasons).toHaveLength(3);
  });
});
