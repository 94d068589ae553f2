import type { CampaignResult } from '../../simulator/faults/campaign-run';
import { ROUTES } from '../../simulator/faults/routes';
import type { Scenario } from '../../simulator/scenario/scenario';
import type { StateFails } from '../../simulator/scenario/fault';
import { edgesOfTemplate } from './support/edges';
import { runJobs } from './support/run-jobs';

jest.setTimeout(15 * 60_000);

const EDGES = edgesOfTemplate().flatMap(({ machine, catches }) => catches.map(({ state, next }) => ({ machine, state, next })));

interface Run {
  readonly name: string;
  readonly scenario: Scenario;
  /** What fails on the route: the `Catch` of its state is meant. */
  readonly fault?: StateFails;
}

const RUNS = Object.entries(ROUTES).flatMap(([name, { scenario, fails }]): Run[] => [
  { name, scenario },
  ...fails.map((fault) => ({
    name: `${name}, and ${fault.machine ?? ''} fails at "${fault.state}"`,
    scenario: withFault(scenario, fault),
    fault,
  })),
]);

function withFault(scenario: Scenario, fault: StateFails): Scenario {
  return { ...scenario, faults: [...scenario.faults, fault] };
}

let results: ReadonlyMap<number, CampaignResult> = new Map();

beforeAll(async () => {
  results = await runJobs(RUNS.map(({ scenario }, run) => ({ run, what: { scenario } })));
});

/** Whether a run took an edge. */
function took({ coverage }: CampaignResult, edge: (typeof EDGES)[number]): boolean {
  const ofMachine = coverage.find(({ machine }) => machine === edge.machine);
  return ofMachine?.catches.some(({ state, next }) => state === edge.state && next === edge.next) === true;
}

/** A fault of a state is meant for the `Catch` edges of that state; a route by itself for any. */
const isMeant = ({ fault }: Run, { machine, state }: (typeof EDGES)[number]): boolean =>
  fault === undefined || (fault.state === state && machine.includes(fault.machine ?? ''));

test.each(EDGES.map((edge) => [edge.machine.replace(/StateMachine.*/, ''), edge.state, edge.next, edge] as const))(
  '%s: an error of "%s" is caught and leads to "%s"',
  (_machine, _state, _next, edge) => {
    const taking = RUNS.filter((each, run) => isMeant(each, edge) && took(results.get(run)!, edge));
    expect(taking.length).toBeGreaterThan(0);
  },
);

test.each(RUNS.map(({ name }, run) => [name, run] as const))('%s: the rules are kept, and the next start upgrades', (_, run) => {
  expect(results.get(run)?.problems).toEqual([]);
});
