import type { ScenarioBackup } from './backup';
import { sourcesOf } from './backup';
import type { Fault } from './fault';

/** What is contradictory in a scenario's backup, and in the faults that are about it. */
export function backupContradictions(backup: ScenarioBackup, faults: readonly Fault[]): string[] {
  const { method, sharedHome, freeze, retention } = backup;
  const mistakes: string[] = [];
  const onVolumes = method === 'snapshots' && sharedHome !== 'efs';
  const usesVault = method === 'aws-backup' || (method === 'snapshots' && sharedHome === 'efs');
  if (freeze && !onVolumes) {
    mistakes.push('backup.freeze is for snapshots of EBS volumes: allowed with method snapshots, and sharedHome ebs-...');
  }
  if (method === 'aws-backup' && sharedHome === 'ebs-tag') {
    mistakes.push(
      'backup.sharedHome is ebs-tag: AWS Backup takes what is named, allowed with method aws-backup are ebs-volumes, ebs-instance, efs',
    );
  }
  if (method === 'none' && retention !== undefined) mistakes.push('backup.retention is about backups, and method is none: leave it out');
  const sources = sourcesOf(backup);
  for (const fault of faults) {
    if ('part' in fault) {
      const source = sources.find(({ part }) => part === fault.part);
      const parts = sources.map(({ part }) => part).join(', ') || 'none';
      if (source === undefined) mistakes.push(`the fault ${fault.name} names the part ${fault.part}: allowed are ${parts}`);
      else if ('volume' in fault && (fault.volume ?? 1) > source.of.length) {
        mistakes.push(`the fault ${fault.name} names volume ${fault.volume ?? 1} of ${fault.part}, allowed is 1 to ${source.of.length}`);
      }
    }
    if ((fault.name === 'vault-denied' || fault.name === 'backup-job-expires') && !usesVault) {
      mistakes.push(`the fault ${fault.name} is about AWS Backup: it needs method aws-backup, or sharedHome efs`);
    }
    if ((fault.name === 'command-never-runs' || fault.name === 'command-fails') && !freeze) {
      mistakes.push(`the fault ${fault.name} is about the command that freezes: it needs backup.freeze`);
    }
  }
  return mistakes;
}
