import type { MachineEdges } from '../states/coverage';
import type { CampaignResult } from './campaign-run';
import { CATALOGUE } from './catalogue';

/** Adds up what the runs of a campaign were and reached. */
export class Tally {
  readonly failed: CampaignResult[] = [];
  readonly #edges: readonly MachineEdges[];
  readonly #kinds = new Map<string, number>(CATALOGUE.map(({ kind }) => [kind, 0]));
  readonly #ends = new Map<string, number>();
  readonly #states = new Map<string, Set<string>>();
  readonly #catches = new Map<string, Set<string>>();
  #runs = 0;
  #unrestored = 0;
  #redriven = 0;
  #cpu = 0;

  /** @param edges every state and Catch edge that there is */
  constructor(edges: readonly MachineEdges[]) {
    this.#edges = edges;
  }

  get runs(): number {
    return this.#runs;
  }

  /** Runs that left something for the next start because their recovery met faults, too. */
  get unrestored(): number {
    return this.#unrestored;
  }

  /** Runs that were redriven, where they did not succeed. */
  get redriven(): number {
    return this.#redriven;
  }

  /** Mean CPU time of a run. */
  get cpuMilliseconds(): number {
    return this.#runs === 0 ? 0 : Math.round(this.#cpu / this.#runs);
  }

  add(result: CampaignResult): void {
    this.#runs += 1;
    if (result.unrestored) this.#unrestored += 1;
    if (result.redriven) this.#redriven += 1;
    this.#cpu += result.cpuMilliseconds;
    for (const kind of result.kinds) count(this.#kinds, kind);
    count(this.#ends, result.end);
    for (const { machine, states, catches } of result.coverage) {
      for (const state of states) setOf(this.#states, machine).add(state);
      for (const { state, next } of catches) setOf(this.#catches, machine).add(`${state} -> ${next}`);
    }
    if (result.problems.length > 0) this.failed.push(result);
  }

  /** How often each kind of fault was drawn, the rarest last. */
  get kinds(): readonly (readonly [string, number])[] {
    return sorted(this.#kinds);
  }

  /** How often the runs with faults ended in each way. */
  get ends(): readonly (readonly [string, number])[] {
    return sorted(this.#ends);
  }

  /** States that no run entered, as `machine: state`. */
  get statesNeverEntered(): readonly string[] {
    return this.#edges.flatMap(({ machine, states }) =>
      states.filter((state) => this.#states.get(machine)?.has(state) !== true).map((state) => `${machine}: ${state}`),
    );
  }

  /** `Catch` edges that no run took, as `machine: state -> next`. */
  get catchesNeverTaken(): readonly string[] {
    return this.#edges.flatMap(({ machine, catches }) =>
      catches
        .map(({ state, next }) => `${state} -> ${next}`)
        .filter((edge) => this.#catches.get(machine)?.has(edge) !== true)
        .map((edge) => `${machine}: ${edge}`),
    );
  }

  /** Number of states and of `Catch` edges that there are. */
  get size(): { readonly states: number; readonly catches: number } {
    return {
      states: this.#edges.reduce((sum, { states }) => sum + states.length, 0),
      catches: this.#edges.reduce((sum, { catches }) => sum + catches.length, 0),
    };
  }
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const there = sets.get(key) ?? new Set<string>();
  sets.set(key, there);
  return there;
}

const sorted = (counts: ReadonlyMap<string, number>): (readonly [string, number])[] => [...counts].sort(([, a], [, b]) => b - a);
