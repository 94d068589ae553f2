import type { Misbehaviour } from '../bitbucket/node';
import type { Fault } from './fault';

/** What the faults do to the nth instance that is launched during the run, and their names. */
export function misbehaviourOf(
  faults: readonly Fault[],
  launch: number,
): { readonly misbehaviour: Misbehaviour; readonly names: string[] } {
  let misbehaviour: Misbehaviour = {};
  const names: string[] = [];
  for (const fault of faults) {
    const does = 'launch' in fault && fault.launch === launch ? effect(fault) : undefined;
    if (does === undefined) continue;
    misbehaviour = { ...misbehaviour, ...does };
    names.push(fault.name);
  }
  return { misbehaviour, names };
}

function effect(fault: Fault): Misbehaviour | undefined {
  switch (fault.name) {
    case 'replacement-never-joins':
      return { neverJoins: true };
    case 'replacement-wrong-version':
      return { version: fault.version };
    case 'replacement-stays-in-maintenance':
      return { endsIn: 'maintenance' };
    case 'replacement-errors':
      return { endsIn: 'error' };
    case 'replacement-splits-off':
      return { splitBrain: true };
    case 'replacement-unhealthy':
      return { unhealthyIn: fault.in };
    case 'slow-replacement':
      return { extraSeconds: fault.seconds };
    default:
      return undefined;
  }
}

/** The actions that the faults take from the template's policies. */
export function deniedActions(faults: readonly Fault[]): string[] {
  return faults.flatMap((fault) => (fault.name === 'deny-action' ? [fault.action] : []));
}
