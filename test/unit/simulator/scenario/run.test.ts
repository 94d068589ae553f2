import { Assemblies } from '../../../../bin/simulate/assembly';
import { parseScenario } from '../../../../simulator/scenario/parse';
import { ScenarioRun } from '../../../../simulator/scenario/run';

jest.setTimeout(120_000);

const assemblies = new Assemblies();
afterAll(() => {
  assemblies.dispose();
});

const run = (value: object) => {
  const scenario = parseScenario(value);
  return new ScenarioRun(scenario, assemblies.for(scenario)).run();
};

test('two nodes are upgraded as expected, and the same seed gives the same bytes', async () => {
  const [first, second] = [await run({ cluster: { nodes: 2 } }), await run({ cluster: { nodes: 2 } })];
  expect(first.differences).toEqual([]);
  expect(first).toMatchObject({ status: 'SUCCEEDED', versions: ['9.4.23'], requests: { failed: 0 }, minServing: 2, nodes: 2 });
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
});

test('another seed gives other times', async () => {
  const [first, second] = [await run({ cluster: { nodes: 2 }, seed: 1 }), await run({ cluster: { nodes: 2 }, seed: 2 })];
  expect(second.simulatedSeconds).not.toBe(first.simulatedSeconds);
});

test('a new node that stays in MAINTENANCE is not taken for good, though the load balancers find it healthy', async () => {
  const result = await run({
    cluster: { nodes: 2 },
    faults: [{ name: 'replacement-stays-in-maintenance' }],
    limits: { bootTimeout: 900 },
    expect: { status: 'SUCCEEDED', versions: ['9.4.23'] },
  });
  expect(result.differences).toEqual([]);
  expect(result.timeline.filter(({ launched }) => launched !== undefined)).toHaveLength(3); // a fresh one took its place
});

test('an action that the policies lack is named', async () => {
  const result = await run({
    denyAction: 'rds:CreateDBSnapshot',
    expect: { status: 'FAILED', error: 'AccessDenied', causeIncludes: 'rds:CreateDBSnapshot', versions: ['9.4.20'], brokenRules: [10] },
  });
  expect(result.differences).toEqual([]);
  expect(result.deniedCalls).toMatchObject([{ action: 'rds:CreateDBSnapshot' }]);
});
