import type { PartObservation, PartRef, Problem } from '../../../lib/contract/events';
import { knownBackups } from './known';
import type { Snapshot, Source } from './snapshot';
import { idOf } from './tags';

/** A database as it is now: a DB instance, or a DB cluster with its instances. */
export interface Database extends Source {
  /** `DB instance bitbucket`, as messages say it. */
  readonly name: string;
  /** The database itself, and its instances if it is a cluster, each with its status. */
  readonly units: readonly { readonly name: string; readonly status: string }[];
}

/** A snapshot can begin: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html */
const READY = ['available', 'storage-optimization'];

/**
 * Statuses that end by themselves, soon:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html
 */
const PASSING = [
  'backing-up',
  'failing-over',
  'maintenance',
  'modifying',
  'moving-to-vpc',
  'promoting',
  'rebooting',
  'renaming',
  'resetting-master-credentials',
  'starting',
  'storage-config-upgrade',
  'storage-initialization',
  'update-iam-db-auth',
  'upgrading',
];

const passes = (status: string): boolean => PASSING.includes(status) || status.startsWith('configuring-');

/** What is asked about a database before it is backed up. */
export interface DatabaseFacts {
  readonly part: PartRef;
  readonly clusterName: string;
  /** The identifier that was configured. */
  readonly id: string;
  /** Undefined when there is none. */
  readonly database: Database | undefined;
  /** Maintenance that AWS has announced for it. */
  readonly maintenance: readonly string[];
  /** Every snapshot of it. */
  readonly snapshots: readonly Snapshot[];
}

/** Says what is against a backup of the database, and which there are. */
export function observeDatabase({ part, clusterName, id, database, maintenance, snapshots }: DatabaseFacts): PartObservation {
  const problem = (message: string): Problem => ({ check: part.name, message });
  const backups = knownBackups(madeByUs(snapshots, part.name), { clusterName, part: part.name }, [id]);
  if (!database) {
    const message = `There is no database ${id} in this region and account: ${part.title} cannot be backed up. Check its identifier, and the region that the stack is deployed to.`;
    return { part: part.name, problems: [problem(message)], warnings: [], ready: false, detail: message, backups };
  }
  const away = database.units.filter(({ status }) => !READY.includes(status));
  const stuck = away.filter(({ status }) => !passes(status));
  const inProgress = snapshots.filter(({ state }) => state === 'pending').map((snapshot) => snapshot.id);
  const busy = [
    ...away.map(({ name, status }) => `${name} is ${status}`),
    ...(inProgress.length > 0 ? [`a snapshot is in progress (${inProgress.join(', ')})`] : []),
  ];
  return {
    part: part.name,
    problems: stuck.map(({ name, status }) =>
      problem(`${name} is ${status}: a snapshot needs it to be available. Bring it there, then start the upgrade again.`),
    ),
    warnings: [
      ...maintenance.map((text) =>
        problem(
          `${database.name} has pending maintenance (${text}): AWS may restart it in the middle of the upgrade. Apply it before, or put it off.`,
        ),
      ),
      ...(database.encrypted ? [] : [problem(`${database.name} is not encrypted, and so its snapshots are not.`)]),
    ],
    ready: busy.length === 0,
    detail: busy.length === 0 ? `${database.name} is available` : busy.join('; '),
    backups,
  };
}

/** Longest identifier of a DB snapshot, in characters: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html */
const LONGEST = 255;

/** Identifier of the part's DB snapshot: letters, digits and single hyphens. The database itself has the backup's own id. */
export const dbSnapshotId = (backupId: string, part: string): string =>
  (part === 'database' ? backupId : `${backupId}-${part}`)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/-$/, '')
    .toLowerCase();

/** Snapshots with the identifier that the tool gives: a copy that somebody made may carry the same tags, and is not ours. */
export const madeByUs = (snapshots: readonly Snapshot[], part: string): readonly Snapshot[] =>
  snapshots.filter(({ id, tags }) => id === dbSnapshotId(idOf(tags), part));
