import { Assemblies } from '../../../bin/simulate/assembly';
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

/** Every state and every `Catch` edge of the machines, as synthesized with and without gates. */
export function machines(): { readonly states: readonly MachineState[]; readonly edges: readonly MachineEdge[] } {
  const assemblies = new Assemblies();
  try {
    const of = (variant: Variant) => loadAssembly(assemblies.for(plain(variant)), SITE).machines.map(edgesOf);
    const all = [VARIANTS[0] ?? APPROVAL_VARIANT, APPROVAL_VARIANT].flatMap(of);
    const states = all.flatMap(({ machine, states: names }) => names.map((state) => ({ machine, state })));
    const edges = all.flatMap(({ machine, catches }) => catches.map((edge) => ({ machine, ...edge })));
    return { states: unique(states, nameOf), edges: unique(edges, edgeName) };
  } finally {
    assemblies.dispose();
  }
}

const unique = <T>(all: readonly T[], name: (one: T) => string): readonly T[] => [...new Map(all.map((one) => [name(one), one])).values()];
