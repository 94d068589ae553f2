import { Assemblies } from '../../../bin/simulate/assembly';
import { loadAssembly } from '../../../simulator/assembly/load';
import { plain } from '../../../simulator/faults/variants';
import type { Variant } from '../../../simulator/faults/variants';
import { SITE } from '../../../simulator/scenario/site';
import { edgesOf } from '../../../simulator/states/coverage';
import type { MachineEdges } from '../../../simulator/states/coverage';

/** States and `Catch` edges of every machine, as synthesized for a variant. */
export function edgesOfTemplate(variant: Variant = { capacity: 'surge', failurePolicy: 'roll-back' }): readonly MachineEdges[] {
  const assemblies = new Assemblies();
  try {
    const scenario = plain(variant);
    return loadAssembly(assemblies.for(scenario), { region: SITE.region, account: SITE.account }).machines.map(edgesOf);
  } finally {
    assemblies.dispose();
  }
}
