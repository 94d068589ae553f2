/**
 * Faults: drawn from a seed; at each `Catch` edge of the machines; an abort at each of their states. One file, because what costs most is to make the
 * processes warm that run all of it.
 */
import { Assemblies } from '../../bin/simulate/assembly';
import { replay } from '../../bin/simulate/campaign-report';
import type { CampaignResult } from '../../simulator/faults/campaign-run';
import { CATALOGUE, isRecovery } from '../../simulator/faults/catalogue';
import { edgeName, machines, nameOf } from './support/machines';
import type { MachineState } from './support/machines';
import { Processes } from './support/processes';
import { ROUTE_RUNS, entered, took, withAbort } from './support/route-runs';
import type { RouteRun } from './support/route-runs';

/** How many runs are drawn, and from what. By hand many more are made: `docs/reliability.md`. */
const DRAWN = 300;
const SEED = 1;

jest.setTimeout(20 * 60_000);

const assemblies = new Assemblies();
const { states, edges, gates } = machines(assemblies);

let drawn: readonly CampaignResult[] = [];
let onRoutes: readonly CampaignResult[] = [];
/** By the name of the state at which the execution was stopped. */
const stopped = new Map<string, CampaignResult | undefined>();

/** The first run that comes by a state, preferably one without a failure of its own. */
function runBy(state: MachineState): RouteRun | undefined {
  const coming = ROUTE_RUNS.filter((_, index) => entered(onRoutes[index]!, state));
  return coming.find(({ fault }) => fault === undefined) ?? coming[0];
}

beforeAll(async () => {
  const processes = new Processes(assemblies);
  try {
    const draws = Array.from({ length: DRAWN }, () => ({ seed: SEED }));
    const results = await processes.run([...draws, ...ROUTE_RUNS.map(({ scenario }) => ({ scenario }))]);
    [drawn, onRoutes] = [results.slice(0, DRAWN), results.slice(DRAWN)];
    const aborts = states.flatMap((state) => {
      const run = runBy(state);
      return run === undefined ? [] : [{ state, scenario: withAbort(run.scenario, state) }];
    });
    const ended = await processes.run(aborts.map(({ scenario }) => ({ scenario })));
    aborts.forEach(({ state }, index) => stopped.set(nameOf(state), ended[index]));
  } finally {
    processes.end();
    assemblies.dispose();
  }
});

test('every gate has its states', () => {
  expect(gates.states).toHaveLength(3 * 5 + 2 * 2);
  expect(gates.edges).toHaveLength(3 * 3 + 2);
});

describe('faults that are drawn', () => {
  test('break no rule, and the next start upgrades the cluster', () => {
    const failed = drawn.filter(({ problems }) => problems.length > 0);
    expect(failed.map(({ run, problems }) => [replay(SEED, run), ...problems].join('\n'))).toEqual([]);
    expect(drawn).toHaveLength(DRAWN);
  });

  test('are of most kinds, and leave every state that a run may leave', () => {
    const kinds = new Set(drawn.flatMap((result) => result.kinds));
    expect(kinds.size).toBeGreaterThan(0.8 * CATALOGUE.length);
    const ends = new Set(drawn.map(({ end }) => end.split(' ')[0]));
    expect([...ends].sort()).toEqual(['held', 'original', 'upgraded']);
    expect(drawn.some(({ redriven }) => redriven)).toBe(true);
  });
});

describe('on a route', () => {
  test.each(ROUTE_RUNS.map(({ name }, index) => [name, index] as const))(
    '%s: the rules are kept, and the next start upgrades',
    (_, index) => {
      expect(onRoutes[index]?.problems).toEqual([]);
    },
  );

  test.each(edges.map((edge) => [edgeName(edge), edge] as const))('the error is caught, and leads on: %s', (_, edge) => {
    const taking = ROUTE_RUNS.filter((run, index) => took(onRoutes[index]!, run, edge));
    expect(taking.length).toBeGreaterThan(0);
  });
});

test.each(states.map((state) => [nameOf(state), state.machine] as const))(
  'somebody stops the execution at %s: all is restored, and the next start upgrades',
  (state, machine) => {
    // Nobody restores after a recovery that was stopped but the next start.
    const counts = (problem: string): boolean => !isRecovery(machine) || problem.startsWith('next start');
    expect(stopped.get(state)?.problems.filter(counts)).toEqual([]);
  },
);
