import type { StateMachineResource } from '../assembly/deployment';
import { statesOf } from './check-definition';

/** A `Catch` edge of a machine. */
export interface CatchEdge {
  readonly state: string;
  readonly next: string;
}

/** States and `Catch` edges of one machine. */
export interface MachineEdges {
  /** Logical id. */
  readonly machine: string;
  /** Branches and item processors included. */
  readonly states: readonly string[];
  readonly catches: readonly CatchEdge[];
}

/** Every state and every `Catch` edge that the machine's definition has; two catchers of a state that lead to the same state are one edge. */
export function edgesOf({ logicalId, definition }: StateMachineResource): MachineEdges {
  const all = statesOf(definition);
  const catches = new Map<string, CatchEdge>();
  for (const { name, state } of all) {
    for (const { Next: next } of (state['Catch'] ?? []) as { Next: string }[]) catches.set(`${name} -> ${next}`, { state: name, next });
  }
  return { machine: logicalId, states: all.map(({ name }) => name), catches: [...catches.values()] };
}

/** What the executions of one machine have gone through so far. */
export class Coverage {
  private readonly states = new Map<string, number>();
  private readonly catches = new Map<string, CatchEdge>();

  constructor(private readonly machine: string) {}

  /** @returns how many times the state has been entered now, in all executions of the machine. */
  entered(state: string): number {
    const count = (this.states.get(state) ?? 0) + 1;
    this.states.set(state, count);
    return count;
  }

  caught(edge: CatchEdge): void {
    this.catches.set(`${edge.state} -> ${edge.next}`, edge);
  }

  summary(): MachineEdges {
    return { machine: this.machine, states: [...this.states.keys()], catches: [...this.catches.values()] };
  }
}
