import type { Journal } from '../kernel/ports';
import type { StateMachines } from '../states/state-machines';
import { TaskError } from '../states/task-error';
import type { Fault } from './fault';

/** What the faults of states need of the simulation. */
interface StateFaultsHost {
  readonly journal: Journal;
  readonly healed: () => boolean;
  readonly machines: Pick<StateMachines, 'interceptTasks'>;
}

/**
 * Makes states fail: each `Catch` is reached by this, that of a nested execution, of a question to a person and of a Parallel too, which no single
 * invocation of a function leads to.
 */
export function installStateFaults(faults: readonly Fault[], { journal, healed, machines }: StateFaultsHost): void {
  for (const fault of faults) {
    if (fault.name !== 'state-fails') continue;
    const { machine = '', state, error, nth } = fault;
    let times = 0;
    machines.interceptTasks(({ execution, states }) => {
      if (healed() || !states.includes(state) || !execution.machine.logicalId.includes(machine)) return undefined;
      times += 1;
      if (times !== nth) return undefined;
      journal.record({ kind: 'fault', ...fault });
      return new TaskError(error, JSON.stringify({ errorType: error, errorMessage: 'the simulated state fails' }));
    });
  }
}
