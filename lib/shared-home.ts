import { Stack } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as efs from 'aws-cdk-lib/aws-efs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BackupPartConfig, BackupPartName } from './backup-part';
import type { FileSystemFreeze } from './file-system-freeze';
import { awsBackupPart } from './parts/aws-backup-part';
import type { EbsPartProps } from './parts/ebs-part';
import { ebsPart } from './parts/ebs-part';
import { elsewhere } from './private/elsewhere';
import { freezeProblems, instanceProblems, propOf, tagProblems, volumeProblems } from './private/home-problems';

/** What a {@link SharedHome} strategy comes to. */
export interface SharedHomeConfig {
  /** Its native part of the backup: snapshots of its own kind. */
  readonly part: BackupPartConfig;

  /** ARNs of what AWS Backup would take instead; empty when that is not known at synth time. */
  readonly resourceArns: string[];

  /**
   * Whether the native part freezes file systems, which AWS Backup would not.
   *
   * @default false
   */
  readonly freezes?: boolean;

  /** What is wrong with the strategy's arguments; empty when nothing is. */
  readonly problems: string[];

  /** What speaks against it, though it is allowed: told before each upgrade. */
  readonly warnings: string[];
}

/** Options of `SharedHome.ebsVolumes`. */
export interface EbsSharedHomeOptions {
  /** Every volume that holds a part of the home. They are snapshotted together, at one point in time. */
  readonly volumes: ec2.IVolume[];

  /**
   * Identifier of the EC2 instance (the NFS file server) that the volumes are attached to.
   *
   * @default - the one instance that all of them are attached to, found at each run
   */
  readonly fileServerInstanceId?: string;

  /**
   * Freezes the file systems while the snapshots are begun. Needs `fileServerInstanceId`.
   *
   * @default - nothing is frozen: the snapshots are crash-consistent, which journaling file systems recover from
   */
  readonly freeze?: FileSystemFreeze;
}

/** Options of `SharedHome.ebsVolumesByTag`. */
export interface EbsSharedHomeByTagOptions {
  /** Key of the tag that the volumes carry. */
  readonly key: string;

  /** Its exact value. */
  readonly value: string;

  /**
   * Identifier of the EC2 instance (the NFS file server) that the volumes are attached to.
   *
   * @default - the one instance that all of them are attached to, found at each run
   */
  readonly fileServerInstanceId?: string;

  /**
   * Freezes the file systems while the snapshots are begun. Needs `fileServerInstanceId`.
   *
   * @default - nothing is frozen: the snapshots are crash-consistent, which journaling file systems recover from
   */
  readonly freeze?: FileSystemFreeze;
}

/** Options of `SharedHome.ebsOfInstance`. */
export interface EbsSharedHomeOfInstanceOptions {
  /** Identifier of the EC2 instance (the NFS file server, a Mesh node, a mirror). */
  readonly instanceId: string;

  /**
   * Freezes the file systems while the snapshots are begun.
   *
   * @default - nothing is frozen: the snapshots are crash-consistent, which journaling file systems recover from
   */
  readonly freeze?: FileSystemFreeze;
}

/** Options of `SharedHome.efs`. */
export interface EfsSharedHomeOptions {
  /** The file system. */
  readonly fileSystem: efs.IFileSystem;

  /** The vault of AWS Backup that its backups go to: EFS has no snapshots of its own. */
  readonly vault: backup.IBackupVault;

  /**
   * The role that AWS Backup works as.
   *
   * @default - one new role with the policy that AWS keeps for this, `AWSBackupServiceRolePolicyForBackup`
   */
  readonly role?: iam.IRole;
}

/** A home (the cluster's shared one, or that of a Mesh node or a mirror), and how its part of the backup is made. */
export abstract class SharedHome {
  /** EBS volumes, by their ids: their part of the backup is one multi-volume snapshot. */
  public static ebsVolumes(options: EbsSharedHomeOptions): SharedHome {
    return new EbsVolumes(options);
  }

  /** EBS volumes, by a tag: their part of the backup is one multi-volume snapshot of all that carry it at the time, and are attached. */
  public static ebsVolumesByTag(options: EbsSharedHomeByTagOptions): SharedHome {
    return new EbsVolumesByTag(options);
  }

  /** Every data volume of an EC2 instance, that is, all but the root volume: their part of the backup is one multi-volume snapshot. */
  public static ebsOfInstance(options: EbsSharedHomeOfInstanceOptions): SharedHome {
    return new EbsOfInstance(options);
  }

