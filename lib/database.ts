import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';

/** What a {@link Database} strategy comes to. */
export interface DatabaseConfig {
  /** Identifier of the DB instance. */
  readonly instanceIdentifier: string;

  /** ARN of the DB instance. */
  readonly instanceArn: string;
}

/** The cluster's database, and how its part of the backup pair is made. */
export abstract class Database {
  /** A DB instance of Amazon RDS: its part of the backup pair is a DB snapshot. */
  public static rdsInstance(instance: rds.IDatabaseInstance): Database {
    return new RdsInstance(instance);
  }

  /** Binds the strategy to the upgrade that uses it. */
  public abstract bind(scope: Construct): DatabaseConfig;
}

class RdsInstance extends Database {
  public constructor(private readonly instance: rds.IDatabaseInstance) {
    super();
  }

  public bind(): DatabaseConfig {
    return { instanceIdentifier: this.instance.instanceIdentifier, instanceArn: this.instance.instanceArn };
  }
}
