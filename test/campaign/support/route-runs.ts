import { APPROVAL_ROUTES } from '../../../simulator/faults/approval-routes';
import type { CampaignResult } from '../../../simulator/faults/campaign-run';
import { ROUTES } from '../../../simulator/faults/routes';
import type { Fault, StateFails } from '../../../simulator/scenario/fault';
import type { Scenario } from '../../../simulator/scenario/scenario';
import type { MachineEdge, MachineState } from './machines';

/** A run on a route, by itself or with one failure more. */
export interface RouteRun {
  readonly name: string;
  readonly scenario: Scenario;
  /** What fails on the route: the `Catch` of its state is meant. */
  readonly fault?: StateFails;
}

/** Every route, by itself and with each of its failures. */
export const ROUTE_RUNS: readonly RouteRun[] = Object.entries({ ...ROUTES, ...APPROVAL_ROUTES }).flatMap(
  ([name, { scenario, fails }]): RouteRun[] => [
    { name, scenario },
    ...fails.map((fault) => ({
      name: `${name}, and "${fault.state}" of ${fault.machine ?? ''} fails with ${fault.error}`,
      scenario: withFault(scenario, fault),
      fault,
    })),
  ],
);

function withFault(scenario: Scenario, fault: Fault): Scenario {
  return { ...scenario, faults: [...scenario.faults, fault] };
}

/** The scenario, and somebody stops its execution at the state: a second time, if it is stopped already, which is then the recovery. */
export const withAbort = (scenario: Scenario, { machine, state }: MachineState): Scenario =>
  withFault(scenario, { name: 'abort', machine, state, nth: 1 });

/** Whether a run came by a state. */
export const entered = ({ coverage }: CampaignResult, { machine, state }: MachineState): boolean =>
  coverage.some((each) => each.machine === machine && each.states.includes(state));

/** Whether a run took an edge that its failure is meant for: that of its state; any, on a route by itself. */
export function took({ coverage }: CampaignResult, { fault }: RouteRun, { machine, state, next }: MachineEdge): boolean {
  const isMeant = fault === undefined || (fault.state === state && machine.includes(fault.machine ?? ''));
  return (
    isMeant && coverage.some((each) => each.machine === machine && each.catches.some((edge) => edge.state === state && edge.next === next))
  );
}
