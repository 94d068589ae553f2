import { App } from 'aws-cdk-lib';
import type { BackupSettings } from '../../../bin/app/backup-settings';
import { readSettings } from '../../../bin/app/settings';
import { defineApp } from '../../../bin/app/stack';
import { specificationsOf } from '../../support/backups';
import { resourcesOf } from '../../support/construct';
import { EXAMPLE_CONTEXT } from '../../support/settings';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

type Changes = Readonly<Record<string, unknown>>;

const INSTANCE = 'i-0123456789abcdef0';
const FILE_SYSTEM: Changes = {
  sharedHomeVolumeIds: '',
  fileServerInstanceId: '',
  fileSystemId: 'fs-0123456789abcdef0',
  backupVaultName: 'bitbucket',
};

function settingsWith(changes: Changes = {}): ReturnType<typeof readSettings> {
  const context: Changes = { ...EXAMPLE_CONTEXT, ...changes };
  return readSettings((key) => context[key]);
}

/** The settings of the backup, without those that are not given. */
function read(changes: Changes = {}): BackupSettings {
  return JSON.parse(JSON.stringify(settingsWith(changes).backup)) as BackupSettings;
}

/** The lines that say what is wrong. */
function problemsOf(changes: Changes): string[] {
  try {
    settingsWith(changes);
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim());
  }
  return [];
}

describe('the database', () => {
  test('is an RDS instance or an Aurora cluster, maybe with a key', () => {
    expect(read().database).toEqual({ kind: 'instance', id: 'bitbucket-db' });
    const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
    expect(read({ databaseInstanceId: '', databaseClusterId: 'aurora', databaseKeyArn: keyArn }).database).toEqual({
      kind: 'cluster',
      id: 'aurora',
      keyArn,
    });
  });
});

describe('the shared home', () => {
  test.each<[string, Changes, BackupSettings['sharedHome']]>([
    ['volumes of a file server', {}, { kind: 'volumes', volumeIds: ['vol-0123456789abcdef0'], fileServerInstanceId: INSTANCE }],
    ['volumes', { fileServerInstanceId: '' }, { kind: 'volumes', volumeIds: ['vol-0123456789abcdef0'] }],
    [
      'volumes by tag',
      { sharedHomeVolumeIds: '', fileServerInstanceId: '', sharedHomeVolumeTag: 'home=a=b' },
      { kind: 'tag', key: 'home', value: 'a=b' },
    ],
    ['all data volumes of the file server', { sharedHomeVolumeIds: '' }, { kind: 'instance', instanceId: INSTANCE }],
    ['a file system', FILE_SYSTEM, { kind: 'file-system', fileSystemId: 'fs-0123456789abcdef0' }],
  ])('is %s', (_way, changes, expected) => {
    expect(read(changes).sharedHome).toEqual(expected);
  });
});

test('other homes are instances, volumes or file systems, from a command line or from cdk.json', () => {
  const homes = { 'mesh-1': 'i-0123456789abcdef1', 'mirror-1': 'vol-01234567, vol-12345678', 'mesh-2': 'fs-01234567' };
  for (const otherHomes of [homes, JSON.stringify(homes)]) {
    expect(read({ otherHomes, backupVaultName: 'bitbucket' }).otherHomes).toEqual([
      { name: 'mesh-1', home: { kind: 'instance', instanceId: 'i-0123456789abcdef1' } },
      { name: 'mirror-1', home: { kind: 'volumes', volumeIds: ['vol-01234567', 'vol-12345678'] } },
      { name: 'mesh-2', home: { kind: 'file-system', fileSystemId: 'fs-01234567' } },
    ]);
  }
});

test('times are in seconds, and what is not given is left out', () => {
  expect(
    read({
      backupMethod: 'aws-backup',
      backupVaultName: 'bitbucket',
      backupRoleArn: 'arn:aws:iam::111122223333:role/backup',
      backupSkewSeconds: '90',
      backupStartMinutes: '20',
      backupReuseHours: '0',
      backupDeleteAfterDays: '120',
      backupColdStorageAfterDays: '30',
      keepBackupDays: '35',
      keepFailedBackups: 'true',
    }),
  ).toMatchObject({
    method: 'aws-backup',
    vaultName: 'bitbucket',
    roleArn: 'arn:aws:iam::111122223333:role/backup',
    skewLimit: 90,
    startLimit: 1200,
    reuseWithin: 0,
    deleteAfterDays: 120,
    coldStorageAfterDays: 30,
    retention: { keepDays: 35 },
    keepFailedParts: true,
  });
  expect(Object.keys(read()).sort()).toEqual(['database', 'otherHomes', 'sharedHome']);
});

