import { CreateDBSnapshotCommand, DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import type { DatabaseBackups, SnapshotProgress } from '../ports/backups';
import { aws, awsUnless } from './aws-errors';
import { backupTags } from './backup-tags';
import { CLIENT_SETTINGS } from './client-settings';

let client: RDSClient | undefined;
const connect = (): RDSClient => (client ??= new RDSClient(CLIENT_SETTINGS));

/** Snapshots of an RDS DB instance: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html */
export const databaseBackups = (): DatabaseBackups => ({
  instanceStatus: async (DBInstanceIdentifier) => {
    const answer = await awsUnless(
      `DescribeDBInstances of ${DBInstanceIdentifier}`,
      ['DBInstanceNotFound', 'DBInstanceNotFoundFault'],
      () => connect().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })),
    );
    return answer?.DBInstances?.[0]?.DBInstanceStatus;
  },
  find: async (DBSnapshotIdentifier) => {
    const answer = await awsUnless(
      `DescribeDBSnapshots of ${DBSnapshotIdentifier}`,
      ['DBSnapshotNotFound', 'DBSnapshotNotFoundFault'],
      () => connect().send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier })),
    );
    const snapshot = answer?.DBSnapshots?.[0];
    return snapshot && toProgress(DBSnapshotIdentifier, snapshot.Status ?? '', snapshot.PercentProgress ?? 0);
  },
  start: async (DBInstanceIdentifier, DBSnapshotIdentifier, plan) => {
    await aws(`CreateDBSnapshot ${DBSnapshotIdentifier}`, async () => {
      try {
        await connect().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier, Tags: backupTags(plan) }));
      } catch (error) {
        // The identifier is this run's own: a call whose answer was lost has made it.
        if (!(error instanceof Error && error.name.startsWith('DBSnapshotAlreadyExists'))) throw error;
      }
    });
  },
});

const WAITING = ['creating', 'copying', 'pending'];

function toProgress(id: string, said: string, percent: number): SnapshotProgress {
  const state = said === 'available' ? 'complete' : WAITING.includes(said) ? 'pending' : 'failed';
  return { id, state, said, percent: state === 'complete' ? 100 : percent };
}
