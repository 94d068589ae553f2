import { at, faulty, moves } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/** From a Standby node that is terminated on, its replacement has taken its place: rule 1 watches over that. */
const BACK = new Set(['InService', 'Terminated', 'Detached', 'gone']);

/** At most one node is out of service at a time because of us. */
export const oneAtATime: Rule = {
  id: 2,
  title: 'At most one old node is out of service at a time because of the run',
  check: (evidence) => {
    const faults = faulty(evidence); // `moves` tells nothing of these
    const out = new Set(evidence.standbyAtStart.filter((id) => !faults.has(id)));
    const violations: string[] = [];
    let most = 0;
    for (const { time, instanceId, state, out: leaves } of moves(evidence)) {
      const retired = out.has(instanceId) && state.startsWith('Terminating');
      if (retired || BACK.has(state)) out.delete(instanceId);
      else if (leaves && !out.has(instanceId)) {
        out.add(instanceId);
        if (out.size > 1) violations.push(`${[...out].join(' and ')} were out of service together at ${at(time, evidence)}`);
      }
      most = Math.max(most, out.size);
    }
    return finding(violations, `never more than ${most} old node out of service`);
  },
};
