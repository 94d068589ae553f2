import {
  BackupClient,
  DeleteRecoveryPointCommand,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  ListBackupJobsCommand,
  ListTagsCommand,
  StartBackupJobCommand,
  StopBackupJobCommand,
  TagResourceCommand,
} from '@aws-sdk/client-backup';
import { AwsError } from '../../../../simulator/kernel/ports';
import type { Setup } from './support/wire-client';
import { client } from './support/wire-client';

const POINT = 'arn:aws:ec2:eu-central-1::snapshot/snap-0123456789abcdef0';

/** A Backup client whose one operation answers this; `seen` is told what the operation was asked. */
const backup = (operation: string, answer: unknown = {}, seen: (input: unknown) => void = () => undefined, setup: Setup = {}) =>
  client(BackupClient, 'client-backup', operation, (input) => (seen(input), answer), setup);

test('restJson: members of the body arrive, and the answer comes back with its times', async () => {
  let seen: unknown;
  const CreationDate = new Date('2026-01-02T03:04:05.678Z');
  const request = {
    BackupVaultName: 'vault',
    ResourceArn: 'arn:aws:rds:eu-central-1:1:db:bitbucket',
    IamRoleArn: 'arn:aws:iam::1:role/backup',
    IdempotencyToken: 'once',
    StartWindowMinutes: 60,
    Lifecycle: { DeleteAfterDays: 30 },
    RecoveryPointTags: { 'a:b': 'c d', empty: '' },
  };
  const answer = { BackupJobId: 'job', CreationDate, IsParent: false };
  const started = await backup('StartBackupJob', answer, (input) => (seen = input)).send(new StartBackupJobCommand(request));
  expect(seen).toEqual(request);
  expect(started).toMatchObject(answer);
});

test('restJson: labels are decoded, so that ARNs with slashes and colons arrive whole', async () => {
  let seen: unknown;
  const listen = (input: unknown) => (seen = input);
  const asked = { BackupVaultName: 'vault', RecoveryPointArn: POINT };
  const told = await backup('DescribeRecoveryPoint', { ...asked, Status: 'COMPLETED', BackupSizeInBytes: 5 }, listen).send(
    new DescribeRecoveryPointCommand(asked),
  );
  expect(seen).toEqual(asked);
  expect(told).toMatchObject({ Status: 'COMPLETED', BackupSizeInBytes: 5 });
  await backup('TagResource', {}, listen).send(new TagResourceCommand({ ResourceArn: POINT, Tags: { k: 'v' } }));
  expect(seen).toEqual({ ResourceArn: POINT, Tags: { k: 'v' } });
  const { Tags } = await backup('ListTags', { Tags: { k: 'v' } }, listen).send(new ListTagsCommand({ ResourceArn: POINT, MaxResults: 7 }));
  expect(seen).toEqual({ ResourceArn: POINT, MaxResults: 7 });
  expect(Tags).toEqual({ k: 'v' });
});

test('restJson: query parameters arrive with their types', async () => {
  let seen: unknown;
  const asked = { ByResourceArn: POINT, ByState: 'COMPLETED' as const, ByCreatedAfter: new Date('2026-01-02T03:04:05Z'), MaxResults: 3 };
  const { BackupJobs } = await backup('ListBackupJobs', { BackupJobs: [{ BackupJobId: 'a' }] }, (input) => (seen = input)).send(
    new ListBackupJobsCommand(asked),
  );
  expect(seen).toEqual(asked);
  expect(BackupJobs).toEqual([{ BackupJobId: 'a' }]);
});

test('restJson: the method tells operations of one path apart, and an answer may be empty', async () => {
  await expect(
    backup('DescribeBackupJob', { State: 'RUNNING' }).send(new DescribeBackupJobCommand({ BackupJobId: 'j' })),
  ).resolves.toMatchObject({ State: 'RUNNING' });
  await expect(backup('StopBackupJob').send(new StopBackupJobCommand({ BackupJobId: 'j' }))).resolves.toMatchObject({
    $metadata: { httpStatusCode: 200 },
  });
  await expect(
    backup('DeleteRecoveryPoint').send(new DeleteRecoveryPointCommand({ BackupVaultName: 'v', RecoveryPointArn: POINT })),
  ).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

test('restJson: errors are raised as the classes of the client, with their message', async () => {
  const failing = client(BackupClient, 'client-backup', 'DescribeBackupJob', () => {
    throw new AwsError('ResourceNotFoundException', 'no such job <x>', 400);
  });
  await expect(failing.send(new DescribeBackupJobCommand({ BackupJobId: 'j' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'no such job <x>',
    $metadata: { httpStatusCode: 400 },
  });
});

test('restJson: a refusal, a missing member and an operation that is not modelled are answered in the words of the service', async () => {
  const denied = backup('DescribeBackupJob', {}, undefined, { denied: true });
  await expect(denied.send(new DescribeBackupJobCommand({ BackupJobId: 'j' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('User: x is not authorized') as string,
    $metadata: { httpStatusCode: 403 },
  });
  const incomplete = { BackupVaultName: 'v', ResourceArn: 'r', IamRoleArn: undefined };
  await expect(backup('StartBackupJob').send(new StartBackupJobCommand(incomplete))).rejects.toMatchObject({
    name: 'MissingParameterValueException',
    message: expect.stringContaining('IamRoleArn') as string,
  });
  await expect(backup('StartBackupJob').send(new ListBackupJobsCommand({}))).rejects.toMatchObject({
    message: 'The simulator does not model backup:ListBackupJobs.',
  });
});
