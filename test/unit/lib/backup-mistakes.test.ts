import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { IVolume } from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance } from 'aws-cdk-lib/aws-rds';
import type { BitbucketRollingUpgradeProps } from '../../../lib';
import { Backup, BackupRetention, BitbucketRollingUpgrade, Database, FileSystemFreeze, SharedHome } from '../../../lib';
import { fileSystem, vault } from '../../support/backups';
import { example, exampleProps, volume } from '../../support/construct';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

type Overrides = (stack: Stack) => Partial<BitbucketRollingUpgradeProps>;

/** What is wrong with the props of a construct. */
function problemsIn(define: () => unknown): string[] {
  try {
    define();
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^ {2}- /, ''));
  }
  return [];
}

function problemsOf(overrides: Overrides): string[] {
  return problemsIn(() => example(overrides));
}

/** A volume by an id that the CDK itself would not import. */
function unchecked(stack: Stack, volumeId: string): IVolume {
  const good = volume(stack, 'vol-0123456789abcdef8');
  return new Proxy(good, { get: (target, key) => (key === 'volumeId' ? volumeId : (Reflect.get(target, key) as unknown)) });
}

const INSTANCE = 'i-0123456789abcdef0';
const freeze = FileSystemFreeze.ofMounts({ mountPoints: ['/srv/shared', '/srv/data'], limit: Duration.seconds(45) });

