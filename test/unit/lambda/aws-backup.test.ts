/** The parts that AWS Backup makes: begun once, told by tags, verified, and tidied by tags only. */
import { awaitAwsBackup } from '../../../lambda/await-aws-backup/handler';
import { tagsOf } from '../../../lambda/core/backup/tags';
import { TaskError } from '../../../lambda/core/errors';
import { observeAwsBackup } from '../../../lambda/observe-aws-backup/handler';
import { startAwsBackup } from '../../../lambda/start-aws-backup/handler';
import { tidyAwsBackup } from '../../../lambda/tidy-aws-backup/handler';
import type { AwsBackupPart } from '../../../lib/contract/environment';
import type { PartRef } from '../../../lib/contract/events';
import { BACKUP_TAGS } from '../../../lib/contract/tags';
import { NOW, at, backupSpec, limits, plan } from './support/build';
import type { World } from './support/fake-vault';
import { DB, FILES, SERVER, VOLUME, fakeVault, job, point } from './support/fake-vault';

const part = (resourceArns: readonly string[] = [DB], change: Partial<AwsBackupPart> = {}): PartRef => ({
  name: 'database',
  title: 'the database',
  specification: {
    vaultName: 'vault',
    roleArn: 'arn:aws:iam::111122223333:role/AWSBackup',
    resourceArns,
    deleteAfterDays: 35,
    coldStorageAfterDays: 0,
    ...change,
  } satisfies AwsBackupPart,
});
const POINT = point().arn;
const OURS = tagsOf(plan({ backupParts: ['database'] }), 'database');
const settings = { spec: backupSpec(), limits, now: NOW };

describe('observe', () => {
  const observe = (world: World, given = part()) =>
    observeAwsBackup({ part: given, clusterName: plan().groupName }, 'eu-west-1', fakeVault(world).ports);

  test('finds nothing against a good vault, role and source', async () => {
    await expect(observe({})).resolves.toMatchObject({ problems: [], ready: true, backups: [] });
    await expect(observe({}, part([VOLUME, SERVER, FILES]))).resolves.toMatchObject({ problems: [], ready: true });
  });
  test.each<[string, World, PartRef, RegExp]>([
    ['a vault that is not there', { vault: 'missing' }, part(), /vault vault cannot be used: there is none/],
    [
      'a vault that may not be used, with the right that lacks',
      {
        vault: new TaskError(
          'AccessDenied',
          'DescribeBackupVault vault: AccessDeniedException: not authorized to perform backup:DescribeBackupVault',
        ),
      },
      part(),
      /vault vault cannot be used: .*backup:DescribeBackupVault/,
    ],
    ['no role', {}, part([DB], { roleArn: 'AWSBackup' }), /'AWSBackup' is not the ARN of a role/],
    ['an unknown database', { database: '' }, part(), /no database bitbucket/],
    ['a database that is stopped', { database: 'stopped' }, part(), /is stopped/],
    ['an unknown instance', {}, part([SERVER.replace('i-nfs', 'i-gone')]), /no instance i-gone/],
    ['an unknown volume', {}, part([VOLUME.replace('vol-1', 'vol-gone')]), /no volume vol-gone/],
    ['another region', {}, part([DB.replace('eu-west-1', 'us-east-1')]), /in the region us-east-1, and this stack is in eu-west-1/],
    ['another account', {}, part([DB.replace('111122223333', '999999999999')]), /account 999999999999/],
    [
      'what is neither a database nor a home',
      {},
      part(['arn:aws:s3:eu-west-1:111122223333:bucket']),
      /none of what a home or a database can be/,
    ],
  ])('says %s', async (_, world, given, expected) => {
    const { problems } = await observe(world, given);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(expected);
  });
  test('says all at once', async () => {
    const { problems } = await observe(
      { vault: 'missing', database: '' },
      part([DB, DB.replace('eu-west-1', 'us-east-1')], { roleArn: '' }),
    );
    expect(problems.length).toBeGreaterThanOrEqual(4);
  });
  test('is not ready while a job of anybody goes on, and names it', async () => {
    const foreign = job({ id: 'job-9', ofPlan: true, vaultName: 'other' });
    await expect(observe({ jobs: [foreign] })).resolves.toMatchObject({
      ready: false,
      detail: expect.stringContaining('job-9') as string,
      backups: [],
    });
  });
  test('fails as the call fails when it is not about a right', async () => {
    await expect(observe({ vault: new TaskError('AwsThrottled', 'x') })).rejects.toMatchObject({ name: 'AwsThrottled' });
  });

  const known = async (world: World, given = part()) =>
    (await observe(world, given)).backups.map(({ backupId, state }) => [backupId, state]);
  const { backupId } = plan();
  test.each<[string, World, PartRef, string[][]]>([
    ['a complete one', { points: [point()], tags: { [POINT]: OURS } }, part(), [[backupId, 'complete']]],
    [
      'one whose job goes on, by the tags of the recovery point that it names',
      { jobs: [job({ recoveryPointArn: POINT })], points: [point({ state: 'CREATING' })], tags: { [POINT]: OURS } },
      part(),
      [[backupId, 'pending']],
    ],
    ['one without a resource as failed', { points: [point()], tags: { [POINT]: OURS } }, part([DB, VOLUME]), [[backupId, 'failed']]],
    [
      'one without a resource whose job has not told yet as pending',
      { points: [point()], jobs: [job({ resourceArn: VOLUME })], tags: { [POINT]: OURS } },
      part([DB, VOLUME]),
      [[backupId, 'pending']],
    ],
    ['an expired one as failed', { points: [point({ state: 'EXPIRED' })], tags: { [POINT]: OURS } }, part(), [[backupId, 'failed']]],
    ['none that is being deleted', { points: [point({ state: 'DELETING' })], tags: { [POINT]: OURS } }, part(), []],
    ['none of a backup plan, whatever tags it was given', { points: [point({ ofPlan: true })], tags: { [POINT]: OURS } }, part(), []],
    [
      'none of another cluster',
      { points: [point()], tags: { [POINT]: { ...OURS, [BACKUP_TAGS.cluster]: 'bitbucket-nodes-2' } } },
      part(),
      [],
    ],
    ['none of another part', { points: [point()], tags: { [POINT]: { ...OURS, [BACKUP_TAGS.part]: 'mesh' } } }, part(), []],
    ['none without tags', { points: [point()], jobs: [job()] }, part(), []],
  ])('knows of %s', async (_, world, given, expected) => {
    expect(await known(world, given)).toEqual(expected);
  });
  test('knows which parts the backup had', async () => {
    const [backup] = (await observe({ points: [point()], tags: { [POINT]: OURS } })).backups;
    expect(backup).toMatchObject({ parts: ['database'], finished: false, versions: '9.4.20 to 9.4.23', run: plan().run.executionArn });
  });
});

