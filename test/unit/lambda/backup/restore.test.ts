/** The way back: commands that can be pasted, filled in with the settings of now. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { ClusterSettings, MemberSettings } from '../../../../lambda/core/backup/restore-cluster';
import { restoreCluster } from '../../../../lambda/core/backup/restore-cluster';
import { oldName } from '../../../../lambda/core/backup/restore-database';
import type { InstanceSettings } from '../../../../lambda/core/backup/restore-instance';
import { restoreInstance } from '../../../../lambda/core/backup/restore-instance';
import { restoreVolumes } from '../../../../lambda/core/backup/restore-volumes';
import { aws, quote } from '../../../../lambda/core/backup/shell';
import type { EbsPart } from '../../../../lib/contract/environment';
import type { RestoreStep } from '../../../../lib/contract/events';
import { EBS, snapshot, volume } from './support/build';

const commands = (steps: readonly RestoreStep[]): readonly string[] => steps.flatMap((step) => step.commands);

/** A shell with an `aws` that is told what it is asked, and answers with a new id: the words as the CLI would get them. */
function run(lines: readonly string[]): string[][] {
  const fake = `n=0; aws() { printf '%s\\037' "$@" >&3; printf '\\036' >&3; echo vol-new; }`;
  const out = execFileSync('sh', ['-euc', `${fake}\nexec 3>&1\n${lines.join('\n')}\n`], { encoding: 'utf8' });
  return out
    .split('\u001e')
    .map((call) =>
      call
        .replace(/^(vol-new\n)+/, '')
        .split('\u001f')
        .slice(0, -1),
    )
    .filter((words) => words.length > 0);
}

const insight = {
  monitoringInterval: 0,
  monitoringRoleArn: '',
  performanceInsights: false,
  performanceInsightsKmsKeyId: '',
  performanceInsightsRetention: 0,
};
const aftercare = { backupRetentionPeriod: 7, preferredBackupWindow: '02:00-03:00', preferredMaintenanceWindow: 'sun:04:00-sun:05:00' };
const instance: InstanceSettings = {
  ...insight,
  ...aftercare,
  id: 'bitbucket',
  instanceClass: 'db.m6g.large',
  subnetGroup: 'private',
  securityGroupIds: ['sg-1', 'sg-2'],
  parameterGroup: 'bitbucket-pg16',
  optionGroup: 'default:postgres-16',
  port: 5432,
  multiAz: true,
  availabilityZone: 'eu-west-1a',
  publiclyAccessible: false,
  autoMinorVersionUpgrade: true,
  storageType: 'gp3',
  iops: 3000,
  storageThroughput: 125,
  maxAllocatedStorage: 500,
  copyTagsToSnapshot: true,
  iamAuthentication: false,
  logExports: ['postgresql'],
  deletionProtection: true,
  caCertificate: 'rds-ca-rsa2048-g1',
  roles: [],
  readReplicas: [],
  masterSecretArn: '',
  tags: { Name: "the team's DB", 'aws:cloudformation:stack-name': 'x' },
};

describe('any word', () => {
  test('reaches the command as it is', () => {
    const words = fc.sample(
      fc.string({ unit: 'grapheme' }).filter((word) => ['\u0000', '\u001e', '\u001f'].every((sign) => !word.includes(sign))),
      { numRuns: 200, seed: 1 },
    );
    expect(run([`aws ${words.map(quote).join(' ')}`])).toEqual([words]);
  });
  test('is left as it is where nothing must be quoted', () => {
    expect(quote('arn:aws:kms:eu-west-1:111122223333:key/1')).toBe('arn:aws:kms:eu-west-1:111122223333:key/1');
  });
  test('that is not there leaves its option out', () => {
    expect(aws('s', 'o', { a: '', b: undefined, c: [], d: false, e: true, f: 0 })).toBe('aws s o --no-d --e --f 0');
  });
});

