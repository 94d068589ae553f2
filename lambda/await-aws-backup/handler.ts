import type { AwsBackupPart, Limits } from '../../lib/contract/environment';
import type { BackupLook, BackupPart, PartRef, Plan, RestoreStep } from '../../lib/contract/events';
import { awsBackup } from '../adapters/aws-backup';
import { databaseSnapshots } from '../adapters/database-snapshots';
import { readEnvironment } from '../adapters/environment';
import { imageSnapshots } from '../adapters/images';
import { recoveryPointTags } from '../adapters/recovery-point-tags';
import { volumes } from '../adapters/volumes';
import { lasting, lookAtPart } from '../core/backup/progress';
import { isRecoveryPoint, ofJob, ofPoint } from '../core/backup/recovery-points';
import { resourceOf } from '../core/backup/resource-arn';
import type { Snapshot } from '../core/backup/snapshot';
import type { Tags } from '../core/backup/tags';
import { tagsOf } from '../core/backup/tags';
import { secondsBetween } from '../core/time';
import type { SourcePorts } from '../shared/backed-up';
import { sourceOf } from '../shared/backed-up';
import type { RestorePorts } from '../shared/restore-steps';
import { restoreSteps } from '../shared/restore-steps';
import { task } from '../shared/task';
import type { VaultPorts } from '../shared/vault';

interface Input {
  readonly part: PartRef;
  readonly plan: Plan;
  readonly backup: BackupPart;
}

/** What the task calls. */
export type Ports = VaultPorts & SourcePorts & RestorePorts;

/** Seconds after a job's end until its recovery point must be there with its tags. */
const SETTLED_WITHIN = 120;

/** Looks how far the jobs are; verifies the recovery points when they are complete, and then names them instead of the jobs. */
export async function awaitAwsBackup(
  { part, plan, backup }: Input,
  waiting: { readonly now: Date; readonly limits: Limits },
  ports: Ports,
): Promise<BackupLook> {
  const specification = part.specification as AwsBackupPart;
  const tags = lasting(tagsOf(plan, part.name));
  const found = (await Promise.all(backup.snapshotIds.map((id) => lookAtOne(id, specification, tags, waiting.now, ports)))).flatMap(
    (one) => one ?? [],
  );
  const snapshots = found.map(({ snapshot }) => snapshot);
  const complete = snapshots.length === backup.snapshotIds.length && snapshots.every(({ state }) => state === 'complete');
  const resources = specification.resourceArns.map(resourceOf);
  const sources = complete ? (await Promise.all(resources.map((resource) => sourceOf(resource, ports)))).flat() : [];
  const steps: RestoreStep[] = [];
  if (complete) for (const { arn, snapshot } of found) steps.push(...(await restoreSteps(resourceOf(snapshot.source), arn, part, ports)));
  const look = lookAtPart({ title: part.title, backup, snapshots, sources, tags, restore: () => steps, waiting });
  return complete ? { ...look, backup: { ...look.backup, snapshotIds: found.map(({ arn }) => arn) } } : look;
}

/** A job, or the recovery point that it has made; undefined when it is not there. */
async function lookAtOne(
  id: string,
  { vaultName }: AwsBackupPart,
  wanted: Tags,
  now: Date,
  { backup, tags }: Ports,
): Promise<{ readonly arn: string; readonly snapshot: Snapshot } | undefined> {
  const job = isRecoveryPoint(id) ? undefined : await backup.job(id);
  if (job && job.state !== 'COMPLETED') return { arn: '', snapshot: ofJob(job, {}) };
  const arn = job ? job.recoveryPointArn : id;
  const point = isRecoveryPoint(arn) ? await backup.recoveryPoint(vaultName, arn) : undefined;
  const fresh = job !== undefined && secondsBetween(job.completedAt, now) < SETTLED_WITHIN;
  if (!point) return job && fresh ? { arn, snapshot: ofJob({ ...job, percent: 99 }, {}) } : undefined;
  const written = (await tags.read([arn])).get(arn) ?? {};
  const snapshot = { ...ofPoint(point, written), id };
  const isTagged = Object.keys(wanted).every((key) => written[key] === wanted[key]);
  // The tags may be written a moment after the job has ended.
  return { arn, snapshot: snapshot.state === 'complete' && !isTagged && fresh ? { ...snapshot, state: 'pending', percent: 99 } : snapshot };
}

export const handler = task('await-aws-backup', (input: Input) => {
  const limits = readEnvironment((read) => read.limits());
  return awaitAwsBackup(
    input,
    { now: new Date(), limits },
    {
      backup: awsBackup(),
      tags: recoveryPointTags(),
      database: (kind, id) => databaseSnapshots({ kind, id }),
      volumes: volumes(),
      imageSnapshots,
    },
  );
});
