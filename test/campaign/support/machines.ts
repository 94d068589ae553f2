import type { Assemblies } from '../../../bin/simulate/assembly';
import { loadAssembly } from '../../../simulator/assembly/load';
import { APPROVAL_VARIANT, VARIANTS, plain } from '../../../simulator/faults/variants';
import type { Variant } from '../../../simulator/faults/variants';
import { SITE } from '../../../simulator/scenario/site';
import { edgesOf } from '../../../simulator/states/coverage';

/** A state of a machine, by the machine's logical id. */
export interface MachineState {
  readonly machine: string;
  readonly state: string;
}

/** A `Catch` edge of a machine. */
export interface MachineEdge extends MachineState {
  readonly next: string;
}

/** For people: `RollingUpgrade: Hold the group`. */
export const nameOf = ({ machine, state }: MachineState): string =>
  `${machine.replace(/StateMachine.*/, '').replace(/^Upgrade/, '')}: ${state}`;
export const edgeName = (edge: MachineEdge): string => `${nameOf(edge)} -> ${edge.next}`;

interface Machines {
  readonly states: readonly MachineState[];
  readonly edges: readonly MachineEdge[];
}

/** Every state and every `Catch` edge of the machines, as synthesized with and without gates; and those of the gates by themselves. */
export function machines(assemblies: Assemblies): Machines & { readonly gates: Machines } {
  const of = (variant: Variant): Machines => {
    const all = loadAssembly(assemblies.for(plain(variant)), SITE).machines.map(edgesOf);
    return {
      states: all.flatMap(({ machine, states }) => states.map((state) => ({ machine, state }))),
      edges: all.flatMap(({ machine, catches }) => catches.map((edge) => ({ machine, ...edge }))),
    };
  };
  const [without, gated] = [of(VARIANTS[0] ?? APPROVAL_VARIANT), of(APPROVAL_VARIANT)];
  const plainStates = new Set(without.states.map(nameOf));
  const isGate = (of: MachineState): boolean => !plainStates.has(nameOf(of));
  return {
    states: unique([...without.states, ...gated.states], nameOf),
    edges: unique([...without.edges, ...gated.edges], edgeName),
    gates: { states: unique(gated.states.filter(isGate), nameOf), edges: unique(gated.edges.filter(isGate), edgeName) },
  };
}

const unique = <T>(all: readonly T[], name: (one: T) => string): readonly T[] => [...new Map(all.map((one) => [name(one), one])).values()];