describe('start', () => {
  const start = (world: World, given = part(), change: Partial<ReturnType<typeof plan>> = {}, now = NOW) => {
    const vault = fakeVault(world);
    return {
      ...vault,
      result: startAwsBackup({ part: given, plan: plan(change), since: NOW.toISOString() }, { ...settings, now }, vault.ports),
    };
  };
  test('asks for one job a resource, with tags, lifecycle and a token of its own', async () => {
    const { result, requests } = start({}, part([DB, VOLUME]));
    await expect(result).resolves.toMatchObject({
      verdict: 'done',
      backup: { part: 'database', resource: `${DB}, ${VOLUME}`, snapshotIds: ['new-1', 'new-2'], startedAt: NOW.toISOString() },
    });
    expect(new Set(requests.map(({ token }) => token)).size).toBe(2);
    expect(requests[0]).toMatchObject({
      deleteAfterDays: 35,
      completeWithin: 120,
      tags: { [BACKUP_TAGS.id]: plan().backupId, [BACKUP_TAGS.part]: 'database' },
    });
  });
  test('asked again, asks with the same token and gets the same job', async () => {
    const { ports, requests, result } = start({});
    await result;
    await expect(startAwsBackup({ part: part(), plan: plan() }, settings, ports)).resolves.toMatchObject({
      backup: { snapshotIds: ['new-1'] },
    });
    expect(requests[0]!.token).toBe(requests[1]!.token);
    await startAwsBackup({ part: part(), plan: plan({ backupId: 'another' }) }, settings, ports);
    expect(requests[2]!.token).not.toBe(requests[0]!.token);
  });
  test('asks for nothing where the backup is there already', async () => {
    const { result, requests } = start({ points: [point()], tags: { [POINT]: OURS } });
    await expect(result).resolves.toMatchObject({ verdict: 'done', backup: { snapshotIds: [POINT] } });
    expect(requests).toEqual([]);
  });
  test('waits while a job has not begun, and no longer than the limit', async () => {
    await expect(start({ starts: 'PENDING' }).result).resolves.toMatchObject({
      verdict: 'wait',
      detail: expect.stringContaining('PENDING') as string,
    });
    await expect(start({ starts: 'CREATED' }, part(), {}, at(600)).result).rejects.toMatchObject({ name: 'BackupFailed' });
  });
  test('waits while AWS says not so fast, and no longer than the limit', async () => {
    const starts = new TaskError('AwsThrottled', 'StartBackupJob: ThrottlingException');
    await expect(start({ starts }).result).resolves.toMatchObject({ verdict: 'wait' });
    await expect(start({ starts }, part(), {}, at(600)).result).rejects.toMatchObject({
      name: 'BackupFailed',
      message: expect.stringContaining('ThrottlingException') as string,
    });
  });
  test.each(['FAILED', 'EXPIRED', 'ABORTED'])('of a job that is %s fails the backup', async (starts) => {
    await expect(start({ starts }).result).rejects.toMatchObject({
      name: 'BackupFailed',
      message: expect.stringContaining(starts) as string,
    });
  });
  test('fails where the resources of the part were begun too far apart', async () => {
    const points = [point({ createdAt: at(-120).toISOString() })];
    await expect(start({ points, tags: { [POINT]: OURS } }, part([DB, VOLUME])).result).rejects.toMatchObject({
      message: expect.stringMatching(/60 s apart/) as string,
    });
  });
  test('begins no second one where the one of an earlier run is used and has not told yet, or is gone', async () => {
    const told = start({ jobs: [job({ state: 'CREATED' })] }, part(), { reusesBackup: true });
    await expect(told.result).resolves.toMatchObject({ verdict: 'wait' });
    const gone = start({}, part(), { reusesBackup: true });
    await expect(gone.result).rejects.toMatchObject({ name: 'BackupFailed' });
    expect([...told.requests, ...gone.requests]).toEqual([]);
  });
});

