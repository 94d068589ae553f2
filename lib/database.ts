import { ArnFormat, Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import type { BackupPartConfig } from './backup-part';
import { rdsPart } from './parts/rds-part';
import { elsewhere } from './private/elsewhere';

/** What a {@link Database} strategy comes to. */
export interface DatabaseConfig {
  /** Its native part of the backup: snapshots of its own kind. */
  readonly part: BackupPartConfig;

  /** ARNs of what AWS Backup would take instead. */
  readonly resourceArns: string[];

  /** What is wrong with the strategy's arguments; empty when nothing is. */
  readonly problems: string[];

  /** What speaks against it, though it is allowed: told before each upgrade. */
  readonly warnings: string[];
}

/** Options of a {@link Database} strategy. */
export interface DatabaseOptions {
  /**
   * The customer managed key that the database is encrypted with. RDS acts for whoever makes a snapshot, so the task that does is let make
   * grants on the key, through RDS only. The key's policy must let IAM policies of the account allow that, as it does by default.
   *
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
   *
   * @default - the database is not encrypted, or with the key that AWS manages
   */
  readonly encryptionKey?: kms.IKey;
}

/** The cluster's database, and how its part of the backup is made. */
export abstract class Database {
  /** A DB instance of Amazon RDS: its part of the backup is a DB snapshot. */
  public static rdsInstance(instance: rds.IDatabaseInstance, options: DatabaseOptions = {}): Database {
    return new RdsDatabase('instance', instance.instanceIdentifier, instance, options);
  }

  /** A cluster of Amazon Aurora: its part of the backup is a DB cluster snapshot. */
  public static auroraCluster(cluster: rds.IDatabaseCluster, options: DatabaseOptions = {}): Database {
    return new RdsDatabase('cluster', cluster.clusterIdentifier, cluster, options);
  }

  /** Binds the strategy to the upgrade that uses it. What the native part needs is made when the part's tasks are read. */
  public abstract bind(scope: Construct): DatabaseConfig;
}

class RdsDatabase extends Database {
  public constructor(
    private readonly kind: 'instance' | 'cluster',
    private readonly identifier: string,
    private readonly resource: rds.IDatabaseInstance | rds.IDatabaseCluster,
    private readonly options: DatabaseOptions,
  ) {
    super();
  }

  public bind(scope: Construct): DatabaseConfig {
    const { kind, identifier: id } = this;
    // Formatted here: the attribute may be a reference that does not show what it names.
    const resource = kind === 'instance' ? 'db' : 'cluster';
    const arn = Stack.of(scope).formatArn({ service: 'rds', resource, resourceName: id, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    return {
      part: rdsPart(scope, { kind, id, arn, encryptionKey: this.options.encryptionKey }),
      resourceArns: [arn],
      problems: elsewhere(scope, `database: '${id}'`, this.resource),
      warnings: [],
    };
  }
}
