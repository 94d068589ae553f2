import fc from 'fast-check';
import type { CheckResult } from '../../../../lib/contract/checks';
import { isTaskError } from '../../../../lambda/core/errors';
import { ALL_CHECKS } from '../../../../lambda/core/checks/catalogue';
import { judgeChecks } from '../../../../lambda/core/checks/judge';
import { judge } from '../../../../lambda/judge-checks/handler';
import { plan } from '../support/build';
import { ground, judgeAccount, judgeCluster, judgeGroup, accountFacts, groupFacts, clusterFacts } from './build';

const NO_BACKUP_WORDS = { noneBecause: '', warnings: [] };
const results = fc.record({
  verdicts: fc.array(fc.constantFrom('passed' as const, 'failed' as const, 'unknown' as const), {
    minLength: ALL_CHECKS.length,
    maxLength: ALL_CHECKS.length,
  }),
  overridden: fc.array(fc.boolean(), { minLength: ALL_CHECKS.length, maxLength: ALL_CHECKS.length }),
  order: fc.shuffledSubarray(ALL_CHECKS.map((_, index) => index)),
});

describe('what all checks found', () => {
  test('is never told in part: whatever did not pass refuses, warns, or is overridden', () => {
    fc.assert(
      fc.property(results, ({ verdicts, overridden, order }) => {
        const findings = order.map((index): CheckResult => {
          const { name, severity } = ALL_CHECKS[index]!;
          return { check: name, severity, verdict: verdicts[index]!, found: `found ${name}.`, todo: '' };
        });
        const overrides = Object.fromEntries(
          ALL_CHECKS.filter(({ override }, index) => override === 'allowed' && overridden[index]).map(({ name }) => [
            name,
            'a good reason',
          ]),
        );
        const bad = findings.filter(({ verdict }) => verdict !== 'passed');
        const refusing = bad.filter(({ check, severity }) => severity === 'refuse' && !(check in overrides));
        const judged = (() => {
          try {
            return judgeChecks({ plan: { groupName: 'nodes' }, request: { overrides } }, findings);
          } catch (error) {
            return error as Error;
          }
        })();
        if (judged instanceof Error) {
          expect(isTaskError(judged, 'RequestRefused')).toBe(true);
          expect(refusing.length).toBeGreaterThan(0);
          for (const { check } of refusing) expect(judged.message).toContain(`[${check}] found ${check}.`);
        } else {
          expect(refusing).toEqual([]);
          expect([...judged.warnings, ...judged.overridden].map(({ check }) => check).sort()).toEqual(bad.map(({ check }) => check).sort());
          expect(judged.results).toHaveLength(findings.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is refused with every reason, numbered, the other run first, and what can be overridden', () => {
    const input = {
      plan: plan(),
      request: ground().request,
      findings: [
        judgeCluster(clusterFacts({ licence: undefined })),
        judgeGroup(groupFacts({ refresh: 'r-1' })),
        judgeAccount(accountFacts({ otherRun: 'execution:other' })),
      ],
    };
    expect(() => judge(input, NO_BACKUP_WORDS)).toThrow(
      /All 3 reasons:\n1\. \[other-run\] AnotherRunActive: execution:other.*\n2\. \[data-center-licence\].*\n3\. \[instance-refresh\].*\n.*Overridable of these: data-center-licence\.$/,
    );
  });

  test('comes in the order of the documentation, whichever task found it first', () => {
    const findings = [judgeAccount(), judgeGroup(), judgeCluster()];
    const { results: judged, warnings } = judge({ plan: plan(), request: ground().request, findings }, NO_BACKUP_WORDS);
    expect(judged.map(({ check }) => check)).toEqual(ALL_CHECKS.map(({ name }) => name));
    expect(warnings).toEqual([]);
  });

  test('tells once what two parts of the backup have to say in the same words', () => {
    const findings = [judgeCluster(), judgeGroup(), judgeAccount()];
    const broken = (part: string) => ({
      part,
      problems: [{ check: 'backup vault', message: 'The vault x cannot be used.' }],
      warnings: [],
      ready: true,
      detail: '',
    });
    const observations = [broken('database'), broken('shared-home')];
    expect(() => judge({ plan: plan(), request: ground().request, findings, observations }, NO_BACKUP_WORDS)).toThrow(
      /The reason:\n1\. \[backup-sources\] \[backup vault\] The vault x cannot be used\.$/,
    );
  });

  test('must hold every check: one that no task reported is unknown', () => {
    const findings = [judgeGroup(), judgeCluster()];
    expect(() => judge({ plan: plan(), request: ground().request, findings }, NO_BACKUP_WORDS)).toThrow(
      /\[other-run, change-calendars, .*permissions\] Could not be told: no task reported this check/,
    );
  });

  test('counts though nobody knows the check', () => {
    const stray: CheckResult = { check: 'of-another-version', severity: 'refuse', verdict: 'failed', found: 'Stray.', todo: '' };
    expect(() => judgeChecks({ plan: { groupName: 'nodes' }, request: {} }, [stray])).toThrow(/\[of-another-version\] Stray/);
  });
});

describe('a request', () => {
  const findings = [judgeCluster(), judgeGroup(), judgeAccount()];
  test('with mistakes is refused, all of them told, with those of its overrides', () => {
    const request = {
      ...ground().request,
      problems: [{ check: 'request', message: 'dryRun must be true or false.' }],
      overrides: { 'no-such-check': 'because I say so', 'version-policy': 'because I say so' },
    };
    expect(() => judge({ plan: plan(), request, findings }, NO_BACKUP_WORDS)).toThrow(
      /The reason:\n1\. \[request\] dryRun must be true or false\. overrides: there is no check "no-such-check"\. overrides: version-policy cannot be overridden: Bitbucket itself.*Checks that can be overridden are data-center-licence, /,
    );
  });
  test('may override a check that passes', () => {
    const request = { ...ground().request, overrides: { alarms: 'they ring every night' } };
    expect(judge({ plan: plan(), request, findings }, NO_BACKUP_WORDS).overridden).toEqual([]);
  });
  test('to what runs already needs no cluster in order, but must be well formed', () => {
    const idle = { plan: plan({ action: 'nothing' }), request: ground().request, findings: [judgeGroup(groupFacts({ refresh: 'r-1' }))] };
    expect(judge(idle, { noneBecause: 'of a test', warnings: [] })).toMatchObject({ warnings: [], overridden: [] });
    const wrong = { ...idle, request: { ...idle.request, problems: [{ check: 'request', message: 'typo' }] } };
    expect(() => judge(wrong, NO_BACKUP_WORDS)).toThrow(/typo/);
  });
});