describe('what does not go together is told', () => {
  const neither = 'is for backupMethod=aws-backup or a file system, and there is neither';
  test.each<[string, Changes, string[]]>([
    ['no database', { databaseInstanceId: '' }, ['databaseInstanceId is missing, for example: -c databaseInstanceId=bitbucket-db']],
    [
      'two databases',
      { databaseClusterId: 'a' },
      ['databaseClusterId is an Aurora cluster, databaseInstanceId an RDS instance: give one of them'],
    ],
    [
      'no shared home',
      { sharedHomeVolumeIds: '', fileServerInstanceId: '' },
      [`fileServerInstanceId is missing, for example: -c fileServerInstanceId=${INSTANCE}`],
    ],
    [
      'two shared homes',
      { sharedHomeVolumeTag: 'a=b' },
      ['sharedHomeVolumeTag is one way to name the shared home, sharedHomeVolumeIds another: give one of them'],
    ],
    [
      'a file server of a file system',
      { ...FILE_SYSTEM, fileServerInstanceId: INSTANCE },
      ['fileServerInstanceId is the file server of EBS volumes; with fileSystemId there is none'],
    ],
    [
      'a file system without a vault',
      { ...FILE_SYSTEM, backupVaultName: '' },
      ['backupVaultName is missing, for example: -c backupVaultName=bitbucket'],
    ],
    [
      'AWS Backup without a vault',
      { backupMethod: 'aws-backup' },
      ['backupVaultName is missing, for example: -c backupVaultName=bitbucket'],
    ],
    ['a vault for nothing', { backupVaultName: 'bitbucket' }, [`backupVaultName ${neither}`]],
    ['a role for nothing', { backupRoleArn: 'arn:aws:iam::111122223333:role/a' }, [`backupRoleArn ${neither}`]],
    ['a lifecycle of snapshots', { backupDeleteAfterDays: '30' }, ['backupDeleteAfterDays is for backupMethod=aws-backup']],
    [
      'no backup without a reason',
      { backupMethod: 'none' },
      ["noBackupReason is missing, for example: -c noBackupReason='another tool makes one before each window'"],
    ],
    ['a reason for a backup', { noBackupReason: 'we have one' }, ['noBackupReason is for backupMethod=none']],
    [
      'two retentions',
      { keepBackups: '3', keepBackupDays: '30' },
      ['keepBackupDays keeps backups by age, keepBackups by number: give one of them'],
    ],
    [
      'a freeze of a file system',
      { ...FILE_SYSTEM, freezeMountPoints: '/srv' },
      ['freezeMountPoints is for EBS volumes, not for a file system'],
    ],
    [
      'a limit without a freeze',
      { freezeLimitSeconds: '30' },
      ['freezeMountPoints is missing, for example: -c freezeMountPoints=/media/atl/bitbucket/shared'],
    ],
  ])('%s', (_what, changes, problems) => {
    expect(problemsOf(changes)).toEqual(problems);
  });

  test.each([
    ['backupMethod', 'tape', 'snapshots or aws-backup or none'],
    ['keepFailedBackups', 'perhaps', 'true'],
    ['keepBackups', '0', '5'],
    ['sharedHomeVolumeTag', 'home', 'bitbucket=shared-home'],
    ['otherHomes', '{"Mesh 1":"i-01234567"}', '"mesh-1"'],
    ['otherHomes', '{"mesh-1":"ephemeral0"}', '"mesh-1"'],
    ['freezeMountPoints', 'srv', '/media/atl/bitbucket/shared'],
  ])('%s that is malformed (%s)', (key, value, example) => {
    expect(problemsOf({ [key]: value })[0]).toMatch(new RegExp(`^${key} is '.*', but must be like: .*${example}`));
  });
});

describe('the settings reach the construct', () => {
  const stackWith = (changes: Changes) => defineApp(new App(), settingsWith(changes));
  const specOf = (changes: Changes): unknown => {
    const [judge] = Object.entries(resourcesOf(stackWith(changes), 'AWS::Lambda::Function')).filter(([id]) => id.includes('JudgeSkew'));
    return JSON.parse((judge![1].Properties.Environment as { Variables: { BACKUP: string } }).Variables.BACKUP);
  };

  test('volumes by tag, frozen, of an Aurora cluster', () => {
    const stack = stackWith({
      databaseInstanceId: '',
      databaseClusterId: 'aurora',
      sharedHomeVolumeIds: '',
      sharedHomeVolumeTag: 'home=shared',
      freezeMountPoints: '/srv/a,/srv/b',
      freezeLimitSeconds: '20',
      otherHomes: { 'mesh-1': 'i-0123456789abcdef1', 'mirror-1': 'vol-01234567' },
    });
    expect(specificationsOf(stack)).toMatchObject({
      database: { kind: 'cluster', id: 'aurora' },
      'shared-home': {
        instanceId: INSTANCE,
        volumes: { tag: { key: 'home', value: 'shared' } },
        freeze: { mountPoints: ['/srv/a', '/srv/b'], limitSeconds: 20 },
      },
      'mesh-1': { instanceId: 'i-0123456789abcdef1', volumes: 'data' },
      'mirror-1': { volumes: { ids: ['vol-01234567'] } },
    });
  });

  test('a file system', () => {
    expect(specificationsOf(stackWith(FILE_SYSTEM))['shared-home']).toMatchObject({ vaultName: 'bitbucket' });
  });

  test('AWS Backup', () => {
    const roleArn = 'arn:aws:iam::111122223333:role/backup';
    const settings = { backupMethod: 'aws-backup', backupVaultName: 'bitbucket', backupRoleArn: roleArn, backupDeleteAfterDays: '40' };
    expect(specificationsOf(stackWith(settings))).toMatchObject({
      database: { vaultName: 'bitbucket', roleArn, deleteAfterDays: 40 },
      'shared-home': { vaultName: 'bitbucket', roleArn, deleteAfterDays: 40 },
    });
  });

  test('the options', () => {
    const settings = { backupSkewSeconds: '90', backupStartMinutes: '20', backupReuseHours: '12', keepBackups: '4' };
    expect(specOf(settings)).toMatchObject({ skewLimit: 90, startLimit: 1200, reuseWithin: 43_200, retention: { keepLast: 4 } });
    expect(specOf({ keepBackupDays: '35' })).toMatchObject({ retention: { keepDays: 35 } });
  });

  test('no backup', () => {
    const settings = { backupMethod: 'none', noBackupReason: 'another tool makes one' };
    expect(specOf(settings)).toMatchObject({ parts: [], noneBecause: 'another tool makes one' });
  });
});