describe('a DB instance', () => {
  const steps = (change: Partial<InstanceSettings> = {}) => restoreInstance({ ...instance, ...change }, 'snap', 'the database');

  test('makes way, and comes back under its identifier with all that it had', () => {
    const calls = run(commands(steps()));
    expect(calls.map((words) => words.slice(0, 2).join(' '))).toEqual([
      'rds modify-db-instance',
      'rds wait',
      'rds restore-db-instance-from-db-snapshot',
      'rds wait',
      'rds modify-db-instance',
      'rds wait',
    ]);
    expect(calls[0]?.join(' ')).toBe(
      'rds modify-db-instance --db-instance-identifier bitbucket --new-db-instance-identifier bitbucket-before-restore --apply-immediately',
    );
    const restore = calls[2]?.join(' ');
    for (const option of [
      '--db-instance-identifier bitbucket --db-snapshot-identifier snap --db-instance-class db.m6g.large',
      '--db-subnet-group-name private --vpc-security-group-ids sg-1 sg-2 --db-parameter-group-name bitbucket-pg16',
      '--port 5432 --multi-az --no-publicly-accessible',
      '--deletion-protection',
      `--tags [{"Key":"Name","Value":"the team's DB"}]`,
    ])
      expect(restore).toContain(option);
    expect(restore).not.toMatch(/aws:cloudformation|--availability-zone|--iops|--storage-throughput/);
    expect(calls[4]?.join(' ')).toContain('--backup-retention-period 7 --preferred-backup-window 02:00-03:00');
  });
  test('in one zone comes back there; provisioned performance is kept where it can be given', () => {
    const text = commands(steps({ multiAz: false, iops: 12_000, storageThroughput: 500 })).join('\n');
    expect(text).toMatch(/--no-multi-az --availability-zone eu-west-1a/);
    expect(text).toMatch(/--iops 12000 --storage-throughput 500/);
  });
  test('says what does not come back', () => {
    const text = commands(steps({ readReplicas: ['replica'], masterSecretArn: 'arn:secret' })).join('\n');
    expect(text).toMatch(/# .*replica/);
    expect(text).toMatch(/# .*arn:secret/);
  });
  test('gets a name that RDS allows', () => {
    expect(oldName(`${'a'.repeat(47)}-${'b'.repeat(15)}`)).toBe(`${'a'.repeat(47)}-before-restore`);
    expect(oldName('x'.repeat(63)).length).toBeLessThanOrEqual(63);
  });
});

describe('a DB cluster', () => {
  const member = (id: string, isWriter: boolean): MemberSettings => ({
    ...insight,
    id,
    isWriter,
    instanceClass: 'db.r6g.large',
    parameterGroup: 'bitbucket-instance',
    availabilityZone: 'eu-west-1a',
    promotionTier: isWriter ? 0 : 1,
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    caCertificate: '',
    tags: {},
  });
  const cluster: ClusterSettings = {
    ...aftercare,
    id: 'bitbucket',
    engine: 'aurora-postgresql',
    engineVersion: '16.4',
    subnetGroup: 'private',
    securityGroupIds: ['sg-1'],
    parameterGroup: 'bitbucket-cluster',
    port: 5432,
    storageType: 'aurora-iopt1',
    iops: 0,
    instanceClass: '',
    serverless: undefined,
    copyTagsToSnapshot: true,
    iamAuthentication: false,
    logExports: [],
    deletionProtection: true,
    roles: [],
    customEndpoints: [],
    globalCluster: '',
    masterSecretArn: '',
    tags: {},
    members: [member('reader', false), member('writer', true)],
  };
  const calls = (change: Partial<ClusterSettings> = {}) =>
    run(commands(restoreCluster({ ...cluster, ...change }, 'snap', 'the database'))).map((words) => words.join(' '));

  test('of Aurora makes way with its instances, and gets each of them anew, the writer first', () => {
    const all = calls();
    expect(all.filter((call) => call.includes('--new-db-')).map((call) => call.split(' ')[5])).toEqual([
      'writer-before-restore',
      'reader-before-restore',
      'bitbucket-before-restore',
    ]);
    const created = all.filter((call) => call.includes('create-db-instance'));
    expect(created).toEqual([
      expect.stringContaining(
        '--db-instance-identifier writer --db-cluster-identifier bitbucket --engine aurora-postgresql --db-instance-class db.r6g.large --promotion-tier 0',
      ),
      expect.stringContaining('--db-instance-identifier reader'),
    ]);
    const restored = all.findIndex((call) => call.includes('restore-db-cluster-from-snapshot'));
    expect(all[restored]).toContain('--vpc-security-group-ids sg-1 --db-cluster-parameter-group-name bitbucket-cluster --port 5432');
    expect(all[restored + 1]).toBe('rds wait db-cluster-available --db-cluster-identifier bitbucket');
    expect(all.indexOf(created[0] ?? '')).toBeGreaterThan(restored + 1);
  });
  test('keeps its serverless capacity', () => {
    expect(calls({ serverless: { minCapacity: 0.5, maxCapacity: 16 } }).join('\n')).toContain('MinCapacity=0.5,MaxCapacity=16');
  });
  test('in several zones makes its instances itself', () => {
    const all = calls({ engine: 'postgres', instanceClass: 'db.m6gd.large' }).join('\n');
    expect(all).toContain('--db-cluster-instance-class db.m6gd.large');
    expect(all).not.toContain('create-db-instance');
  });
  test('says what does not come back', () => {
    const text = commands(restoreCluster({ ...cluster, customEndpoints: ['custom'], globalCluster: 'world' }, 'snap', 'the database')).join(
      '\n',
    );
    expect(text).toMatch(/# .*custom/);
    expect(text).toMatch(/# .*world/);
  });
});

describe('volumes', () => {
  const steps = (change = {}, specification: EbsPart = EBS) =>
    restoreVolumes({
      title: 'the shared home',
      instanceId: 'i-nfs',
      specification,
      replaced: ['1', '2'].map((n) => ({ snapshot: snapshot(`snap-${n}`, `vol-${n}`), volume: volume(`vol-${n}`, change) })),
    });

  test('are made anew like the old ones, and take their place under the same device names', () => {
    expect(run(commands(steps())).map((words) => words.join(' '))).toEqual([
      ...['1', '2'].map(
        (n) =>
          `ec2 create-volume --snapshot-id snap-${n} --availability-zone eu-west-1a --volume-type gp3 --iops 3000 --throughput 125 --encrypted --kms-key-id arn:aws:kms:eu-west-1:111122223333:key/1 ` +
          '--tag-specifications [{"ResourceType":"volume","Tags":[{"Key":"Name","Value":"home"}]}] --query VolumeId --output text',
      ),
      'ec2 wait volume-available --volume-ids vol-new vol-new',
      'ec2 detach-volume --volume-id vol-1 --instance-id i-nfs',
      'ec2 detach-volume --volume-id vol-2 --instance-id i-nfs',
      'ec2 wait volume-available --volume-ids vol-1 vol-2',
      'ec2 attach-volume --volume-id vol-new --instance-id i-nfs --device /dev/xvdf',
      'ec2 attach-volume --volume-id vol-new --instance-id i-nfs --device /dev/xvdg',
      'ec2 wait volume-in-use --volume-ids vol-new vol-new',
    ]);
  });
  test('without a choice of performance or encryption are given none', () => {
    expect(commands(steps({ type: 'gp2', iops: 1500, throughput: 0, encrypted: false, kmsKeyId: '', tags: {} })).join('\n')).not.toMatch(
      /--iops|--throughput|--encrypted|--kms-key-id|--tag-specifications/,
    );
  });
  test('that are found by tag lose it when they are old, so that the next backup is of the new ones', () => {
    const text = commands(steps({}, { instanceId: '', volumes: { tag: { key: 'Name', value: 'home' } } })).join('\n');
    expect(text).toContain(`aws ec2 delete-tags --resources vol-1 vol-2 --tags '[{"Key":"Name"}]'`);
  });
  test('that are named must be named anew', () => {
    expect(commands(steps()).join('\n')).toContain('new volume ids');
  });
});
