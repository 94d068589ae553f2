import { Assemblies } from '../../../bin/simulate/assembly';
import { loadAssembly } from '../../../simulator/assembly/load';
import { plain } from '../../../simulator/faults/variants';
import { SITE } from '../../../simulator/scenario/site';
import { edgesOf } from '../../../simulator/states/coverage';
import type { MachineEdges } from '../../../simulator/states/coverage';

/** States and `Catch` edges of every machine, as synthesized. */
export function edgesOfTemplate(): readonly MachineEdges[] {
  const assemblies = new Assemblies();
  try {
    const scenario = plain({ capacity: 'surge', failurePolicy: 'roll-back' });
    return loadAssembly(assemblies.for(scenario), { region: SITE.region, account: SITE.account }).machines.map(edgesOf);
  } finally {
    assemblies.dispose();
  }
}
