import { createHash } from 'node:crypto';
import type { AwsBackupPart, BackupSpec, Limits } from '../../lib/contract/environment';
import type { BackupStart, PartRef, Plan } from '../../lib/contract/events';
import { awsBackup } from '../adapters/aws-backup';
import { readEnvironment } from '../adapters/environment';
import { recoveryPointTags } from '../adapters/recovery-point-tags';
import type { Beginning } from '../core/backup/begin';
import { notBegun, tryLater } from '../core/backup/begin';
import type { Started } from '../core/backup/start-vault';
import { judgeStart } from '../core/backup/start-vault';
import type { Inventory } from '../core/backup/recovery-points';
import { hasBegun, isLost, saidOf } from '../core/backup/recovery-points';
import { ofBackup } from '../core/backup/snapshot';
import { tagsOf, toRdsTag } from '../core/backup/tags';
import { isTaskError } from '../core/errors';
import type { BackupJob } from '../ports/aws-backup';
import { task } from '../shared/task';
import type { VaultPorts } from '../shared/vault';
import { lookIntoVault } from '../shared/vault';

interface Input {
  readonly part: PartRef;
  readonly plan: Plan;
  readonly since?: string;
}

interface Settings {
  readonly spec: Pick<BackupSpec, 'startLimit' | 'skewLimit'>;
  readonly limits: Limits;
  readonly now: Date;
}

/**
 * Begins a job for each resource, all at once, each once: what is there is found by its tags, and a call that is repeated carries the same
 * token and gets the same job. Done when every job works.
 */
export async function startAwsBackup({ part, plan, since }: Input, settings: Settings, ports: VaultPorts): Promise<BackupStart> {
  const specification = part.specification as AwsBackupPart;
  const beginning: Beginning = { title: part.title, ...settings, since: since ?? settings.now.toISOString() };
  const inventory = await lookIntoVault(specification, ports);
  try {
    const started = await Promise.all(specification.resourceArns.map((arn) => startOne(arn, { part, plan }, settings, inventory, ports)));
    return judgeStart(beginning, part.name, started, settings.spec.skewLimit);
  } catch (error) {
    if (!isTaskError(error, 'AwsThrottled')) throw error;
    return tryLater(beginning, error.message, 'AWS Backup is asked for too many jobs at once: give it a pause.');
  }
}

async function startOne(
  resourceArn: string,
  { part, plan }: Pick<Input, 'part' | 'plan'>,
  { limits }: Settings,
  { snapshots, untold }: Inventory,
  { backup }: VaultPorts,
): Promise<Started> {
  const own = ofBackup(snapshots, { clusterName: plan.groupName, part: part.name }, plan.backupId);
  const there = own.find(({ source, state }) => source === resourceArn && state !== 'failed');
  if (there) return { resourceArn, id: there.id, startedAt: there.startedAt, state: 'begun', said: there.said };
  if (plan.reusesBackup) {
    const pending = untold.find((job) => job.resourceArn === resourceArn);
    if (pending) return { resourceArn, id: pending.id, startedAt: pending.createdAt, state: 'waiting', said: saidOf(pending) };
    throw notBegun(
      part,
      `nothing is left of ${resourceArn} in the backup ${plan.backupId} of an earlier run`,
      'A new start makes a new backup.',
    );
  }
  const { vaultName, roleArn, deleteAfterDays, coldStorageAfterDays } = part.specification as AwsBackupPart;
  const id = await backup.start({
    vaultName,
    roleArn,
    resourceArn,
    token: createHash('sha256').update(`${plan.backupId}\n${resourceArn}`).digest('hex').slice(0, 32),
    tags: Object.fromEntries(Object.entries(tagsOf(plan, part.name)).map(([key, value]) => [key, toRdsTag(value)])),
    deleteAfterDays,
    coldStorageAfterDays,
    completeWithin: Math.ceil(limits.backupTimeout / 60),
  });
  const job = await backup.job(id);
  return { resourceArn, id, startedAt: job?.createdAt ?? '', state: stateOf(job), said: job ? saidOf(job) : 'not seen yet' };
}

const stateOf = (job: BackupJob | undefined): Started['state'] => {
  if (!job) return 'waiting';
  if (isLost(job)) return 'lost';
  return hasBegun(job) ? 'begun' : 'waiting';
};

export const handler = task('start-aws-backup', (input: Input) => {
  const settings = readEnvironment((read) => ({ spec: read.backup(), limits: read.limits() }));
  return startAwsBackup(input, { ...settings, now: new Date() }, { backup: awsBackup(), tags: recoveryPointTags() });
});
