import type { StateFails } from '../scenario/fault';
import type { Scenario } from '../scenario/scenario';
import { AWS_BACKUP } from './backup-variants';
import { ALARM, SETTINGS, plain } from './variants';
import type { Variant } from './variants';

/** A run that goes through certain states. */
export interface Route {
  readonly scenario: Scenario;
  /** States on it whose failure is caught: each `Catch` of the machines is taken by one of these, on one of the routes. */
  readonly fails: readonly StateFails[];
}

export const MAIN = 'RollingUpgradeStateMachine';
const RECOVERY = 'RecoverStateMachine';
/** The request of nearly every run, and the start without faults that ends each. */
export const UPGRADE = { targetVersion: '9.4.23' };
export const THEN_UPGRADE = { request: UPGRADE, expect: { status: 'SUCCEEDED', versions: ['9.4.23'] } } as const;

export const failing = (machine: string, state: string, error = 'AwsRejected'): StateFails => ({
  name: 'state-fails',
  machine,
  state,
  error,
  nth: 1,
});
export const main = (...states: string[]): StateFails[] => states.map((state) => failing(MAIN, state));
const lockLost = (...states: string[]): StateFails[] => states.map((state) => failing(MAIN, state, 'LockLost'));
const recovery = (...states: string[]): StateFails[] => states.map((state) => failing(RECOVERY, state));

/** A route from what is special about it, and what may fail on it. */
export function route(given: Partial<Variant> & Readonly<Record<string, unknown>>, ...fails: readonly StateFails[]): Route {
  const { capacity = 'surge', failurePolicy = 'roll-back', ...more } = given;
  return { scenario: plain({ capacity, failurePolicy }, { cluster: { nodes: 2 }, thenStart: THEN_UPGRADE, ...more }), fails };
}

const neverJoins = (...launches: number[]) => launches.map((launch) => ({ name: 'replacement-never-joins', launch }));
const fails = (task: string, more: object = {}) => ({ name: 'task-fails', task, how: 'fails', ...more });
const stopped = (state: string, machine = MAIN) => ({ name: 'abort', machine, state });
const lost = (call: string) => ({ name: 'bitbucket-call', request: `POST /rest/zdu/${call}`, how: 'reset' });
const scaled = (state: string, seconds: number) => ({ name: 'group-scaled', by: 1, state, seconds });
const held = {
  failurePolicy: 'hold',
  cluster: { nodes: 3 },
  faults: [{ name: 'alarm', alarm: ALARM, good: 2, forSeconds: 30 }],
} as const;
const answer = (said: string) => ({ operator: [{ answer: said, afterSeconds: 30 }] });
const early = stopped('Look at the surge node');

const UPGRADES: Readonly<Record<string, Route>> = {
  'an upgrade': route(
    { timing: { ...SETTINGS.timing, finalize: 30 } },
    ...main('Resolve the request', 'Observe the cluster and plan', 'Check that the upgrade is allowed', 'Weigh what was found'),
    ...main("Take the cluster's lock", 'Announce the upgrade', 'Put up the banner', 'Tell that the node is replaced'),
    ...lockLost('Put up the banner'),
    ...main('Look at what is backed up', 'Can the backup begin?', 'Judge whether all is ready', 'Begin the backup'),
    ...main('Were all parts begun together?', 'Await the backup'),
    ...main('Hold the group', 'Turn on upgrade mode', 'Point the group at the new image'),
    ...main('Add the surge node', 'Look at the surge node', 'Look at the surge node again', 'Choose the next node', 'Replace the node'),
    ...main('Verify the upgraded cluster', 'Look at the upgraded cluster', 'Finalize the upgrade', 'Look at the finalized upgrade'),
    ...main('Compare the apps', "Restore the group's settings", 'Take down the banner', "Release the cluster's lock", 'Report the upgrade'),
    ...main('Look at the backups that are kept', 'Choose the backups that may go', 'Tidy the backups'),
  ),
  'an upgrade whose nodes drain slowly': route({
    capacity: 'within-capacity',
    timing: { ...SETTINGS.timing, deregistrationDelay: 110 },
    traffic: { ...SETTINGS.traffic, clonesPerMinute: 20, cloneSeconds: [90, 105] },
  }),
  'a plan': route({ request: { ...UPGRADE, dryRun: true } }, ...main('Report the plan')),
  'nothing to do': route({ cluster: { nodes: 2, version: '9.4.23' } }, ...main('Report that nothing is to be done')),
  'a refusal': route({ request: { targetVersion: '9.5.0' } }, ...main('Report the refusal'), ...recovery('Look what the run left behind')),
  'a report that cannot be sent': route({ faults: [fails('report-run')] }),
  'a refusal that cannot be reported': route({ request: { targetVersion: '9.5.0' }, faults: [fails('report-run')] }),
  'upgrade mode whose first call is lost': route({ faults: [lost('start')] }, ...main('Look at upgrade mode')),
  'the group loses a node between two others': route({
    capacity: 'within-capacity',
    cluster: { nodes: 4 },
    faults: [{ name: 'instance-dies', launch: 1, good: true, seconds: 60 }],
  }),
  'somebody scales the group': route(
    { cluster: { nodes: 3, maxSize: 5 }, faults: [scaled('Choose the next node', 0)] },
    ...main('Choose the next node again'),
  ),
};

