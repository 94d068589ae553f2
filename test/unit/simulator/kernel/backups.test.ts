import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Cloud } from '../../../../simulator/cloud';
import { Simulation } from '../../../../simulator/simulation';
import { synthesize } from './support/fixture';

/** Starts a job, waits for it, tags its recovery point, and looks at it: the calls of REST, with ARNs in the path. */
const BACKUP = `
import { BackupClient, DescribeBackupJobCommand, DescribeRecoveryPointCommand, ListTagsCommand, StartBackupJobCommand, TagResourceCommand } from '@aws-sdk/client-backup';
const backup = new BackupClient({});
export const handler = async () => {
  const { BackupJobId } = await backup.send(new StartBackupJobCommand({ BackupVaultName: 'vault', ResourceArn: process.env.SOURCE, IamRoleArn: process.env.ROLE }));
  let job = { State: 'CREATED' };
  while (job.State !== 'COMPLETED') {
    await new Promise((resolve) => setTimeout(resolve, 5000));
    job = await backup.send(new DescribeBackupJobCommand({ BackupJobId }));
  }
  const ResourceArn = job.RecoveryPointArn;
  await backup.send(new TagResourceCommand({ ResourceArn, Tags: { 'a:b': 'c d' } }));
  const { Tags } = await backup.send(new ListTagsCommand({ ResourceArn, MaxResults: 5 }));
  const point = await backup.send(new DescribeRecoveryPointCommand({ BackupVaultName: 'vault', RecoveryPointArn: ResourceArn }));
  return { Tags, Status: point.Status, CompletionDate: point.CompletionDate.toISOString() };
};`;

const SOURCE = 'arn:aws:elasticfilesystem:eu-central-1:111111111111:file-system/fs-1';

const assembly = synthesize(({ stack, fn, call, machine }) => {
  const role = new iam.Role(stack, 'Backups', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com') });
  const task = fn('Task', BACKUP, { environment: { SOURCE, ROLE: role.roleArn } });
  role.grantPassRole(task.grantPrincipal);
  const { partition, region, account } = Stack.of(stack);
  const points = `arn:${partition}:backup:${region}:${account}:recovery-point:*`;
  const vault = `arn:${partition}:backup:${region}:${account}:backup-vault:vault`;
  for (const [actions, resource] of [
    [['backup:StartBackupJob'], vault],
    [['backup:DescribeBackupJob'], '*'],
    [['backup:TagResource', 'backup:ListTags', 'backup:DescribeRecoveryPoint'], points],
  ] as const)
    task.addToRolePolicy(new iam.PolicyStatement({ actions: [...actions], resources: [resource] }));
  machine('Machine', call('Back up', task));
});

test('the real client of AWS Backup, in a bundled function, reaches the simulated account', async () => {
  const simulation = new Simulation({ assembly, seed: 1 });
  const { clock, random, journal } = simulation;
  const timing = { backupJobStarts: { low: 2000, high: 2000 }, backupJob: { low: 4000, high: 4000 }, backupJobPerGiB: { low: 0, high: 0 } };
  const cloud = new Cloud({ clock, random, journal, region: 'eu-central-1', account: '111111111111', timing });
  for (const service of cloud.services) simulation.register(service);
  cloud.addBackupVault({ name: 'vault' });
  cloud.addFileSystem({ id: 'fs-1' });
  const execution = simulation.start('Machine', {});
  await simulation.finish(execution);
  expect([execution.status, execution.error, execution.cause]).toEqual(['SUCCEEDED', undefined, undefined]);
  const [point] = cloud.recoveryPoints();
  expect(JSON.parse(execution.output ?? '')).toMatchObject({
    result: { Tags: { 'a:b': 'c d' }, Status: 'COMPLETED', CompletionDate: new Date(point?.completedAt ?? 0).toISOString() },
  });
  expect(simulation.deniedCalls()).toEqual([]);
  expect(simulation.unusedGrants()).toEqual([]);
});
