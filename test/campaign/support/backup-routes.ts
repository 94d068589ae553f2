import type { Fault } from '../../../simulator/scenario/fault';

const abort = (state: string): Fault => ({ name: 'abort', machine: 'RollingUpgradeStateMachine', state, nth: 1 });
const fails: Fault = { name: 'backup-fails', part: 'shared-home' };
const again = (state: string, seconds: number): Fault => ({ name: 'second-run', state, seconds, nth: 1 });

/** Faults that make runs go through the states of the backup. */
export const BACKUP_FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  'stopped while the backup is made': [abort('Look at the backup of the database')],
  'stopped while the backup is made, and started again': [
    abort('Look at the backup of the shared home'),
    again('Look at the backup of the shared home', 5),
  ],
  'a backup that fails': [fails],
  'a backup that fails and cannot be discarded': [
    fails,
    { name: 'task-fails', task: 'tidy-ebs-snapshots', how: 'fails', nth: 1, count: 1 },
  ],
  'a backup that an earlier run left unfinished': [fails, abort('Discard the failed backup'), again('Discard the failed backup', 5)],
  'a database that is busy': [{ name: 'database-busy', forSeconds: 60, seconds: 0, nth: 1 }],
  'a database that is busy when its backup is begun': [
    { name: 'database-busy', forSeconds: 20, state: 'Begin the backup', seconds: 0, nth: 1 },
  ],
  'volumes whose snapshots are refused for a while': [{ name: 'snapshot-rate-exceeded', forSeconds: 20, seconds: 0, nth: 1 }],
  'backups that cannot be tidied': [{ name: 'task-fails', task: 'choose-expired-backups', how: 'fails', nth: 1, count: 1 }],
};
