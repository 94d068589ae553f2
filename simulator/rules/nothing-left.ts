import { faulty } from './events';
import type { Rule } from './rule';
import { finding } from './rule';

/**
 * When a run has ended, and its recovery, nothing of it is left: no lock, no record, no surge node, nothing outside the group; settings are rule 7's.
 */
export const nothingLeft: Rule = {
  id: 13,
  title: 'Nothing is left behind: no lock, no record, no surge node, no instance outside the group',
  check: (evidence) => {
    const { after, inServiceAtEnd, balancingAtEnd, strayAtEnd, locksAtEnd, recordsAtEnd, upgradeModeAtEnd } = evidence;
    // What faults took may have left the zones uneven; a run without faults leaves them even.
    const balancing = faulty(evidence).size > 0 ? balancingAtEnd : undefined;
    const staying = inServiceAtEnd.filter((id) => id !== balancing).length;
    return finding(
      [
        ...(locksAtEnd > 0 ? [`${locksAtEnd} lock is still held`] : []),
        // While an upgrade can be gone on with, what it must compare later stays recorded.
        ...(upgradeModeAtEnd ? [] : recordsAtEnd.map((key) => `${key} is still recorded`)),
        ...(staying > after.desired ? [`${staying} instances are in the group, ${after.desired} are wanted`] : []),
        ...strayAtEnd.map((id) => `${id} runs outside the group`),
      ],
      `${staying} instances in the group, no lock, no record`,
    );
  },
};
