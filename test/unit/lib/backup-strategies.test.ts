import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { BackupConfig, BackupSources, BitbucketRollingUpgradeProps } from '../../../lib';
import { Backup, BackupRetention, Database, FileSystemFreeze, SharedHome } from '../../../lib';
import { auroraCluster, fileSystem, specificationsOf, vault } from '../../support/backups';
import { example, exampleProps, resourcesOf, volume } from '../../support/construct';
import { definitionsOf, statesOf } from '../../support/definition';

jest.mock('../../../lib/private/bundle', () => jest.requireActual<object>('../../support/placeholder-bundle'));

type Overrides = (stack: Stack) => Partial<BitbucketRollingUpgradeProps>;

/** The specification that the tasks are told. */
function specOf(overrides: Overrides): Record<string, unknown> {
  const functions = Object.entries(resourcesOf(example(overrides).stack, 'AWS::Lambda::Function'));
  const [, judge] = functions.find(([id]) => id.includes('JudgeSkew'))!;
  return JSON.parse((judge.Properties.Environment as { Variables: { BACKUP: string } }).Variables.BACKUP) as Record<string, unknown>;
}

function problemsOf(overrides: Overrides): string[] {
  try {
    example(overrides);
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(/^ {2}- /, ''));
  }
  return [];
}

const INSTANCE = 'i-0123456789abcdef0';
const freeze = FileSystemFreeze.ofMounts({ mountPoints: ['/srv/shared', '/srv/data'], limit: Duration.seconds(45) });

