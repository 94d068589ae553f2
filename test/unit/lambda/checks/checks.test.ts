import { ALL_CHECKS, ACCOUNT_CHECKS, CLUSTER_CHECKS, GROUP_CHECKS, JUDGED_CHECKS } from '../../../../lambda/core/checks/catalogue';
import type { CheckOf, Facts } from '../../../../lambda/core/checks/check';
import { judgeChecks } from '../../../../lambda/core/checks/judge';
import { accountFacts, clusterFacts, ground, groupFacts, judgedFacts } from './build';
import { ACCOUNT_ROWS, JUDGED_ROWS } from './account-rows';
import { CLUSTER_ROWS } from './cluster-rows';
import { GROUP_ROWS } from './group-rows';
import { PASSING } from './passing';
import type { Row } from './row';

const ROWS: readonly Row[] = [...CLUSTER_ROWS, ...GROUP_ROWS, ...ACCOUNT_ROWS, ...JUDGED_ROWS];

const against = (results: readonly { check: string; verdict: string }[]): string[] =>
  results.filter(({ verdict }) => verdict !== 'passed').map(({ check }) => check);

describe('each check', () => {
  test.each(ROWS)('sees %s', (_, checks, says, results) => {
    const found = results();
    expect(against(found)).toEqual(checks);
    const first = found.find(({ check }) => check === checks[0]);
    expect(`${first?.found ?? ''} ${first?.todo ?? ''}`).toMatch(says);
    expect(first?.verdict).toBe('failed');
  });
  test.each(PASSING)('lets %s pass, and says what it saw', (_, results) => {
    const found = results();
    expect(against(found)).toEqual([]);
    expect(found.filter((result) => result.found === '' || result.todo !== '')).toEqual([]);
  });
  test('has a case in which it does not pass', () => {
    const tested = new Set(ROWS.flatMap(([, checks]) => checks));
    expect(ALL_CHECKS.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });
  test('has a name of its own, in words with hyphens, and says what it rests on', () => {
    const names = ALL_CHECKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, looksAt, source, override } of ALL_CHECKS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(looksAt).not.toMatch(/\||\n/);
      expect(source).toMatch(/^https:\/\//);
      expect(override).not.toBe('');
    }
  });
  test('is in the list of all checks', () => {
    const lists = [CLUSTER_CHECKS, GROUP_CHECKS, ACCOUNT_CHECKS, JUDGED_CHECKS].flat().map(({ name }) => name);
    expect([...lists].sort()).toEqual(ALL_CHECKS.map(({ name }) => name).sort());
  });
});

describe('an override', () => {
  const REASON = 'tested on staging, CHG-4711';
  test.each(ROWS)('by name lets %s pass, or says why it cannot', (_, checks, __, results) => {
    const overrides = Object.fromEntries(checks.map((name) => [name, REASON]));
    const allowed = checks.every((name) => ALL_CHECKS.find((check) => check.name === name)?.override === 'allowed');
    const judge = () => judgeChecks({ plan: { groupName: 'nodes' }, request: { overrides } }, results());
    if (allowed) {
      expect(judge().overridden.map(({ check, reason }) => [check, reason])).toEqual(checks.map((name) => [name, REASON]));
      expect(judge().warnings).toEqual([]);
    } else {
      expect(judge).toThrow(/cannot be overridden: .*Checks that can be overridden are .*app-compatibility/s);
    }
  });
});

describe('a fact that could not be read', () => {
  const WHY = 'AccessDenied: not allowed to look.';

  function expectOnlyThoseThatNeed<F extends object>(checks: readonly CheckOf<F>[], facts: Facts<F>): void {
    const before = checks.map((check) => check.judge(facts, ground()));
    const touched = new Set<string>();
    for (const key of Object.keys(facts)) {
      const after = checks.map((check) => check.judge({ ...facts, [key]: { unknown: WHY } }, ground()));
      for (const [index, result] of after.entries()) {
        if (result.verdict === 'passed') {
          expect(result).toEqual(before[index]);
          continue;
        }
        touched.add(result.check);
        expect(result).toMatchObject({ verdict: 'unknown', found: `Could not be told: ${WHY}` });
        expect(result.todo).not.toBe('');
      }
    }
    expect(touched.size).toBeGreaterThan(0);
  }

  test('makes only the checks that need it unknown, and they say why', () => {
    expectOnlyThoseThatNeed(CLUSTER_CHECKS, clusterFacts());
    expectOnlyThoseThatNeed(GROUP_CHECKS, groupFacts());
    expectOnlyThoseThatNeed(ACCOUNT_CHECKS, accountFacts());
    expectOnlyThoseThatNeed(JUDGED_CHECKS, judgedFacts());
  });
  test('of the Marketplace warns; of the licence refuses', () => {
    const judged = (facts: ReturnType<typeof clusterFacts>) =>
      judgeChecks(
        { plan: { groupName: 'nodes' }, request: {} },
        CLUSTER_CHECKS.map((check) => check.judge(facts, ground())),
      );
    expect(judged({ ...clusterFacts(), apps: { unknown: WHY } }).warnings).toMatchObject([{ check: 'app-compatibility' }]);
    expect(() => judged({ ...clusterFacts(), licence: { unknown: WHY } })).toThrow(
      /\[data-center-licence, licence-maintenance\] Could not be told/,
    );
  });
});
