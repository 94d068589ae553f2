import { at, faulty, lifecycle } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/** From a Standby node that is terminated on, its replacement has taken its place: rule 1 watches over that. */
const BACK = new Set(['InService', 'Terminated', 'Detached', 'gone']);
const OUT = new Set(['EnteringStandby', 'Standby', 'Detaching', 'Terminating']);

/** At most one old node is out of service at a time because of us. */
export const oneAtATime: Rule = {
  id: 2,
  title: 'At most one old node is out of service at a time because of the run',
  check: (evidence) => {
    const { journal, initialInstances } = evidence;
    const faults = faulty(journal);
    const out = new Map<string, string>();
    const violations: string[] = [];
    let most = 0;
    for (const { time, instanceId, state } of lifecycle(journal)) {
      if (!initialInstances.includes(instanceId) || faults.has(instanceId)) continue;
      const retired = out.has(instanceId) && state.startsWith('Terminating');
      if (retired || BACK.has(state)) out.delete(instanceId);
      else if (OUT.has(state.split(':')[0] ?? '') && !out.has(instanceId)) {
        out.set(instanceId, state);
        if (out.size > 1) violations.push(`${[...out.keys()].join(' and ')} were out of service together at ${at(time, evidence)}`);
      }
      most = Math.max(most, out.size);
    }
    return finding(violations, `never more than ${most} old node out of service`);
  },
};
