import type { ScenarioApprover, ScenarioGate } from '../scenario/approvals';
import { GATES } from '../scenario/approvals';
import type { StateFails } from '../scenario/fault';
import { MAIN, failing, main, route } from './routes';
import type { Route } from './routes';
import { APPROVAL_VARIANT } from './variants';

type Said = Pick<ScenarioApprover, 'answer'>;

/** More than any route asks at one gate, the next start included. */
const CONSENTS: readonly Said[] = Array.from({ length: 6 }, () => ({ answer: 'approve' }));

type First = { readonly [gate in ScenarioGate]?: readonly Said['answer'][] };

/** People who say this first at some of the gates, and approve everything else. */
export const approversSaying = (first: First): object =>
  Object.fromEntries(GATES.map((gate) => [gate, [...(first[gate] ?? []).map((answer) => ({ answer })), ...CONSENTS]]));

const saying = (first: First, more: object = {}): Parameters<typeof route>[0] => ({
  ...APPROVAL_VARIANT,
  approvers: approversSaying(first),
  ...more,
});

const ASKS = [
  'Ask whether to carry out the plan',
  'Ask whether the other nodes may follow',
  'Ask whether to finalize the upgrade',
] as const;

/** Questions that cannot be sent, and those of a run that does not hold the lock any more. */
const unasked: readonly StateFails[] = ASKS.flatMap((state) => ['AwsRejected', 'LockLost'].map((error) => failing(MAIN, state, error)));

/** Runs through the states of the gates: they need the template of `APPROVAL_VARIANT`. */
export const APPROVAL_ROUTES: Readonly<Record<string, Route>> = {
  'approved at every gate': route(
    saying({}),
    ...main('Resolve the request', 'Look at what is backed up', 'Observe the cluster and plan', 'Check that the upgrade is allowed'),
    ...main('Weigh what was found', "Take the cluster's lock", 'Compare the apps'),
    ...main('Weigh the answer about the plan', 'Weigh the answer about the first node', 'Weigh the answer about finalizing'),
    ...unasked,
  ),
  'the plan is rejected': route(saying({ afterPlan: ['malformed', 'reject'] }), ...main('Release the lock after the refusal')),
  'nobody answers about the plan': route(saying({ afterPlan: ['nothing'] })),
  'the plan is void once it is approved': route(
    saying(
      {},
      {
        cluster: { nodes: 2, images: ['9.4.20', '9.4.23'] },
        request: { targetVersion: 'LATEST_BUGFIX' },
        faults: [{ name: 'image-withdrawn', version: '9.4.23', state: ASKS[0], seconds: 20 }],
      },
    ),
    ...main('Release the lock, as nothing is to be done'),
  ),
  'the first node is rejected': route(saying({ afterFirstNode: ['reject'] })),
  'the token about the first node is refused': route(saying({ afterFirstNode: ['malformed', 'fail'] })),
  'nobody answers about the first node': route(saying({ afterFirstNode: ['nothing'] })),
  'finalizing is rejected': route(saying({ beforeFinalize: ['reject'] }), ...main('Add a surge node to roll back')),
  'nobody answers about finalizing': route(saying({ beforeFinalize: ['nothing'] })),
};
