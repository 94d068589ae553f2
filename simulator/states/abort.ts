import type { Journal } from '../kernel/ports';
import type { StateMachines } from './state-machines';

/** When an operator stops what runs. */
export interface AbortPoint {
  /** Logical id or name of the machine that has the state, or a part of one; any machine when it is left out. */
  readonly machine?: string;
  readonly state: string;
  /** The nth time that the state is entered, counted over all executions of its machine; default 1. */
  readonly nth?: number;
}

/**
 * Stops the top-level execution, as `StopExecution` does, when a state is entered; nested executions are stopped with it. A Lambda function that the
 * state has just invoked runs on, as on AWS: stopping an execution does not stop what it called.
 *
 * @returns whether it has happened yet.
 */
export function abortWhen(machines: StateMachines, journal: Journal, point: AbortPoint): () => boolean {
  const { machine = '', state, nth = 1 } = point;
  let happened = false;
  machines.onEntered((execution, entered, count) => {
    const { logicalId, name } = execution.machine;
    if (happened || entered !== state || count !== nth || !(logicalId.includes(machine) || name.includes(machine))) return;
    happened = true;
    const { root } = execution;
    journal.record({ kind: 'fault', name: 'abort', machine: logicalId, state, execution: root.arn });
    root.stop('Operator', `Stopped at the state "${state}".`);
  });
  return () => happened;
}
