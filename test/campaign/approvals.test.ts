import type { CampaignResult } from '../../simulator/faults/campaign-run';
import { APPROVAL_ROUTES } from '../../simulator/faults/approval-routes';
import { APPROVAL_VARIANT } from '../../simulator/faults/variants';
import type { Fault } from '../../simulator/scenario/fault';
import type { Scenario } from '../../simulator/scenario/scenario';
import { edgesOfTemplate } from './support/edges';
import { runJobs } from './support/run-jobs';

jest.setTimeout(15 * 60_000);

/** What the gates add to the main machine. */
const key = ({ state, next }: { state: string; next: string }): string => `${state} -> ${next}`;
const mainOf = (edges: ReturnType<typeof edgesOfTemplate>) => edges.find(({ machine }) => machine.includes('RollingUpgradeStateMachine'))!;
const plain = mainOf(edgesOfTemplate());
const { machine, states, catches } = mainOf(edgesOfTemplate(APPROVAL_VARIANT));
const STATES = states.filter((state) => !plain.states.includes(state));
const EDGES = catches.filter((edge) => !plain.catches.map(key).includes(key(edge)) && STATES.includes(edge.state));

const withFault = (scenario: Scenario, fault: Fault): Scenario => ({ ...scenario, faults: [...scenario.faults, fault] });
const RUNS = Object.entries(APPROVAL_ROUTES).flatMap(([name, { scenario, fails }]) => [
  { name, scenario },
  ...fails.map((fault) => ({ name: `${name}, and "${fault.state}" fails with ${fault.error}`, scenario: withFault(scenario, fault) })),
]);

let results: ReadonlyMap<number, CampaignResult> = new Map();
let aborted: ReadonlyMap<number, CampaignResult> = new Map();

const inMain = (result: CampaignResult | undefined) => result?.coverage.find((each) => each.machine === machine);

beforeAll(async () => {
  results = await runJobs(RUNS.map(({ scenario }, run) => ({ run, what: { scenario } })));
  const jobs = STATES.flatMap((state, run) => {
    const through = RUNS.find((_, index) => inMain(results.get(index))?.states.includes(state) === true);
    if (through === undefined) return [];
    return [{ run, what: { scenario: withFault(through.scenario, { name: 'abort', machine, state, nth: 1 }) } }];
  });
  aborted = await runJobs(jobs);
});

test('every gate has its states', () => {
  expect(STATES).toHaveLength(3 * 5 + 2 * 2);
  expect(EDGES).toHaveLength(3 * 3 + 2);
});

test.each(RUNS.map(({ name }, run) => [name, run] as const))('%s: the rules are kept, and the next start upgrades', (_, run) => {
  expect(results.get(run)?.problems).toEqual([]);
});

test.each(EDGES.map((edge) => [edge.state, edge.next, edge] as const))(
  'an error of "%s" is caught and leads to "%s"',
  (_state, _next, edge) => {
    const taking = [...results.values()].filter((result) => inMain(result)?.catches.map(key).includes(key(edge)));
    expect(taking.length).toBeGreaterThan(0);
  },
);

test.each(STATES.map((state, run) => [state, run] as const))(
  'somebody stops the execution at %s: all is restored, and the next start upgrades',
  (_, run) => {
    expect(aborted.get(run)?.problems).toEqual([]);
  },
);
