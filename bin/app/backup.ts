import { Duration } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { BackupOptions, BitbucketRollingUpgradeProps } from '../../lib';
import { Backup, BackupRetention, Database, FileSystemFreeze, SharedHome } from '../../lib';
import type { BackupSettings, DatabaseSettings, FreezeSettings, HomeSettings } from './backup-settings';

/** An attribute that CDK asks for and nothing here reads. */
export const NOT_USED = 'not-used';

/** The props about the backup: its sources are imported by their names. */
export function backupProps(
  scope: Construct,
  settings: BackupSettings,
): Pick<BitbucketRollingUpgradeProps, 'database' | 'sharedHome' | 'otherHomes' | 'backup'> {
  const imports = new Imports(scope, settings);
  return {
    database: database(new Construct(scope, 'DatabaseSource'), settings.database),
    sharedHome: imports.home('SharedHome', settings.sharedHome, freeze(settings.freeze)),
    otherHomes: settings.otherHomes.map(({ name, home }) => ({ name, home: imports.home(`Home-${name}`, home) })),
    backup: imports.backup(),
  };
}

function database(scope: Construct, { kind, id, keyArn }: DatabaseSettings): Database {
  const options = keyArn === undefined ? {} : { encryptionKey: kms.Key.fromKeyArn(scope, 'Key', keyArn) };
  if (kind === 'cluster') {
    return Database.auroraCluster(rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Cluster', { clusterIdentifier: id }), options);
  }
  const attributes = { instanceIdentifier: id, instanceEndpointAddress: NOT_USED, port: 5432, securityGroups: [] };
  return Database.rdsInstance(rds.DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Instance', attributes), options);
}

/** What is imported once, however many parts use it. */
class Imports {
  private readonly vault;
  private readonly role;

  public constructor(
    private readonly scope: Construct,
    private readonly settings: BackupSettings,
  ) {
    const { vaultName, roleArn } = settings;
    this.vault = vaultName === undefined ? undefined : BackupVault.fromBackupVaultName(scope, 'Vault', vaultName);
    this.role = roleArn === undefined ? undefined : iam.Role.fromRoleArn(scope, 'BackupRole', roleArn, { mutable: false });
  }

  public home(id: string, settings: HomeSettings, freezing?: FileSystemFreeze): SharedHome {
    switch (settings.kind) {
      case 'volumes':
        return SharedHome.ebsVolumes({
          fileServerInstanceId: settings.fileServerInstanceId,
          volumes: settings.volumeIds.map((volumeId, index) =>
            ec2.Volume.fromVolumeAttributes(this.scope, `${id}Volume${index + 1}`, { volumeId, availabilityZone: NOT_USED }),
          ),
          freeze: freezing,
        });
      case 'tag':
        return SharedHome.ebsVolumesByTag({ ...settings, freeze: freezing });
      case 'instance':
        return SharedHome.ebsOfInstance({ instanceId: settings.instanceId, freeze: freezing });
      case 'file-system':
        return SharedHome.efs({
          fileSystem: FileSystem.fromFileSystemAttributes(this.scope, `${id}FileSystem`, {
            fileSystemId: settings.fileSystemId,
            securityGroup: ec2.SecurityGroup.fromSecurityGroupId(this.scope, `${id}FileSystemGroup`, NOT_USED, { mutable: false }),
          }),
          vault: this.neededVault(),
          role: this.role,
        });
    }
  }

  public backup(): Backup {
    const { method = 'snapshots', noneBecause = '', deleteAfterDays, coldStorageAfterDays } = this.settings;
    const options = backupOptions(this.settings);
    switch (method) {
      case 'snapshots':
        return Backup.snapshots(options);
      case 'aws-backup':
        return Backup.awsBackup({
          ...options,
          vault: this.neededVault(),
          role: this.role,
          deleteAfter: days(deleteAfterDays),
          moveToColdStorageAfter: days(coldStorageAfterDays),
        });
      case 'none':
        return Backup.none(noneBecause);
    }
  }

  /** The settings are checked: a message for those who write them in code. */
  private neededVault() {
    if (!this.vault) throw new Error('settings.backup.vaultName is needed for AWS Backup, and for file systems');
    return this.vault;
  }
}

function backupOptions({ skewLimit, startLimit, reuseWithin, keepFailedParts, retention }: BackupSettings): BackupOptions {
  return {
    skewLimit: seconds(skewLimit),
    startLimit: seconds(startLimit),
    reuseWithin: seconds(reuseWithin),
    keepFailedParts,
    ...(retention && {
      retention:
        'keepLast' in retention ? BackupRetention.last(retention.keepLast) : BackupRetention.within(Duration.days(retention.keepDays)),
    }),
  };
}

function freeze(settings?: FreezeSettings): FileSystemFreeze | undefined {
  return settings && FileSystemFreeze.ofMounts({ mountPoints: [...settings.mountPoints], limit: seconds(settings.limit) });
}

function seconds(value: number | undefined): Duration | undefined {
  return value === undefined ? undefined : Duration.seconds(value);
}

function days(value: number | undefined): Duration | undefined {
  return value === undefined ? undefined : Duration.days(value);
}
