import type { CampaignResult } from '../../simulator/faults/campaign-run';
import { isRecovery } from '../../simulator/faults/catalogue';
import { ROUTES } from '../../simulator/faults/routes';
import type { Fault } from '../../simulator/scenario/fault';
import type { Scenario } from '../../simulator/scenario/scenario';
import { edgesOfTemplate } from './support/edges';
import { runJobs } from './support/run-jobs';

jest.setTimeout(15 * 60_000);

const STATES = edgesOfTemplate().flatMap(({ machine, states }) => states.map((state) => ({ machine, state })));
const routes = Object.entries(ROUTES);

/** A route with an abort more: a second one, if it has one already, is of the recovery. */
const withAbort = (scenario: Scenario, machine: string, state: string): Scenario => {
  const abort: Fault = { name: 'abort', machine, state, nth: 1 };
  return { ...scenario, faults: [...scenario.faults, abort] };
};

let reached: ReadonlyMap<number, CampaignResult> = new Map();
let aborted: ReadonlyMap<number, CampaignResult> = new Map();
const routeOf = new Map<string, string>();

beforeAll(async () => {
  reached = await runJobs(routes.map(([, { scenario }], run) => ({ run, what: { scenario } })));
  for (const [run, { coverage }] of [...reached].sort(([a], [b]) => a - b)) {
    for (const { machine, states } of coverage) {
      for (const state of states) if (!routeOf.has(`${machine}: ${state}`)) routeOf.set(`${machine}: ${state}`, routes[run]?.[0] ?? '');
    }
  }
  const jobs = STATES.flatMap(({ machine, state }, run) => {
    const route = ROUTES[routeOf.get(`${machine}: ${state}`) ?? ''];
    return route === undefined ? [] : [{ run, what: { scenario: withAbort(route.scenario, machine, state) } }];
  });
  aborted = await runJobs(jobs);
});

test.each(routes.map(([name], run) => [name, run] as const))('%s: the rules are kept, and the next start upgrades', (_, run) => {
  expect(reached.get(run)?.problems).toEqual([]);
});

test.each(STATES.map(({ machine, state }, index) => [machine.replace(/StateMachine.*/, ''), state, machine, index] as const))(
  'somebody stops the execution at %s: %s: all is restored, and the next start upgrades',
  (_, state, machine, index) => {
    expect(routeOf.get(`${machine}: ${state}`)).toBeDefined();
    // Nobody restores after a recovery that was stopped but the next start.
    const counts = (problem: string): boolean => !isRecovery(machine) || problem.startsWith('next start');
    expect(aborted.get(index)?.problems.filter(counts)).toEqual([]);
  },
);
