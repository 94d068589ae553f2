import type { JournalEntry } from '../kernel/ports';
import { at, calls, entriesOf } from './events';
import type { Evidence, Rule } from './rule';
import { finding } from './rule';

/** Error codes by which AWS APIs refuse a call that the policies do not allow. */
export const DENIALS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AuthorizationErrorException',
]);

/** Each call is allowed by the synthesized policies, and no secret appears in state, logs, notifications or reports. */
export const allowedAndDiscreet: Rule = {
  id: 10,
  title: 'Each call is allowed by the synthesized policies, and no secret appears anywhere',
  check: (evidence) => {
    const { journal, ending, secrets } = evidence;
    const all = calls(journal);
    // What the policy of a vault denies is no matter of the synthesized policies.
    const byVault = entriesOf(journal, 'fault').some(({ name }) => name === 'vault-denied');
    const denied = all
      .filter(({ error, action }) => error !== undefined && DENIALS.has(error) && !(byVault && action.startsWith('backup:')))
      .map(({ action, caller, time }) => `${action} was denied to ${caller} at ${at(time, evidence)}`);
    const leaks = mentions([journal, ending], secrets) ? leaksOf(evidence) : []; // nearly always none: nobody asks where
    return finding([...denied, ...leaks], `${all.length} calls, all allowed; no secret in ${journal.length} journal entries`);
  },
};

function leaksOf(evidence: Evidence): string[] {
  const { journal, ending, secrets } = evidence;
  const places: [string, unknown][] = [
    ...journal.map((entry): [string, JournalEntry] => [`a ${entry.kind} entry at ${at(entry.time, evidence)}`, entry]),
    ["the execution's end", ending],
  ];
  return places.filter(([, content]) => mentions(content, secrets)).map(([place]) => `a secret appears in ${place}`);
}

/** Looks for a secret as it is, in whatever depth of JSON within JSON, and in base64. */
function mentions(content: unknown, secrets: readonly string[]): boolean {
  const text = JSON.stringify(content).replaceAll('\\', '');
  return secrets.some((secret) => text.includes(secret.replaceAll('\\', '')) || text.includes(Buffer.from(secret).toString('base64')));
}
