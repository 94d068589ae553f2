/** AWS Backup as it is asked: what is an answer, what is an error, and where tags live. */
import {
  BackupClient,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeBackupVaultCommand,
  DescribeRecoveryPointCommand,
  ListBackupJobsCommand,
  ListRecoveryPointsByBackupVaultCommand,
  ListTagsCommand,
  StartBackupJobCommand,
  StopBackupJobCommand,
  TagResourceCommand,
} from '@aws-sdk/client-backup';
import { CreateTagsCommand, DescribeTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { AddTagsToResourceCommand, ListTagsForResourceCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { awsBackup } from '../../../lambda/adapters/aws-backup';
import { recoveryPointTags } from '../../../lambda/adapters/recovery-point-tags';
import { recoveryPointId, resourceOf } from '../../../lambda/core/backup/resource-arn';
import { toRdsTag } from '../../../lambda/core/backup/tags';
import { DB, FILES, SERVER, VOLUME } from './support/fake-vault';

const backup = mockClient(BackupClient);
const ec2 = mockClient(EC2Client);
const rds = mockClient(RDSClient);
beforeEach(() => {
  [backup, ec2, rds].forEach((mock) => mock.reset());
});

const coded = (name: string): Error => Object.assign(new Error('said'), { name });
const SNAPSHOT = 'arn:aws:ec2:eu-west-1::snapshot/snap-1';
const IMAGE = 'arn:aws:ec2:eu-west-1::image/ami-1';
const DB_SNAPSHOT = 'arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1';
const OWN = 'arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3';
const request = {
  vaultName: 'vault',
  roleArn: 'role',
  resourceArn: DB,
  token: 'token',
  tags: { key: 'value' },
  deleteAfterDays: 35,
  coldStorageAfterDays: 0,
  completeWithin: 120,
};

describe('AWS Backup', () => {
  test('is asked for a job with windows that it takes, and with a lifecycle only if one is wanted', async () => {
    backup.on(StartBackupJobCommand).resolves({ BackupJobId: 'job-1' });
    await expect(awsBackup().start(request)).resolves.toBe('job-1');
    await awsBackup().start({ ...request, deleteAfterDays: 0, completeWithin: 5 });
    const [first, second] = backup.commandCalls(StartBackupJobCommand).map(({ args }) => args[0].input);
    expect(first).toEqual({
      BackupVaultName: 'vault',
      IamRoleArn: 'role',
      ResourceArn: DB,
      IdempotencyToken: 'token',
      RecoveryPointTags: { key: 'value' },
      StartWindowMinutes: 60,
      CompleteWindowMinutes: 180,
      Lifecycle: { DeleteAfterDays: 35 },
    });
    expect(second).toMatchObject({ CompleteWindowMinutes: 120 });
    expect(second).not.toHaveProperty('Lifecycle');
  });
  test('tells of what is not there that it is not there, and of what may not be seen that it may not', async () => {
    backup.onAnyCommand().rejects(coded('ResourceNotFoundException'));
    await expect(awsBackup().vault('vault')).resolves.toBe('missing');
    await expect(awsBackup().job('job-1')).resolves.toBeUndefined();
    await expect(awsBackup().recoveryPoint('vault', OWN)).resolves.toBeUndefined();
    await expect(awsBackup().recoveryPoints('vault', DB)).resolves.toEqual([]);
    await expect(awsBackup().discard('vault', OWN)).resolves.toBe('gone');
    backup.on(DescribeBackupVaultCommand).rejects(coded('AccessDeniedException'));
    await expect(awsBackup().vault('vault')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('DescribeBackupVault vault') as string,
    });
  });
  test('cannot end every job, and cannot delete what it works on', async () => {
    backup.on(StopBackupJobCommand).rejects(coded('InvalidRequestException'));
    await expect(awsBackup().stop('job-1')).resolves.toBeUndefined();
    backup.on(StopBackupJobCommand).rejects(coded('AccessDeniedException'));
    await expect(awsBackup().stop('job-1')).rejects.toMatchObject({ name: 'AccessDenied' });
    backup.on(DeleteRecoveryPointCommand).rejects(coded('InvalidResourceStateException'));
    await expect(awsBackup().discard('vault', OWN)).resolves.toBe('later');
    backup.on(DeleteRecoveryPointCommand).rejects(coded('InvalidRequestException'));
    await expect(awsBackup().discard('vault', OWN)).rejects.toMatchObject({ name: 'AwsRejected' });
  });
  test('tells all pages, each job once, and what a plan has made', async () => {
    backup.on(ListBackupJobsCommand).resolves({ BackupJobs: [] });
    backup.on(ListBackupJobsCommand, { ByState: 'CREATED' }).resolves({ BackupJobs: [{ BackupJobId: 'job-1', State: 'CREATED' }] });
    backup.on(ListBackupJobsCommand, { ByState: 'RUNNING' }).resolves({
      BackupJobs: [
        { BackupJobId: 'job-1', State: 'RUNNING', PercentDone: '12.7' },
        { BackupJobId: 'job-2', State: 'RUNNING', CreatedBy: { BackupPlanId: 'plan' } },
      ],
    });
    await expect(awsBackup().activeJobs(DB)).resolves.toMatchObject([
      { id: 'job-1', state: 'RUNNING', percent: 12, ofPlan: false },
      { id: 'job-2', percent: 0, ofPlan: true },
    ]);
    backup
      .on(ListRecoveryPointsByBackupVaultCommand, { NextToken: undefined })
      .resolves({ RecoveryPoints: [{ RecoveryPointArn: OWN, CreatedBy: { BackupPlanId: 'plan' } }], NextToken: 'more' })
      .on(ListRecoveryPointsByBackupVaultCommand, { NextToken: 'more' })
      .resolves({ RecoveryPoints: [{ RecoveryPointArn: SNAPSHOT, Status: 'COMPLETED', IsEncrypted: true, BackupSizeInBytes: 5 }] });
    await expect(awsBackup().recoveryPoints('vault', DB)).resolves.toMatchObject([
      { arn: OWN, ofPlan: true },
      { arn: SNAPSHOT, ofPlan: false, state: 'COMPLETED', encrypted: true, sizeBytes: 5 },
    ]);
  });
  test('tells a job and a recovery point as they are', async () => {
    const moment = new Date('2026-03-01T12:00:00Z');
    backup
      .on(DescribeBackupJobCommand)
      .resolves({ State: 'COMPLETED', CreationDate: moment, CompletionDate: moment, RecoveryPointArn: OWN, StatusMessage: 'x' });
    await expect(awsBackup().job('job-1')).resolves.toMatchObject({
      id: 'job-1',
      completedAt: moment.toISOString(),
      recoveryPointArn: OWN,
      message: 'x',
    });
    backup.on(DescribeRecoveryPointCommand).resolves({ Status: 'AVAILABLE', ResourceArn: DB, CreationDate: moment });
    await expect(awsBackup().recoveryPoint('vault', OWN)).resolves.toMatchObject({
      arn: OWN,
      state: 'AVAILABLE',
      resourceArn: DB,
      createdAt: moment.toISOString(),
    });
  });
});

describe('the tags of a recovery point', () => {
  test('are read where it lives, and as they were meant', async () => {
    ec2.on(DescribeTagsCommand).resolves({
      Tags: [
        { ResourceId: 'snap-1', Key: 'a', Value: '1' },
        { ResourceId: 'ami-1', Key: 'b', Value: '2' },
      ],
    });
    rds.on(ListTagsForResourceCommand, { ResourceName: DB_SNAPSHOT }).resolves({ TagList: [{ Key: 'c', Value: toRdsTag('nodes (1)') }] });
    backup.on(ListTagsCommand, { ResourceArn: OWN }).resolves({ Tags: { d: '4' } });
    await expect(recoveryPointTags().read([SNAPSHOT, IMAGE, DB_SNAPSHOT, OWN])).resolves.toEqual(
      new Map<string, object>([
        [SNAPSHOT, { a: '1' }],
        [IMAGE, { b: '2' }],
        [DB_SNAPSHOT, { c: 'nodes (1)' }],
        [OWN, { d: '4' }],
      ]),
    );
    expect(ec2.commandCalls(DescribeTagsCommand)).toHaveLength(1);
    expect(backup.commandCalls(ListTagsCommand)).toHaveLength(1); // it refuses what is not its own
  });
  test('are none of what is gone', async () => {
    ec2.on(DescribeTagsCommand).resolves({ Tags: [] });
    rds.on(ListTagsForResourceCommand).rejects(coded('DBSnapshotNotFound'));
    backup.on(ListTagsCommand).rejects(coded('ResourceNotFoundException'));
    await expect(recoveryPointTags().read([SNAPSHOT, DB_SNAPSHOT, OWN])).resolves.toEqual(new Map());
  });
  test('are asked in portions that EC2 takes', async () => {
    ec2.on(DescribeTagsCommand).resolves({ Tags: [] });
    await recoveryPointTags().read(Array.from({ length: 401 }, (_, n) => `arn:aws:ec2:eu-west-1::snapshot/snap-${n}`));
    expect(ec2.commandCalls(DescribeTagsCommand)).toHaveLength(3);
  });
  test('are written where it lives', async () => {
    for (const arn of [SNAPSHOT, DB_SNAPSHOT, OWN]) await recoveryPointTags().write(arn, { finished: 'yes' });
    expect(ec2.commandCalls(CreateTagsCommand)[0]!.args[0].input).toEqual({
      Resources: ['snap-1'],
      Tags: [{ Key: 'finished', Value: 'yes' }],
    });
    expect(rds.commandCalls(AddTagsToResourceCommand)[0]!.args[0].input).toMatchObject({ ResourceName: DB_SNAPSHOT });
    expect(backup.commandCalls(TagResourceCommand)[0]!.args[0].input).toEqual({ ResourceArn: OWN, Tags: { finished: 'yes' } });
  });
});

describe('an ARN', () => {
  test.each([
    [DB, 'db-instance', 'bitbucket'],
    ['arn:aws:rds:eu-west-1:111122223333:cluster:aurora', 'db-cluster', 'aurora'],
    [VOLUME, 'volume', 'vol-1'],
    [SERVER, 'instance', 'i-nfs'],
    [FILES, 'file-system', 'fs-1'],
    ['arn:aws:s3:::bucket', 'unknown', ''],
    ['nonsense', 'unknown', ''],
  ])('%s is a %s', (arn, kind, id) => {
    expect(resourceOf(arn)).toMatchObject({ arn, kind, id });
  });
  test.each([
    [SNAPSHOT, 'snap-1'],
    [IMAGE, 'ami-1'],
    [DB_SNAPSHOT, 'awsbackup:job-1'],
    ['arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-2', 'awsbackup:job-2'],
    [OWN, '1EB3'],
  ])('of a recovery point %s names %s', (arn, id) => {
    expect(recoveryPointId(arn)).toBe(id);
  });
});
