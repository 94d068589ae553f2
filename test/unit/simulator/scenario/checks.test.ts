import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assemblies } from '../../../../bin/simulate/assembly';
import { ALL_CHECKS } from '../../../../lambda/core/checks/catalogue';
import type { RunReport } from '../../../../lib/contract/events';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { ScenarioRun } from '../../../../simulator/scenario/run';
import { CASES } from './check-cases';
import type { CheckCase } from './check-cases';

jest.setTimeout(120_000);

const REASON = 'looked at by two people, CHG-4711';
const EXAMPLES = join(__dirname, '../../../../examples/scenarios');

const assemblies = new Assemblies();
afterAll(() => {
  assemblies.dispose();
});

/** A dry run in the world of a case: it ends with the plan, or is refused. */
async function dryRun({ scenario = {}, arrange }: CheckCase, overrides: Readonly<Record<string, string>> = {}) {
  const given = parseScenario({
    cluster: { nodes: 2 },
    ...scenario,
    request: { targetVersion: '9.4.23', ...(scenario['request'] as object | undefined), dryRun: true, overrides },
  });
  const run = new ScenarioRun(given, assemblies.for(given));
  arrange?.(run);
  const { status, error, cause, mutatingCalls } = await run.run();
  const { warnings = [], overridden = [] } = JSON.parse(run.simulation.machines.executions[0]?.output ?? '{}') as Partial<RunReport>;
  return { status, error, cause: cause ?? '', mutatingCalls, warnings, overridden };
}

const described = (name: string) => ALL_CHECKS.find((check) => check.name === name)!;
const refusing = CASES.filter(({ check }) => described(check).severity === 'refuse');
const warning = CASES.filter(({ check }) => described(check).severity === 'warn');
const rows = (cases: readonly CheckCase[]) => cases.map((each) => [each.check, each.what, each] as const);

describe('on a simulated site', () => {
  test.each(rows(refusing))('%s refuses %s, and nothing is changed', async (check, _, given) => {
    const { status, error, cause, mutatingCalls } = await dryRun(given);
    expect({ status, error, mutatingCalls }).toEqual({ status: 'FAILED', error: 'RequestRefused', mutatingCalls: [] });
    expect(cause).toContain(`[${check}]`);
    expect(cause).toMatch(given.says);
  });

  test.each(rows(warning))('%s warns of %s', async (check, _, given) => {
    const { status, warnings, mutatingCalls } = await dryRun(given);
    expect({ status, mutatingCalls }).toEqual({ status: 'SUCCEEDED', mutatingCalls: [] });
    const told = warnings.filter((warned) => warned.check === check).map(({ message }) => message);
    expect(told.join('\n')).toMatch(given.says);
  });

  test.each(rows(CASES))('%s, overridden by name: %s', async (check, _, given) => {
    const { status, cause, overridden } = await dryRun(given, { [check]: REASON });
    if (described(check).override === 'allowed') {
      expect(overridden).toContainEqual(expect.objectContaining({ check, reason: REASON }));
      expect(cause).not.toContain(`[${check}]`);
    } else {
      expect(status).toBe('FAILED');
      expect(cause).toContain(`${check} cannot be overridden`);
    }
  });
});

test('every check has a case here, or an example scenario whose expectation names it', () => {
  const expected = readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.stringify((JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as { expect?: unknown }).expect ?? {}));
  // Without credentials there is no plan to check: the run ends before, with the error of that name.
  const sign = (name: string) => (name === 'credentials' ? '"CredentialsRefused"' : `[${name}]`);
  const covered = (name: string) => CASES.some(({ check }) => check === name) || expected.some((text) => text.includes(sign(name)));
  expect(ALL_CHECKS.map(({ name }) => name).filter((name) => !covered(name))).toEqual([]);
});
