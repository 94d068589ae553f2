/** Sources and strategies of backups for the example cluster. */
import type { Stack } from 'aws-cdk-lib';
import type { IBackupVault } from 'aws-cdk-lib/aws-backup';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { State } from './definition';
import { definitionsOf, statesOf } from './definition';

/** A vault of AWS Backup. */
export function vault(stack: Stack, name = 'bitbucket'): IBackupVault {
  return BackupVault.fromBackupVaultName(stack, `Vault-${name}`, name);
}

/** A file system of EFS. */
export function fileSystem(stack: Stack, fileSystemId = 'fs-0123456789abcdef0'): IFileSystem {
  const securityGroup = SecurityGroup.fromSecurityGroupId(stack, `Group-${fileSystemId}`, 'sg-0123456789abcdef0', { mutable: false });
  return FileSystem.fromFileSystemAttributes(stack, `FileSystem-${fileSystemId}`, { fileSystemId, securityGroup });
}

/** An Aurora cluster. */
export function auroraCluster(stack: Stack, clusterIdentifier = 'bitbucket-aurora'): IDatabaseCluster {
  return DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', { clusterIdentifier });
}

/** What each part of the backup is told, by its name. */
export function specificationsOf(stack: Stack): Record<string, unknown> {
  const observing: State = statesOf(definitionsOf(stack).main)['Look at what is backed up']!;
  const parts = (observing.Branches ?? []).flatMap(({ States }) => Object.values(States).map(({ Parameters }) => Parameters?.part));
  return Object.fromEntries((parts as { name: string; specification: unknown }[]).map(({ name, specification }) => [name, specification]));
}