describe('what is backed up by snapshots', () => {
  test('an RDS instance and volumes of a file server', () => {
    expect(specificationsOf(example().stack)).toEqual({
      database: { kind: 'instance', id: 'bitbucket-db' },
      'shared-home': { instanceId: INSTANCE, volumes: { ids: ['vol-0123456789abcdef0', 'vol-0123456789abcdef1'] } },
    });
  });

  test('an Aurora cluster and volumes by tag', () => {
    const { stack } = example((scope) => ({
      database: Database.auroraCluster(auroraCluster(scope)),
      sharedHome: SharedHome.ebsVolumesByTag({ key: 'bitbucket', value: 'shared home' }),
    }));
    expect(specificationsOf(stack)).toEqual({
      database: { kind: 'cluster', id: 'bitbucket-aurora' },
      'shared-home': { instanceId: '', volumes: { tag: { key: 'bitbucket', value: 'shared home' } } },
    });
  });

  test('every data volume of an instance, frozen meanwhile', () => {
    const { stack } = example(() => ({ sharedHome: SharedHome.ebsOfInstance({ instanceId: INSTANCE, freeze }) }));
    expect(specificationsOf(stack)['shared-home']).toEqual({
      instanceId: INSTANCE,
      volumes: 'data',
      freeze: {
        documentName: expect.stringContaining('UpgradeBackupsharedhomeFreeze') as string,
        mountPoints: ['/srv/shared', '/srv/data'],
        limitSeconds: 45,
      },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::SSM::Document', { DocumentType: 'Command', UpdateMethod: 'NewVersion' });
  });

  test('a file system, by AWS Backup, with a warning', () => {
    const home: Overrides = (scope) => ({ sharedHome: SharedHome.efs({ fileSystem: fileSystem(scope), vault: vault(scope) }) });
    const { stack } = example(home);
    expect(specificationsOf(stack)['shared-home']).toMatchObject({
      vaultName: 'bitbucket',
      resourceArns: [expect.stringMatching(/:file-system\/fs-0123456789abcdef0$/)],
      deleteAfterDays: 0,
      coldStorageAfterDays: 0,
    });
    expect(specOf(home).warnings).toEqual([
      expect.stringMatching(/^the shared home is on EFS: Atlassian advises against it.*not of one moment$/),
    ]);
  });

  test('Mesh nodes and mirrors are further parts of the same backup', () => {
    const homes: Overrides = (scope) => ({
      otherHomes: [
        { name: 'mesh-1', home: SharedHome.ebsOfInstance({ instanceId: 'i-0123456789abcdef1' }) },
        { name: 'mirror-1', home: SharedHome.ebsVolumes({ volumes: [volume(scope, 'vol-0123456789abcdef9')] }) },
      ],
    });
    expect(specOf(homes).parts).toEqual(['database', 'shared-home', 'mesh-1', 'mirror-1']);
    expect(specificationsOf(example(homes).stack)).toMatchObject({
      'mesh-1': { instanceId: 'i-0123456789abcdef1', volumes: 'data' },
      'mirror-1': { instanceId: '', volumes: { ids: ['vol-0123456789abcdef9'] } },
    });
  });
});

describe('what is backed up by AWS Backup', () => {
  const by =
    (more: object = {}): Overrides =>
    (scope) => ({
      backup: Backup.awsBackup({ vault: vault(scope), ...more }),
      sharedHome: SharedHome.ebsOfInstance({ instanceId: INSTANCE }),
    });

  test('the database and the file server as a whole', () => {
    const arn = (kind: string): unknown => expect.stringMatching(new RegExp(`:${kind}$`));
    const lifecycle = { deleteAfter: Duration.days(120), moveToColdStorageAfter: Duration.days(30) };
    expect(specificationsOf(example(by(lifecycle)).stack)).toMatchObject({
      database: { resourceArns: [arn('db:bitbucket-db')], deleteAfterDays: 120, coldStorageAfterDays: 30 },
      'shared-home': { resourceArns: [arn(`instance/${INSTANCE}`)], deleteAfterDays: 120, coldStorageAfterDays: 30 },
    });
    expect(specOf(by(lifecycle)).warnings).toEqual([
      'moveToColdStorageAfter is ignored by AWS Backup for the database, the shared home: only EFS knows cold storage',
    ]);
  });

  test('with one new role for all parts, which AWS Backup may use', () => {
    const template = Template.fromStack(example(by()).stack);
    const roles = template.findResources('AWS::IAM::Role', {
      Properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'backup.amazonaws.com' } }] } },
    });
    expect(Object.values(roles)).toHaveLength(1);
    expect(JSON.stringify(roles)).toContain('service-role/AWSBackupServiceRolePolicyForBackup');
  });

  test('with a role of its own', () => {
    const roleArn = 'arn:aws:iam::111122223333:role/backup';
    const { stack } = example((scope) => by({ role: Role.fromRoleArn(scope, 'Own', roleArn) })(scope));
    expect(specificationsOf(stack).database).toMatchObject({ roleArn });
    expect(JSON.stringify(resourcesOf(stack, 'AWS::IAM::Role'))).not.toContain('backup.amazonaws.com');
  });

  test('single volumes one by one, with a warning', () => {
    const overrides: Overrides = (scope) => ({ backup: Backup.awsBackup({ vault: vault(scope) }) });
    expect(specOf(overrides).warnings).toEqual([
      'the shared home has 2 volumes, and AWS Backup takes each by itself: they are not of one moment. Give the instance instead, which it takes as a whole',
    ]);
  });

  test('needs no function of the native parts, and leaves none', () => {
    const functions = Object.keys(resourcesOf(example(by()).stack, 'AWS::Lambda::Function')).filter((id) => id.startsWith('UpgradeBackup'));
    expect(functions.map((id) => /UpgradeBackup(\w+?)Function/.exec(id)?.[1]).sort()).toEqual([
      'AwaitAwsBackup',
      'ObserveAwsBackup',
      'StartAwsBackup',
      'TidyAwsBackup',
    ]);
  });
});

