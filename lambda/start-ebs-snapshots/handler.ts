import type { BackupSpec, EbsPart, Limits } from '../../lib/contract/environment';
import type { BackupStart, PartRef, Plan } from '../../lib/contract/events';
import { readEnvironment } from '../adapters/environment';
import { freezeCommands } from '../adapters/freeze-commands';
import { volumeSnapshots } from '../adapters/volume-snapshots';
import { volumes } from '../adapters/volumes';
import type { Beginning } from '../core/backup/begin';
import { begun, notBegun, refused, tryLater } from '../core/backup/begin';
import type { Snapshot } from '../core/backup/snapshot';
import { isRefusal, ofBackup } from '../core/backup/snapshot';
import { setsOf } from '../core/backup/sets';
import { tagsOf } from '../core/backup/tags';
import { idsOf, problemsOf } from '../core/backup/volumes';
import type { FreezeCommands } from '../ports/commands';
import type { VolumeSnapshots, Volumes } from '../ports/snapshots';
import { whileFrozen } from '../shared/freeze';
import { task } from '../shared/task';
import { findVolumes } from '../shared/volume-source';

interface Input {
  readonly part: PartRef;
  readonly plan: Plan;
  readonly since?: string;
}

interface Settings {
  readonly spec: Pick<BackupSpec, 'startLimit'>;
  readonly limits: Limits;
  readonly now: () => Date;
}

interface Ports {
  readonly volumes: Volumes;
  readonly snapshots: VolumeSnapshots;
  readonly commands: FreezeCommands;
}

/**
 * Begins the snapshots of all volumes at one point in time, once: snapshots of a backup are found again by their tags. The file systems
 * are frozen meanwhile, if the part says so.
 */
export async function startEbsSnapshots({ part, plan, since }: Input, { spec, limits, now }: Settings, ports: Ports): Promise<BackupStart> {
  const specification = part.specification as EbsPart;
  const beginning: Beginning = { title: part.title, spec, limits, now: now(), since: since ?? now().toISOString() };
  const owner = { clusterName: plan.groupName, part: part.name };
  const [found, made] = await Promise.all([findVolumes(specification, ports.volumes), ports.snapshots.made(owner)]);
  const { instanceId, server } = found;
  const volumeIds = idsOf(found.volumes);
  const backup = (snapshots: readonly Snapshot[]) => ({
    part: part.name,
    resource: instanceId,
    snapshotIds: snapshots.map(({ id }) => id),
    startedAt: snapshots[0]?.startedAt || now().toISOString(),
  });

  const sets = setsOf(ofBackup(made, owner, plan.backupId), volumeIds, now());
  if (sets.whole) return begun(beginning, backup(sets.whole));
  if (sets.appearing) return tryLater(beginning, 'snapshots of an earlier call are not all seen yet', 'Start the upgrade again.');
  const problems = problemsOf(specification, found);
  if (problems.length > 0 || !server) throw notBegun(beginning, problems.join('; '), 'Nothing was begun.');

  const description = `Bitbucket: ${part.title} before ${plan.fromVersion} to ${plan.toVersion} (${plan.backupId})`.slice(0, 255);
  const begin = () => ports.snapshots.begin(server, volumeIds, description, tagsOf(plan, part.name));
  const { freeze } = specification;
  const { result, held } = freeze
    ? await whileFrozen({ instanceId, freeze, commands: ports.commands, now }, begin)
    : { result: await begin(), held: true };
  if (isRefusal(result)) return refused(beginning, result);
  if (!held) {
    const reason = `the file systems may have thawed by themselves (limit ${freeze?.limitSeconds ?? 0} s) before the snapshots were begun`;
    throw notBegun(beginning, reason, 'Give the freeze a longer limit.');
  }
  return begun(beginning, backup(result));
}

export const handler = task('start-ebs-snapshots', (input: Input) => {
  const { spec, limits } = readEnvironment((read) => ({ spec: read.backup(), limits: read.limits() }));
  const ports = { volumes: volumes(), snapshots: volumeSnapshots(), commands: freezeCommands() };
  return startEbsSnapshots(input, { spec, limits, now: () => new Date() }, ports);
});
