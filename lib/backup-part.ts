import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * The four functions of a part of the backup. Each may be called again with the same payload at any time, and then finds what it did
 * before. What goes in and comes out: `docs/architecture.md`, "The backup".
 */
export interface BackupPartTasks {
  /**
   * Looks at the source and lists this cluster's backups of it, and changes nothing.
   *
   * Input: `{part, clusterName}`. Result: `{part, problems, warnings, ready, detail, backups}`.
   */
  readonly observe: lambda.IFunction;

  /**
   * Begins the backup, under the id that the plan says, with the tags of this project.
   *
   * Input: `{part, plan}`, again with `since`. Result: `{verdict, waitSeconds, since, detail, backup}`.
   */
  readonly start: lambda.IFunction;

  /**
   * Looks how far the backup is, and verifies it once it is complete.
   *
   * Input: `{part, plan, backup, since}`. Result: `{verdict, waitSeconds, since, detail, backup}`.
   */
  readonly look: lambda.IFunction;

  /**
   * Marks backups as those of a finished upgrade, and deletes others: exactly those of this cluster with the ids that it is given.
   *
   * Input: `{part, clusterName, mark, discard}`, again with `since`. Result: `{verdict, waitSeconds, since, detail}`.
   */
  readonly tidy: lambda.IFunction;
}

/** One part of the backup: the database, the shared home, or another home. */
export interface BackupPartConfig {
  /** Identifies the part among those of the backup, and in the tags of what is made: `database`. */
  readonly name: string;

  /** How state names and messages call it: `the database`. At most 40 characters. */
  readonly title: string;

  /** The functions of the part. */
  readonly tasks: BackupPartTasks;

  /** Handed to each of the functions as `part.specification`: an object that can be written as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jsii knows no `unknown`: this is how it says "any JSON"
  readonly specification: any;
}

/** How a part of the backup is named. */
export interface BackupPartName {
  /** Identifies the part: `shared-home`. */
  readonly name: string;

  /** How state names and messages call it: `the shared home`. */
  readonly title: string;
}