describe('the options', () => {
  test('have defaults', () => {
    expect(specOf(() => ({}))).toEqual({
      parts: ['database', 'shared-home'],
      noneBecause: '',
      skewLimit: 60,
      startLimit: 900,
      reuseWithin: 86400,
      warnings: [],
    });
  });

  test.each([
    [BackupRetention.last(3), { keepLast: 3 }],
    [BackupRetention.within(Duration.days(35)), { keepDays: 35 }],
  ])('reach the tasks in seconds', (retention, expected) => {
    const options = { skewLimit: Duration.minutes(2), startLimit: Duration.minutes(30), reuseWithin: Duration.hours(0), retention };
    expect(specOf(() => ({ backup: Backup.snapshots(options) }))).toMatchObject({
      skewLimit: 120,
      startLimit: 1800,
      reuseWithin: 0,
      retention: expected,
    });
  });

  test('reach every function of the backup, with what all tasks know', () => {
    const functions = Object.entries(resourcesOf(example().stack, 'AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('UpgradeBackup'),
    );
    expect(functions).toHaveLength(8);
    for (const [, { Properties }] of functions) {
      const { Variables } = Properties.Environment as { Variables: Record<string, string> };
      expect(Object.keys(Variables)).toEqual(expect.arrayContaining(['GROUP_NAME', 'LIMITS']));
    }
  });

  test('no backup has its reason', () => {
    const reason = 'another tool makes one before each window';
    expect(specOf(() => ({ backup: Backup.none(` ${reason} `) }))).toMatchObject({ parts: [], noneBecause: reason, warnings: [] });
  });
});

describe('a strategy of somebody else', () => {
  class Own extends Backup {
    public constructor(private readonly title = 'the database by hand') {
      super();
    }

    public bind(scope: Construct, { clusterName, database, homes }: BackupSources): BackupConfig {
      const made = new lambda.Function(scope, 'All', {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => ({});'),
      });
      const tasks = { observe: made, start: made, look: made, tidy: made };
      const parts = [{ name: 'by-hand', title: this.title, tasks, specification: { of: clusterName } }, ...homes.map(({ part }) => part)];
      return { parts, problems: [], warnings: [`${database.part.name} is backed up by hand`] };
    }
  }

  test('has its functions called in the same states, beside native parts', () => {
    const { stack } = example(() => ({ backup: new Own() }));
    const states = statesOf(definitionsOf(stack).main);
    expect(states['Begin the backup of the database by hand']).toMatchObject({
      Resource: expect.stringContaining('UpgradeBackupStrategyAll') as string,
      Parameters: { part: { name: 'by-hand', title: 'the database by hand', specification: { of: 'bitbucket-nodes' } } },
    });
    expect(Object.keys(states)).toContain('Begin the backup of the shared home');
    expect(Object.keys(resourcesOf(stack, 'AWS::Lambda::Function')).filter((id) => id.includes('Rds'))).toEqual([]);
  });

  test('is checked as any', () => {
    expect(problemsOf(() => ({ backup: new Own('the shared home') }))).toEqual([
      "backup: the title 'the shared home' stands for two parts",
    ]);
    expect(problemsOf(() => ({ backup: new Own('x'.repeat(41)) }))).toEqual([expect.stringContaining('must have 1 to 40 characters')]);
  });

  test('and of many parts, whose warnings do not fit into the environment', () => {
    const homes: Overrides = (scope) => ({
      otherHomes: Array.from({ length: 12 }, (_, index) => ({
        name: `mesh-${index}`,
        home: SharedHome.efs({
          fileSystem: fileSystem(scope, `fs-0123456789abcd${10 + index}`),
          vault: vault(new Stack(scope, `V${index}`)),
        }),
      })),
    });
    expect(problemsOf(homes)).toContainEqual(expect.stringContaining("too many for a function's environment"));
  });

  test('must be bound where it is handed to', () => {
    const config = exampleProps(new Stack(new App(), 'Alone')).database.bind(new Stack(new App(), 'Elsewhere'));
    expect(() => config.part.tasks).toThrow('a backup strategy must be bound in the scope that it is handed, or below it');
  });
});
