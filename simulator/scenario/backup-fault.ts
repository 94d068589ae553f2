import type { Moment } from './fault';

/** What goes wrong with the backup. */
export type BackupFault =
  /** The snapshots, or the job, of a part fail: all of them, or that of its nth volume. */
  | { readonly name: 'backup-fails'; readonly part: string; readonly volume?: number }
  /** The AWS Backup job of a part never starts, and expires. */
  | { readonly name: 'backup-job-expires'; readonly part: string }
  /** The vault's access policy denies every job and every deletion. */
  | { readonly name: 'vault-denied' }
  /** The database is busy for a while: no snapshot of it can be begun. */
  | ({ readonly name: 'database-busy'; readonly forSeconds: number } & Moment)
  /** EC2 refuses every snapshot of a volume with `SnapshotCreationPerVolumeRateExceeded` for a while. */
  | ({ readonly name: 'snapshot-rate-exceeded'; readonly forSeconds: number } & Moment)
  /** Systems Manager accepts the command that freezes, but nobody ever runs it. */
  | { readonly name: 'command-never-runs' }
  /** The command that freezes fails, without an effect. */
  | { readonly name: 'command-fails' };
