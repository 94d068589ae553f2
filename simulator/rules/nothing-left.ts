import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/**
 * When a run has ended, and its recovery, nothing of it is left: no lock, no record, no surge node, nothing outside the group; settings are rule 7's.
 */
export const nothingLeft: Rule = {
  id: 13,
  title: 'Nothing is left behind: no lock, no record, no surge node, no instance outside the group',
  check: ({ after, inServiceAtEnd, strayAtEnd, locksAtEnd, recordsAtEnd, upgradeModeAtEnd }: Evidence) =>
    finding(
      [
        ...(locksAtEnd > 0 ? [`${locksAtEnd} lock is still held`] : []),
        // While an upgrade can be gone on with, what it must compare later stays recorded.
        ...(upgradeModeAtEnd ? [] : recordsAtEnd.map((key) => `${key} is still recorded`)),
        ...(inServiceAtEnd.length > after.desired
          ? [`${inServiceAtEnd.length} instances are in the group, ${after.desired} are wanted`]
          : []),
        ...strayAtEnd.map((id) => `${id} runs outside the group`),
      ],
      `${inServiceAtEnd.length} instances in the group, no lock, no record`,
    ),
};