const FAILURES: Readonly<Record<string, Route>> = {
  'a replacement that never joins': route(
    { capacity: 'within-capacity', faults: neverJoins(1) },
    ...main('Point the group at what every node runs', 'Restore capacity', 'Look at the restored capacity', 'Decide what follows'),
    ...lockLost('Point the group at what every node runs', 'Restore capacity', 'Look at the restored capacity'),
  ),
  'no replacement joins': route(
    { faults: neverJoins(1, 2) },
    ...main('Tell that the upgrade is rolled back'),
    ...main('Point the group back at the original image', 'Choose the next node to roll back', 'Turn off upgrade mode'),
    ...main("Restore the group's settings after the failure", 'Take down the banner after the failure'),
    ...main('Release the lock after the failure', 'Report the failure'),
    ...lockLost("Restore the group's settings after the failure", 'Take down the banner after the failure'),
  ),
  'rolled back in the middle': route(
    { cluster: { nodes: 3 }, faults: neverJoins(3, 4) },
    ...main('Add a surge node to roll back', 'Roll the node back', 'Look whether upgrade mode is off'),
  ),
  'rolled back when all but one are replaced': route({
    capacity: 'within-capacity',
    cluster: { nodes: 3 },
    faults: neverJoins(3, 4),
  }),
  'somebody turns upgrade mode off, and a node dies': route({
    cluster: { nodes: 3 },
    faults: [
      { name: 'operator-cancels', state: 'Look at the surge node', seconds: 1 },
      { name: 'instance-dies', node: 3, state: 'Look at the surge node', seconds: 2 },
    ],
  }),
  'a failure that cannot be reported': route({ faults: [...neverJoins(1, 2), fails('report-run')] }),
  'settings that cannot be restored at the end': route({ faults: [fails('restore-settings')] }),
  'rolled back, and the first call is lost': route({ faults: [...neverJoins(1, 2), lost('cancel')] }),
  'rolled back while somebody scales the group': route(
    { cluster: { nodes: 3, maxSize: 5 }, faults: [...neverJoins(3, 4), scaled('Point the group back at the original image', 0)] },
    ...main('Choose the next node to roll back again'),
  ),
  'an answer of the operator': route({ ...held, ...answer('retry') }, ...main('Hold for the operator')),
  'the operator stops': route(
    { ...held, ...answer('stop') },
    ...main('Give back the surge', 'Look at the surge that is given back'),
    ...lockLost('Give back the surge', 'Look at the surge that is given back'),
  ),
  'nobody answers': route(held),
};