describe('await', () => {
  const backup = { part: 'database', resource: DB, snapshotIds: ['job-1'], startedAt: NOW.toISOString() };
  const look = (world: World, given = part(), now = at(300), ids = ['job-1']) =>
    awaitAwsBackup(
      { part: given, plan: plan({ backupParts: ['database'] }), backup: { ...backup, snapshotIds: ids } },
      { now, limits },
      fakeVault(world).ports,
    );
  const over = (change = {}) =>
    job({ state: 'COMPLETED', percent: 100, completedAt: at(200).toISOString(), recoveryPointArn: POINT, ...change });

  test('tells how far it is', async () => {
    await expect(look({ jobs: [job()] })).resolves.toMatchObject({
      verdict: 'wait',
      detail: expect.stringContaining('40 %') as string,
      backup: { percent: 40, snapshotIds: ['job-1'] },
    });
  });
  test('names the recovery point and the way back once it is complete and verified', async () => {
    const { backup: done, verdict } = await look({ jobs: [over()], points: [point()], tags: { [POINT]: OURS } });
    expect(verdict).toBe('done');
    expect(done).toMatchObject({ snapshotIds: [POINT], completedAt: at(300).toISOString(), percent: 100 });
    const commands = done.restore!.flatMap((step) => step.commands).join('\n');
    expect(commands).toContain('restore awsbackup:job-1');
    // The case of a key does not count, and what AWS Backup left empty is left out.
    expect(commands).toContain(`start-restore-job --recovery-point-arn ${POINT}`);
    expect(commands).toContain(`'{"Port":"5432","DBInstanceIdentifier":"bitbucket"}'`);
  });
  test('looks at a recovery point of an earlier run likewise', async () => {
    await expect(look({ points: [point()], tags: { [POINT]: OURS } }, part(), at(300), [POINT])).resolves.toMatchObject({
      verdict: 'done',
    });
  });
  test.each([
    ['FAILED', 'IAM role lacks rds:CreateDBSnapshot'],
    ['EXPIRED', 'did not begin in the window'],
    ['ABORTED', 'stopped by somebody'],
    ['PARTIAL', 'some of it'],
  ])('of a job that is %s fails with what AWS Backup says', async (state, message) => {
    await expect(look({ jobs: [job({ state, message })] })).rejects.toMatchObject({
      name: 'BackupFailed',
      message: expect.stringContaining(`${state}: ${message}`) as string,
    });
  });
  test.each<[string, World, PartRef, RegExp]>([
    [
      'not encrypted like its source',
      { jobs: [over()], points: [point({ encrypted: false })], tags: { [POINT]: OURS } },
      part(),
      /not encrypted/,
    ],
    [
      'without the tags, once they should be there',
      { jobs: [over({ completedAt: at(100).toISOString() })], points: [point()], tags: { [POINT]: { Name: 'x' } } },
      part(),
      /lacks the right value of the tags/,
    ],
    [
      'of nothing',
      { jobs: [over({ resourceArn: SERVER })], points: [point({ resourceArn: SERVER })], tags: { [POINT]: OURS } },
      part([SERVER]),
      /holds 0 GiB/,
    ],
    ['partial', { jobs: [over()], points: [point({ state: 'PARTIAL' })], tags: { [POINT]: OURS } }, part(), /PARTIAL/],
  ])('fails where the recovery point is %s', async (_, world, given, expected) => {
    await expect(look(world, given)).rejects.toMatchObject({ name: 'BackupFailed', message: expect.stringMatching(expected) as string });
  });
  test('waits a moment for the tags after the end of the job', async () => {
    await expect(look({ jobs: [over()], points: [point()] })).resolves.toMatchObject({ verdict: 'wait' });
  });
  test('fails after the time limit, and where the job is gone', async () => {
    await expect(look({ jobs: [job()] }, part(), at(7200))).rejects.toMatchObject({ name: 'BackupFailed' });
    await expect(look({})).rejects.toMatchObject({ name: 'BackupFailed' });
  });
  test('of an instance tells how its volumes are put back from the image, and of a volume from the snapshot', async () => {
    const restored = async (resource: string, arn: string) => {
      const world = { points: [point({ arn, resourceArn: resource, sizeBytes: 10 * 1024 ** 3 })], tags: { [arn]: OURS } };
      const { backup: done } = await look(world, part([resource]), at(300), [arn]);
      return done.restore!.flatMap((step) => step.commands).join('\n');
    };
    expect(await restored(SERVER, 'arn:aws:ec2:eu-west-1::image/ami-9')).toMatch(
      /create-volume --snapshot-id snap-data .*[^]*attach-volume .*--device \/dev\/sdf/,
    );
    const volume = await restored(VOLUME, 'arn:aws:ec2:eu-west-1::snapshot/snap-7');
    expect(volume).toContain('create-volume --snapshot-id snap-7');
    expect(volume).toMatch(/# aws backup start-restore-job .*"availabilityZone":"eu-west-1a"/);
  });
  test('of a file system tells how it is restored into a new one, and how nodes come to it', async () => {
    const arn = 'arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3';
    const { backup: done } = await look({ points: [point({ arn, resourceArn: FILES })], tags: { [arn]: OURS } }, part([FILES]), at(300), [
      arn,
    ]);
    const commands = done.restore!.flatMap((step) => step.commands).join('\n');
    expect(commands).toMatch(/^JOB=\$\(aws backup start-restore-job .*"file-system-id":"fs-1","newFileSystem":"true","Encrypted":"true"/);
    expect(commands).toContain('efs create-mount-target');
    expect(commands).toContain('aws-backup-restore_*');
  });
});

describe('tidy', () => {
  const tidy = async (world: World, input: { mark?: string[]; discard?: string[] }, now = at(300)) => {
    const { ports, done } = fakeVault(world);
    const given = { part: part(), clusterName: plan().groupName, mark: [], discard: [], since: NOW.toISOString(), ...input };
    return { done, look: await tidyAwsBackup(given, limits, now, ports) };
  };
  const { backupId } = plan();
  const world = { points: [point({ createdAt: at(-9000).toISOString() })], tags: { [POINT]: OURS } };

  test('marks where the recovery point lives, once', async () => {
    expect((await tidy(world, { mark: [backupId] })).done).toEqual([`tag ${POINT} {"${BACKUP_TAGS.finished}":"yes"}`]);
    expect((await tidy({ ...world, tags: { [POINT]: { ...OURS, [BACKUP_TAGS.finished]: 'yes' } } }, { mark: [backupId] })).done).toEqual(
      [],
    );
  });
  test('deletes exactly this cluster’s part of this backup', async () => {
    expect(await tidy(world, { discard: [backupId] })).toMatchObject({ done: [`delete ${POINT}`], look: { verdict: 'done' } });
    for (const [key, value] of [
      [BACKUP_TAGS.cluster, 'bitbucket-nodes-2'],
      [BACKUP_TAGS.part, 'shared-home'],
      [BACKUP_TAGS.id, `${backupId}-2`],
    ] as const) {
      expect((await tidy({ ...world, tags: { [POINT]: { ...OURS, [key]: value } } }, { discard: [backupId] })).done).toEqual([]);
    }
    expect((await tidy({ ...world, points: [point({ ofPlan: true })] }, { discard: [backupId] })).done).toEqual([]);
    expect((await tidy(world, { discard: [backupId], mark: [backupId] })).done).not.toContain(`delete ${POINT}`);
  });
  test('ends a job that goes on, and looks again until it is over', async () => {
    const running = { jobs: [job({ recoveryPointArn: POINT })], tags: { [POINT]: OURS } };
    expect(await tidy(running, { discard: [backupId] })).toMatchObject({ done: ['stop job-1'], look: { verdict: 'wait' } });
  });
  test('awaits a job that has not told yet whose it is, ends it not, and not forever', async () => {
    expect(await tidy({ jobs: [job()] }, { discard: [backupId] })).toMatchObject({ done: [], look: { verdict: 'wait' } });
    expect(await tidy({ jobs: [job()] }, { mark: [backupId] })).toMatchObject({ done: [], look: { verdict: 'done' } });
    await expect(tidy({ jobs: [job()] }, { discard: [backupId] }, at(7200))).rejects.toMatchObject({
      name: 'BackupFailed',
      message: expect.stringContaining('job-1') as string,
    });
  });
});
