/** A database and a file server with two volumes, as the tests of the backup vary them. */
import type { EbsPart } from '../../../../../lib/contract/environment';
import type { BackupPart, PartRef, Plan } from '../../../../../lib/contract/events';
import { BACKUP_TAGS } from '../../../../../lib/contract/tags';
import type { Snapshot } from '../../../../../lambda/core/backup/snapshot';
import type { Tags } from '../../../../../lambda/core/backup/tags';
import { tagsOf } from '../../../../../lambda/core/backup/tags';
import type { FileServer, Volume } from '../../../../../lambda/core/backup/volumes';
import { NOW, limits, plan } from '../../support/build';

export const DATABASE: PartRef = { name: 'database', title: 'the database', specification: { kind: 'instance', id: 'bitbucket' } };
export const EBS: EbsPart = { instanceId: 'i-nfs', volumes: { ids: ['vol-1', 'vol-2'] } };
export const HOME: PartRef = { name: 'shared-home', title: 'the shared home', specification: EBS };
export const BACKUP_ID = plan().backupId;

export const settings = { spec: { startLimit: 600 }, limits, now: NOW };

export const volume = (id: string, change: Partial<Volume> = {}): Volume => ({
  id,
  state: 'in-use',
  attachments: [{ instanceId: 'i-nfs', device: `/dev/xvd${id === 'vol-1' ? 'f' : 'g'}` }],
  availabilityZone: 'eu-west-1a',
  type: 'gp3',
  iops: 3000,
  throughput: 125,
  encrypted: true,
  kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  sizeGiB: 500,
  multiAttach: false,
  tags: { Name: 'home' },
  ...change,
});

export const server = (change: Partial<FileServer> = {}): FileServer => ({
  instanceId: 'i-nfs',
  state: 'running',
  instanceType: 'm6i.large',
  rootDeviceType: 'ebs',
  rootVolumeId: 'vol-root',
  dataVolumeIds: ['vol-1', 'vol-2'],
  ...change,
});

/** The tags of a part of the plan's backup, or of another. */
export const tags = (part: string, change: Partial<Plan> = {}, more: Tags = {}): Tags => ({ ...tagsOf(plan(change), part), ...more });

export const FINISHED: Tags = { [BACKUP_TAGS.finished]: 'yes' };

/** A complete snapshot of a volume (`vol-1`) or of the database, but for what is changed. */
export const snapshot = (id: string, source: string, change: Partial<Snapshot> = {}): Snapshot => ({
  id,
  tagTarget: id,
  source,
  state: 'complete',
  said: 'completed',
  percent: 100,
  startedAt: NOW.toISOString(),
  encrypted: true,
  sizeGiB: 500,
  tags: tags(source.startsWith('vol') ? 'shared-home' : 'database'),
  ...change,
});

export const dbSnapshot = (change: Partial<Snapshot> = {}): Snapshot =>
  snapshot(BACKUP_ID, 'bitbucket', { said: 'available', sizeGiB: 100, ...change });

export const begunPart = (part: PartRef, resource: string, ...snapshotIds: string[]): BackupPart => ({
  part: part.name,
  resource,
  snapshotIds,
  startedAt: NOW.toISOString(),
});

export const failing = (name: string, message?: RegExp): Error =>
  expect.objectContaining({ name, ...(message && { message: expect.stringMatching(message) as string }) }) as Error;