describe('one mistake is refused with what was given and what is allowed', () => {
  /** A resource that is known to be somewhere else. */
  const elsewhere = <T extends object>(resource: T, region = 'us-east-1', account = '111122223333'): T =>
    new Proxy(resource, { get: (target, key) => (key === 'env' ? { region, account } : (Reflect.get(target, key) as unknown)) });
  const here = (overrides: Overrides): string[] => {
    const stack = new Stack(new App(), 'Here', { env: { region: 'eu-central-1', account: '111122223333' } });
    return problemsIn(() => new BitbucketRollingUpgrade(stack, 'Upgrade', { ...exampleProps(stack), ...overrides(stack) }));
  };
  const places: [string, Overrides, string][] = [
    [
      'database',
      (scope) => {
        const attributes = { instanceIdentifier: 'far-db', instanceEndpointAddress: 'far', port: 1, securityGroups: [] };
        return { database: Database.rdsInstance(elsewhere(DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Far', attributes))) };
      },
      "database: 'far-db' is in region us-east-1, but the stack is in eu-central-1: everything must be in one region",
    ],
    [
      'volume',
      (scope) => {
        const far: IVolume = elsewhere(volume(scope, 'vol-01234567'), 'eu-central-1', '444455556666');
        return { sharedHome: SharedHome.ebsVolumes({ fileServerInstanceId: INSTANCE, volumes: [far] }) };
      },
      "sharedHome: volume 'vol-01234567' is in account 444455556666, but the stack is in 111122223333: everything must be in one account",
    ],
    [
      'file system and vault',
      (scope) => ({ sharedHome: SharedHome.efs({ fileSystem: fileSystem(scope), vault: elsewhere(vault(scope)) }) }),
      "sharedHome: vault 'bitbucket' is in region us-east-1, but the stack is in eu-central-1: everything must be in one region",
    ],
    [
      'vault of AWS Backup',
      (scope) => ({
        backup: Backup.awsBackup({ vault: elsewhere(vault(scope)) }),
        sharedHome: SharedHome.ebsOfInstance({ instanceId: INSTANCE }),
      }),
      "backup: vault 'bitbucket' is in region us-east-1, but the stack is in eu-central-1: everything must be in one region",
    ],
  ];
  test.each(places)('%s in another place', (_what, overrides, message) => {
    expect(here(overrides)).toEqual([message]);
  });

  const home = SharedHome.ebsOfInstance({ instanceId: 'i-0123456789abcdef1' });
  const freezing = (mountPoints: string[], limit?: Duration): Overrides => {
    return () => ({
      sharedHome: SharedHome.ebsOfInstance({ instanceId: INSTANCE, freeze: FileSystemFreeze.ofMounts({ mountPoints, limit }) }),
    });
  };
  const byAwsBackup = (more: object, sharedHome = SharedHome.ebsOfInstance({ instanceId: INSTANCE })): Overrides => {
    return (scope) => ({ sharedHome, backup: Backup.awsBackup({ vault: vault(scope), ...more }) });
  };
  const cases: [string, Overrides, RegExp][] = [
    [
      'an instance store volume',
      (scope) => ({ sharedHome: SharedHome.ebsVolumes({ volumes: [unchecked(scope, 'ephemeral0')] }) }),
      /^sharedHome: volume 'ephemeral0' is an instance store volume, which has no snapshots/,
    ],
    [
      'a volume that is none',
      (scope) => ({ sharedHome: SharedHome.ebsVolumes({ volumes: [unchecked(scope, '/dev/xvdf')] }) }),
      /^sharedHome: volume '\/dev\/xvdf' must be like 'vol-0123456789abcdef0'$/,
    ],
    [
      'an empty tag',
      () => ({ sharedHome: SharedHome.ebsVolumesByTag({ key: 'home', value: '' }) }),
      /the value of the tag 'home' must not be empty$/,
    ],
    [
      'a tag of AWS',
      () => ({ sharedHome: SharedHome.ebsVolumesByTag({ key: 'aws:name', value: 'x' }) }),
      /^sharedHome: tag key 'aws:name' must be a tag key of 1 to 128 characters, not 'aws:...'$/,
    ],
    [
      'a bad name',
      () => ({ otherHomes: [{ name: 'Mesh 1', home }] }),
      /^otherHomes: name 'Mesh 1' must be lower-case letters, digits and hyphens/,
    ],
    [
      'a name that is taken',
      () => ({ otherHomes: [{ name: 'database', home }] }),
      /^otherHomes: name 'database' must be .* not 'database' or 'shared-home'$/,
    ],
    [
      'a name twice',
      () => ({
        otherHomes: [
          { name: 'mesh-1', home },
          { name: 'mesh-1', home: SharedHome.ebsOfInstance({ instanceId: 'i-0123456789abcdef2' }) },
        ],
      }),
      /^otherHomes: the name 'mesh-1' is given more than once$/,
    ],
    [
      'an instance in two homes',
      () => ({
        otherHomes: [
          { name: 'mesh-1', home },
          { name: 'mesh-2', home },
        ],
      }),
      /^instance\/i-0123456789abcdef1 is backed up more than once: for mesh-1 and mesh-2$/,
    ],
    [
      'another bad instance',
      () => ({ otherHomes: [{ name: 'mesh-1', home: SharedHome.ebsOfInstance({ instanceId: 'mesh' }) }] }),
      /^otherHomes 'mesh-1': instance 'mesh' must be like/,
    ],
    ['a freeze of /', freezing(['/']), /^sharedHome: freeze: mount point '\/' must be an absolute path of a data file system/],
    ['a freeze of code', freezing(['/srv; reboot']), /^sharedHome: freeze: mount point '\/srv; reboot' must be an absolute path/],
    ['a freeze of nothing', freezing([]), /^sharedHome: freeze: mountPoints must name at least one mount point$/],
    ['a freeze twice', freezing(['/srv', '/srv']), /^sharedHome: freeze: mount point '\/srv' is given more than once$/],
    [
      'a freeze that lasts',
      freezing(['/srv'], Duration.minutes(6)),
      /^sharedHome: freeze: limit of 6 minutes must be whole seconds from 10 seconds to 5 minutes$/,
    ],
    [
      'a freeze without an instance',
      (scope) => ({ sharedHome: SharedHome.ebsVolumes({ volumes: [volume(scope, 'vol-01234567')], freeze }) }),
      /^sharedHome: freeze needs the id of the instance that it is sent to$/,
    ],
    [
      'a freeze with AWS Backup',
      byAwsBackup({}, SharedHome.ebsOfInstance({ instanceId: INSTANCE, freeze })),
      /^sharedHome: AWS Backup does not freeze/,
    ],
    [
      'volumes by tag with AWS Backup',
      byAwsBackup({}, SharedHome.ebsVolumesByTag({ key: 'a', value: 'b' })),
      /^sharedHome: AWS Backup must be told at synth time/,
    ],
    [
      'deletion out of cold storage',
      byAwsBackup({ deleteAfter: Duration.days(119), moveToColdStorageAfter: Duration.days(30) }),
      /^backup: deleteAfter of 119 days must be at least 90 days after moveToColdStorageAfter of 30 days/,
    ],
    ['half a day', byAwsBackup({ deleteAfter: Duration.hours(12) }), /^backup: deleteAfter of 12 hours must be whole days from 1 to 36500/],
    ['a reason of one word', () => ({ backup: Backup.none('because') }), /^backup: none\('because'\) must say why, in 3 words or more/],
    [
      'a skew of a day',
      () => ({ backup: Backup.snapshots({ skewLimit: Duration.days(1) }) }),
      /^backup: skewLimit of 1 day must be from 1 second to 1 hour$/,
    ],
    [
      'no start',
      () => ({ backup: Backup.snapshots({ startLimit: Duration.seconds(1) }) }),
      /^backup: startLimit of 1 second must be from 1 minute to 6 hours$/,
    ],
    [
      'an old backup',
      () => ({ backup: Backup.snapshots({ reuseWithin: Duration.days(31) }) }),
      /^backup: reuseWithin of 31 days must be at most 720 hours$/,
    ],
    [
      'nothing kept',
      () => ({ backup: Backup.snapshots({ retention: BackupRetention.last(0) }) }),
      /^backup: retention: last\(0\) must be a whole number of at least 1/,
    ],
    [
      'half a day kept',
      () => ({ backup: Backup.snapshots({ retention: BackupRetention.within(Duration.hours(36)) }) }),
      /^backup: retention: within\(1 day 12 hours\) must be whole days, at least 1$/,
    ],
  ];
  test.each(cases)('%s', (_what, overrides, message) => {
    const [problem, ...more] = problemsOf(overrides);
    expect([problem, more]).toEqual([expect.stringMatching(message), []]);
  });

  test('all of them are told at once', () => {
    expect(
      problemsOf((scope) => ({
        sharedHome: SharedHome.ebsVolumes({ fileServerInstanceId: 'nfs', volumes: [unchecked(scope, 'ephemeral0')], freeze }),
        otherHomes: [{ name: 'X', home }],
        backup: Backup.snapshots({ skewLimit: Duration.days(1) }),
      })),
    ).toHaveLength(4);
  });

  test('what is known only at deployment is left to CloudFormation', () => {
    const later = Lazy.string({ produce: () => 'vol-01234567' });
    expect(
      problemsOf((scope) => ({ sharedHome: SharedHome.ebsVolumes({ fileServerInstanceId: later, volumes: [volume(scope, later)] }) })),
    ).toEqual([]);
  });
});