  /**
   * A file system of Amazon EFS: its part of the backup is a recovery point of AWS Backup.
   *
   * **Note:** Atlassian advises against EFS for Bitbucket, and its backup is no snapshot of one moment: each upgrade warns of it.
   */
  public static efs(options: EfsSharedHomeOptions): SharedHome {
    return new Efs(options);
  }

  /** Binds the strategy to the upgrade that uses it. What the native part needs is made when the part's tasks are read. */
  public abstract bind(scope: Construct, part: BackupPartName): SharedHomeConfig;
}

/** ARN of a resource of EC2, in the stack's region and account. */
function ec2Arn(scope: Construct, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
}

/** The strategies of EBS volumes differ in which volumes they take, and in what AWS Backup would. */
function ebsConfig(
  scope: Construct,
  name: BackupPartName,
  props: EbsPartProps,
  found: Pick<SharedHomeConfig, 'resourceArns' | 'problems'>,
): SharedHomeConfig {
  const { instanceId, freeze } = props;
  return {
    part: ebsPart(scope, name, props),
    resourceArns: found.resourceArns,
    freezes: freeze !== undefined,
    problems: [...instanceProblems(name, instanceId), ...found.problems, ...freezeProblems(name, instanceId, freeze)],
    warnings: [],
  };
}

class EbsVolumes extends SharedHome {
  public constructor(private readonly options: EbsSharedHomeOptions) {
    super();
  }

  public bind(scope: Construct, name: BackupPartName): SharedHomeConfig {
    const { volumes, fileServerInstanceId: instanceId = '', freeze } = this.options;
    const ids = volumes.map((volume) => volume.volumeId);
    const problems = volumes.flatMap((volume) => elsewhere(scope, `${propOf(name)}: volume '${volume.volumeId}'`, volume));
    const found = {
      resourceArns: ids.map((id) => ec2Arn(scope, 'volume', id)),
      problems: [...volumeProblems(name, ids), ...problems],
    };
    return ebsConfig(scope, name, { instanceId, volumes: { ids }, freeze }, found);
  }
}

class EbsVolumesByTag extends SharedHome {
  public constructor(private readonly options: EbsSharedHomeByTagOptions) {
    super();
  }

  public bind(scope: Construct, name: BackupPartName): SharedHomeConfig {
    const { key, value, fileServerInstanceId: instanceId = '', freeze } = this.options;
    const found = { resourceArns: [], problems: tagProblems(name, key, value) };
    return ebsConfig(scope, name, { instanceId, volumes: { tag: { key, value } }, freeze }, found);
  }
}

class EbsOfInstance extends SharedHome {
  public constructor(private readonly options: EbsSharedHomeOfInstanceOptions) {
    super();
  }

  public bind(scope: Construct, name: BackupPartName): SharedHomeConfig {
    const { instanceId, freeze } = this.options;
    // AWS Backup of an instance is crash-consistent across its volumes: https://docs.aws.amazon.com/aws-backup/latest/devguide/multi-volume-crash-consistent.html
    const found = { resourceArns: [ec2Arn(scope, 'instance', instanceId)], problems: [] };
    return ebsConfig(scope, name, { instanceId, volumes: 'data', freeze }, found);
  }
}

/** https://community.atlassian.com/t5/Bitbucket-questions/Bitbucket-Server-and-Amazon-EFS/qaq-p/1250293, https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html */
const EFS_WARNING =
  'is on EFS: Atlassian advises against it, since each of the many small file operations of git pays its latency; and AWS Backup copies EFS file by file, so the backup is not of one moment';

class Efs extends SharedHome {
  public constructor(private readonly options: EfsSharedHomeOptions) {
    super();
  }

  public bind(scope: Construct, name: BackupPartName): SharedHomeConfig {
    const { fileSystem, vault, role } = this.options;
    const { fileSystemId } = fileSystem;
    // Formatted here: the attribute of a file system of the same stack does not show that it is one.
    const resourceArns = [Stack.of(scope).formatArn({ service: 'elasticfilesystem', resource: 'file-system', resourceName: fileSystemId })];
    const what = propOf(name);
    return {
      part: awsBackupPart(scope, name, { vault, role, resourceArns, deleteAfterDays: 0, coldStorageAfterDays: 0 }),
      resourceArns,
      problems: [
        ...elsewhere(scope, `${what}: file system '${fileSystemId}'`, fileSystem),
        ...elsewhere(scope, `${what}: vault '${vault.backupVaultName}'`, vault),
      ],
      warnings: [`${name.title} ${EFS_WARNING}`],
    };
  }
}