const RECOVERIES: Readonly<Record<string, Route>> = {
  'stopped before the first replacement': route(
    { faults: [early] },
    ...recovery(
      "Take the cluster's lock",
      'Point the group at what every node runs',
      'Restore capacity',
      'Look at the restored capacity',
      'Point the group back at the original image',
    ),
    ...recovery('Turn off upgrade mode', "Restore the group's settings", 'Take down the banner of the ended run'),
    ...recovery("Release the cluster's lock", 'Report the recovery'),
  ),
  'stopped between two nodes': route({
    capacity: 'within-capacity',
    cluster: { nodes: 3 },
    faults: [stopped('Retire the old node', 'ReplaceNodeStateMachine')],
  }),
  'stopped, and capacity cannot be restored': route({ faults: [early, fails('restore-capacity', { machine: 'Recover' })] }),
  'stopped, and the recovery cannot begin': route(
    { faults: [early, fails('plan-recovery', { machine: 'Recover' })] },
    ...recovery('Report that the recovery could not begin'),
  ),
  'stopped, and the recovery cannot be reported': route({ faults: [early, fails('report-run', { machine: 'Recover' })] }),
  'stopped, and the call of the recovery is lost': route(
    { faults: [early, lost('cancel')] },
    ...recovery('Look whether upgrade mode is off'),
  ),
  'stopped, and started again at once': route({
    faults: [
      early,
      { name: 'second-run', state: 'Look at the surge node', seconds: 1.5 }, // it has the lock when the recovery wants it
    ],
  }),
  'stopped while the backup is made': route(
    { faults: [stopped('Look at the backup of the database')] },
    ...recovery('Take over a lock that was left', 'Take down the banner that was left', 'Release the lock that was left'),
  ),
  'stopped while the backup is made, and started again at once': route({
    faults: [
      stopped('Look at the backup of the database'),
      { name: 'second-run', state: 'Look what the run left behind', seconds: 3 },
      { name: 'task-fails', task: 'acquire-lock', machine: 'Recover', how: 'throttled', count: 4 },
    ],
  }),
};

const badBackup = { name: 'backup-fails', part: 'shared-home' };
const busy = (forSeconds: number, more: object = {}) => ({ name: 'database-busy', forSeconds, seconds: 0, ...more });
const again = (state: string) => ({ name: 'second-run', state, seconds: 5 });

const BACKUPS: Readonly<Record<string, Route>> = {
  'stopped while the backup is awaited, and started again': route({
    faults: [stopped('Look at the backup of the shared home'), again('Look at the backup of the shared home')],
  }),
  'a backup that fails': route({ faults: [badBackup] }, ...main('Discard the failed backup')),
  'a backup that fails while people turn on upgrade mode and scale the group': route({
    cluster: { nodes: 3, maxSize: 5 },
    faults: [
      badBackup,
      scaled('Discard the failed backup', 0),
      { name: 'operator-starts', state: 'Discard the failed backup', seconds: 0 },
    ],
  }),
  'a backup of AWS Backup that fails, and a redrive': route({
    ...AWS_BACKUP,
    faults: [{ ...badBackup, part: 'database' }],
    thenStart: { redrive: true, expect: THEN_UPGRADE.expect },
  }),
  'a backup that an earlier run left unfinished': route(
    { faults: [badBackup, stopped('Did this run begin the backup?'), again('Did this run begin the backup?')] },
    ...main('Discard what was left unfinished'),
  ),
  'a database that is busy': route({ faults: [busy(60)] }, ...main('Can the backup begin now?', 'Judge again whether all is ready')),
  'a database that is busy when its backup is begun': route({ faults: [busy(20, { state: 'Begin the backup' })] }),
  'volumes whose snapshots are refused for a while': route({ faults: [{ name: 'snapshot-rate-exceeded', forSeconds: 20, seconds: 0 }] }),
};

const inWindow = { request: { ...UPGRADE, maintenanceWindow: { minutes: 15 } } };

const WINDOWS: Readonly<Record<string, Route>> = {
  'a maintenance window that ends in the middle': route({
    ...inWindow,
    cluster: { nodes: 3 },
    timing: { ...SETTINGS.timing, start: [200, 210] },
  }),
  'a maintenance window that ends before the first node': route({
    ...inWindow,
    // The backup waits for the database for most of the window.
    timing: { ...SETTINGS.timing, databaseSnapshot: [250, 270] },
    faults: [busy(600)],
  }),
};

/** Runs that together go through the states of the machines, each by what makes it go there. */
export const ROUTES: Readonly<Record<string, Route>> = { ...UPGRADES, ...FAILURES, ...RECOVERIES, ...BACKUPS, ...WINDOWS };
