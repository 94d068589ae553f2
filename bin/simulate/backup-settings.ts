import type { ScenarioBackup } from '../../simulator/scenario/backup';
import { numbers } from '../../simulator/scenario/backup';
import { BACKUP_SITE, homeVolumes, meshInstanceId, mirrorVolumeId } from '../../simulator/scenario/backup-site';
import { SITE } from '../../simulator/scenario/site';
import type { BackupSettings, HomeSettings } from '../app/backup-settings';

/** What the deployable app is told of the backup of the simulated site. */
export function backupSettings(backup: ScenarioBackup): BackupSettings {
  const { database, method, mesh, mirrors, freeze, retention, skewLimit, startLimit, reuseHours, keepFailedParts } = backup;
  const usesVault = method === 'aws-backup' || (method === 'snapshots' && backup.sharedHome === 'efs');
  return {
    database: database === 'aurora' ? { kind: 'cluster', id: BACKUP_SITE.clusterId } : { kind: 'instance', id: SITE.databaseId },
    sharedHome: sharedHome(backup),
    otherHomes: [
      ...numbers(mesh).map((n) => ({ name: `mesh-${n}`, home: { kind: 'instance', instanceId: meshInstanceId(n) } as const })),
      ...numbers(mirrors).map((n) => ({ name: `mirror-${n}`, home: { kind: 'volumes', volumeIds: [mirrorVolumeId(n)] } as const })),
    ],
    method,
    ...(method === 'none' && { noneBecause: 'the simulated site is thrown away' }),
    ...(usesVault && { vaultName: BACKUP_SITE.vaultName }),
    ...(freeze && { freeze: { mountPoints: BACKUP_SITE.mountPoints, limit: BACKUP_SITE.freezeSeconds } }),
    ...(retention !== undefined && { retention }),
    ...(skewLimit !== undefined && { skewLimit }),
    ...(startLimit !== undefined && { startLimit }),
    ...(reuseHours !== undefined && { reuseWithin: Math.round(reuseHours * 3600) }),
    ...(keepFailedParts !== undefined && { keepFailedParts }),
  };
}

function sharedHome({ sharedHome: how, volumes }: ScenarioBackup): HomeSettings {
  const fileServerInstanceId = SITE.fileServerInstanceId;
  switch (how) {
    case 'ebs-volumes':
      return { kind: 'volumes', volumeIds: homeVolumes(volumes), fileServerInstanceId };
    case 'ebs-tag':
      return { kind: 'tag', ...BACKUP_SITE.volumeTag, fileServerInstanceId };
    case 'ebs-instance':
      return { kind: 'instance', instanceId: fileServerInstanceId };
    case 'efs':
      return { kind: 'file-system', fileSystemId: BACKUP_SITE.fileSystemId };
  }
}
