import { plain } from '../../../simulator/faults/draw';
import type { Variant } from '../../../simulator/faults/draw';
import type { Scenario } from '../../../simulator/scenario/scenario';
import { BACKUP_FAULTS } from './backup-routes';

const route = (variant: Partial<Variant>, given: object): Scenario =>
  plain(
    { capacity: 'surge', failurePolicy: 'roll-back', ...variant },
    { cluster: { nodes: 2 }, ...given, thenStart: { request: { targetVersion: '9.4.23' }, expect: { status: 'SUCCEEDED' } } },
  );

const neverJoins = (...launches: number[]) => launches.map((launch) => ({ name: 'replacement-never-joins', launch }));
const fails = (task: string, more: object = {}) => ({ name: 'task-fails', task, how: 'fails', ...more });
const abort = (state: string) => ({ name: 'abort', machine: 'RollingUpgradeStateMachine', state });
const lost = (call: string) => ({ name: 'bitbucket-call', request: `POST /rest/zdu/${call}`, how: 'reset' });
const hold = { failurePolicy: 'hold' } as const;
const alarm = { name: 'alarm', alarm: 'bitbucket-errors', good: 2, forSeconds: 30 };
const longClones = { clonesPerMinute: 20, cloneSeconds: [90, 105] };

/** Runs that together go through the states of the machines, each by what makes it go there. */
export const ROUTES: Readonly<Record<string, Scenario>> = {
  'an upgrade': route({}, { timing: { ...plain(variant()).timing, finalize: 30 } }),
  'an upgrade whose nodes drain slowly': route(
    { capacity: 'within-capacity' },
    { timing: { ...plain(variant()).timing, deregistrationDelay: 110 }, traffic: { ...plain(variant()).traffic, ...longClones } },
  ),
  'a plan': route({}, { request: { targetVersion: '9.4.23', dryRun: true } }),
  'nothing to do': route({}, { cluster: { nodes: 2, version: '9.4.23' } }),
  'a refusal': route({}, { request: { targetVersion: '9.5.0' } }),
  'a replacement that never joins': route({ capacity: 'within-capacity' }, { faults: neverJoins(1) }),
  'no replacement joins': route({}, { faults: neverJoins(1, 2) }),
  'rolled back in the middle': route({}, { cluster: { nodes: 3 }, faults: neverJoins(3, 4) }),
  'rolled back when all but one are replaced': route({ capacity: 'within-capacity' }, { cluster: { nodes: 3 }, faults: neverJoins(3, 4) }),
  'an answer of the operator': route(hold, { cluster: { nodes: 3 }, faults: [alarm], operator: [{ answer: 'retry', afterSeconds: 30 }] }),
  'the operator stops': route(hold, { cluster: { nodes: 3 }, faults: [alarm], operator: [{ answer: 'stop', afterSeconds: 30 }] }),
  'nobody answers': route(hold, { cluster: { nodes: 3 }, faults: [alarm] }),
  'a report that cannot be sent': route({}, { faults: [fails('report-run')] }),
  'a failure that cannot be reported': route({}, { faults: [...neverJoins(1, 2), fails('report-run')] }),
  'a refusal that cannot be reported': route({}, { request: { targetVersion: '9.5.0' }, faults: [fails('report-run')] }),
  'upgrade mode whose first call is lost': route({}, { faults: [lost('start')] }),
  'rolled back, and the first call is lost': route({}, { faults: [...neverJoins(1, 2), lost('cancel')] }),
  'rolled back while somebody scales the group': route(
    {},
    {
      cluster: { nodes: 3, maxSize: 5 },
      faults: [...neverJoins(3, 4), { name: 'group-scaled', by: 1, state: 'Point the group back at the original image', seconds: 0 }],
    },
  ),
  'the group loses a node between two others': route(
    { capacity: 'within-capacity' },
    {
      cluster: { nodes: 4 },
      faults: [{ name: 'instance-dies', launch: 1, good: true, seconds: 60 }],
    },
  ),
  'somebody scales the group': route(
    {},
    {
      cluster: { nodes: 3, maxSize: 5 },
      faults: [{ name: 'group-scaled', by: 1, state: 'Retire the old node', seconds: 1 }],
    },
  ),
  'stopped before the first replacement': route({}, { faults: [abort('Look at the surge node')] }),
  'stopped between two nodes': route({ capacity: 'within-capacity' }, { cluster: { nodes: 3 }, faults: [abort('Retire the old node')] }),
  'stopped, and capacity cannot be restored': route(
    {},
    {
      faults: [abort('Look at the surge node'), fails('restore-capacity', { machine: 'Recover' })],
    },
  ),
  'stopped, and the recovery cannot begin': route(
    {},
    {
      faults: [abort('Look at the surge node'), fails('plan-recovery', { machine: 'Recover' })],
    },
  ),
  'stopped, and the recovery cannot be reported': route(
    {},
    {
      faults: [abort('Look at the surge node'), fails('report-run', { machine: 'Recover' })],
    },
  ),
  'stopped, and the call of the recovery is lost': route({}, { faults: [abort('Look at the surge node'), lost('cancel')] }),
  'stopped, and started again at once': route(
    {},
    {
      faults: [
        abort('Look at the surge node'),
        { name: 'second-run', state: 'Look at the surge node', seconds: 1 },
        { name: 'task-fails', task: 'plan-recovery', machine: 'Recover', how: 'throttled', count: 3 },
      ],
    },
  ),
  ...Object.fromEntries(Object.entries(BACKUP_FAULTS).map(([name, faults]) => [name, route({}, { faults })])),
};

function variant(): Variant {
  return { capacity: 'surge', failurePolicy: 'roll-back' };
}
