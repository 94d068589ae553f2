import type { Random } from '../../kernel/ports';

/** A duration that is drawn anew each time: from `low` to `high` milliseconds. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How long things take in the simulated account. The scenario overrides what it cares about. */
export interface Timing {
  /** From a change of an Auto Scaling group to the group acting on it. */
  readonly groupReacts: Range;
  /** From an instance or target being unhealthy to the group's next health check that sees it. */
  readonly groupNotices: Range;
  /** From an instance `running`, or leaving Standby, to it being `InService`. */
  readonly enterService: Range;
  /** From a failed launch to the next attempt. */
  readonly launchRetry: Range;
  /** From an imbalance between zones to the group's rebalancing. */
  readonly rebalance: Range;
  /** From the end of the last connection (or from none) to a target being out of its group. */
  readonly deregistered: Range;
  /** From `RegisterTargets` to the first health check. */
  readonly registered: Range;
  /** From `pending` to `running`. */
  readonly instanceStarts: Range;
  /** From `shutting-down` to `terminated`. */
  readonly instanceTerminates: Range;
  /** From `shutting-down` to `terminated` of an instance that died. */
  readonly instanceVanishes: Range;
  /** An EBS snapshot of an empty volume; `snapshotPerGiB` is added for each GiB. */
  readonly snapshot: Range;
  readonly snapshotPerGiB: Range;
  /** An RDS snapshot of an empty database; `dbSnapshotPerGiB` is added for each GiB. */
  readonly dbSnapshot: Range;
  readonly dbSnapshotPerGiB: Range;
  /** A snapshot of an Aurora cluster: its storage is copied in the background, whatever its size. */
  readonly clusterSnapshot: Range;
  /** From `CREATED` to `RUNNING` of an on-demand job of AWS Backup. */
  readonly backupJobStarts: Range;
  /** A job of AWS Backup for something empty; `backupJobPerGiB` is added for each GiB. */
  readonly backupJob: Range;
  readonly backupJobPerGiB: Range;
  /** From `DELETING` to gone of a recovery point. */
  readonly recoveryPointDeletes: Range;
  /** From `SendCommand` to the invocation being known. */
  readonly commandSeen: Range;
  /** From there to the command running on the instance, and from there to its end. */
  readonly commandStarts: Range;
  readonly commandRuns: Range;
}

const seconds = (low: number, high: number): Range => ({ low: low * 1000, high: high * 1000 });

/**
 * Magnitudes of the real services. AWS promises none of them but the health checks' and deregistration's own settings, so they vary
 * a little from run to run of another seed.
 */
export const DEFAULT_TIMING: Timing = {
  groupReacts: seconds(2, 6),
  groupNotices: seconds(5, 30),
  enterService: seconds(2, 5),
  launchRetry: seconds(60, 90),
  rebalance: seconds(60, 120),
  deregistered: seconds(1, 2),
  registered: seconds(2, 5),
  instanceStarts: seconds(15, 35),
  instanceTerminates: seconds(20, 45),
  instanceVanishes: seconds(2, 5),
  snapshot: seconds(30, 60),
  snapshotPerGiB: { low: 400, high: 800 },
  dbSnapshot: seconds(60, 120),
  dbSnapshotPerGiB: { low: 600, high: 1200 },
  clusterSnapshot: seconds(60, 180),
  backupJobStarts: seconds(5, 30),
  backupJob: seconds(60, 120),
  backupJobPerGiB: { low: 400, high: 1000 },
  recoveryPointDeletes: seconds(5, 20),
  commandSeen: { low: 200, high: 900 },
  commandStarts: { low: 300, high: 1500 },
  commandRuns: { low: 300, high: 1500 },
};

/** One duration out of the range, in whole milliseconds. */
export const draw = (random: Random, range: Range): number => random.integer(range.low, range.high);
