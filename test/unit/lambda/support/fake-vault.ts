/** AWS Backup in memory: what was asked for, and what there is. */
import type { AwsBackup, BackupJob, BackupRequest, RecoveryPoint } from '../../../../lambda/ports/aws-backup';
import type { Ports } from '../../../../lambda/await-aws-backup/handler';
import type { Tags } from '../../../../lambda/core/backup/tags';
import { NOW } from './build';

export const DB = 'arn:aws:rds:eu-west-1:111122223333:db:bitbucket';
export const VOLUME = 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1';
export const SERVER = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-nfs';
export const FILES = 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1';

export const job = (change: Partial<BackupJob> = {}): BackupJob => ({
  id: 'job-1',
  resourceArn: DB,
  vaultName: 'vault',
  state: 'RUNNING',
  message: '',
  percent: 40,
  createdAt: NOW.toISOString(),
  completedAt: '',
  recoveryPointArn: '',
  ofPlan: false,
  ...change,
});

export const point = (change: Partial<RecoveryPoint> = {}): RecoveryPoint => ({
  arn: 'arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-1',
  resourceArn: DB,
  state: 'COMPLETED',
  createdAt: NOW.toISOString(),
  encrypted: true,
  sizeBytes: 0,
  ofPlan: false,
  ...change,
});

const volume = {
  id: 'vol-1',
  encrypted: true,
  sizeGiB: 10,
  state: 'in-use',
  attachments: [{ instanceId: 'i-nfs', device: '/dev/sdf' }],
  availabilityZone: 'eu-west-1a',
  type: 'gp3',
  iops: 3000,
  throughput: 125,
  kmsKeyId: 'key',
  multiAttach: false,
  tags: {},
};

/** What there is in the account. */
export interface World {
  readonly vault?: 'found' | 'missing' | Error;
  readonly jobs?: readonly BackupJob[];
  readonly points?: readonly RecoveryPoint[];
  readonly tags?: Readonly<Record<string, Tags>>;
  /** What StartBackupJob comes to: the state of the new job, or an error. */
  readonly starts?: BackupJob['state'] | Error;
  readonly database?: string | undefined;
  readonly encrypted?: boolean;
}

/** The ports, and what was done by them. */
export function fakeVault(world: World = {}) {
  const { jobs = [], points = [], tags = {}, starts = 'RUNNING', database = 'available', encrypted = true } = world;
  const requests: BackupRequest[] = [];
  const done: string[] = [];
  const byToken = new Map<string, BackupJob>();
  const all = (): readonly BackupJob[] => [...jobs, ...byToken.values()];
  const backup: AwsBackup = {
    vault: () => (world.vault instanceof Error ? Promise.reject(world.vault) : Promise.resolve(world.vault ?? 'found')),
    recoveryPoints: (_, arn) => Promise.resolve(points.filter(({ resourceArn }) => resourceArn === arn)),
    recoveryPoint: (_, arn) => Promise.resolve(points.find((one) => one.arn === arn)),
    activeJobs: (arn) =>
      Promise.resolve(
        jobs.filter(({ resourceArn, state }) => resourceArn === arn && ['CREATED', 'PENDING', 'RUNNING', 'ABORTING'].includes(state)),
      ),
    job: (id) => Promise.resolve(all().find((one) => one.id === id)),
    start: (request) => {
      if (starts instanceof Error) return Promise.reject(starts);
      requests.push(request);
      const made = byToken.get(request.token) ?? job({ id: `new-${byToken.size + 1}`, resourceArn: request.resourceArn, state: starts });
      byToken.set(request.token, made);
      return Promise.resolve(made.id);
    },
    stop: (id) => Promise.resolve(void done.push(`stop ${id}`)),
    discard: (_, arn) => {
      done.push(`delete ${arn}`);
      return Promise.resolve('gone');
    },
    restoreMetadata: () => Promise.resolve({ dbinstanceidentifier: 'old', Port: '5432', Empty: '' }),
  };
  const server = {
    instanceId: 'i-nfs',
    state: 'running',
    instanceType: 'm5.large',
    rootDeviceType: 'ebs',
    rootVolumeId: 'vol-root',
    dataVolumeIds: ['vol-1'],
  };
  const ports: Ports = {
    backup,
    tags: {
      read: (arns) => Promise.resolve(new Map(arns.flatMap((arn) => (tags[arn] ? [[arn, tags[arn]] as const] : [])))),
      write: (arn, written) => Promise.resolve(void done.push(`tag ${arn} ${JSON.stringify(written)}`)),
    },
    database: (kind, id) => ({
      database: () =>
        Promise.resolve(
          database === ''
            ? undefined
            : {
                id,
                name: `DB ${kind} ${id}`,
                units: [{ name: `DB ${kind} ${id}`, status: database }],
                encrypted,
                sizeGiB: 100,
                maintenance: () => Promise.resolve([]),
                restore: (snapshotId: string, title: string) => [{ title: `Restore ${title}`, commands: [`restore ${snapshotId}`] }],
              },
        ),
    }),
    volumes: {
      byIds: (ids) => Promise.resolve(ids.map((id) => ({ ...volume, id, encrypted })).filter(({ id }) => id !== 'vol-gone')),
      byTag: () => Promise.resolve([]),
      server: (id) => Promise.resolve(id === 'i-nfs' ? server : undefined),
      hasInstanceStore: () => Promise.resolve(false),
    },
    imageSnapshots: () =>
      Promise.resolve([
        { device: '/dev/xvda', snapshotId: 'snap-root' },
        { device: '/dev/sdf', snapshotId: 'snap-data' },
      ]),
  };
  return { ports, requests, done };
}
