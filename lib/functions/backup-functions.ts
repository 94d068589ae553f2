import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { BackupPartTasks } from '../backup-part';
import type { BackupTaskName } from '../contract/tasks';
import { acknowledgeManagedPolicy } from '../private/acknowledge';
import { pascalCase } from '../private/pascal-case';
import { letUseKeyThrough } from './keys';
import type { Permission } from './permission';
import { TaskFunction } from './task-function';

/** What the permissions of the backup's tasks name. All of them are parts of ARNs, maybe with tokens. */
export interface BackupTargets {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** Name of the Auto Scaling group: the value of the tag that says whose backup it is. */
  readonly clusterName: string;
}

/** Properties of {@link BackupFunctions}. */
export interface BackupFunctionsProps {
  readonly clusterName: string;
  readonly logRetention: logs.RetentionDays;
  readonly encryptionKey?: kms.IKey;
}

/** What one task of a part may call. */
export interface PartTask {
  readonly task: BackupTaskName;
  readonly permissions: readonly Permission[];
}

const ROLE_ID = 'BackupRole';

/**
 * The Lambda tasks of the backup, made on demand: one function a task, whatever the number of parts that use it, which may call what any of
 * these parts needs. It is the scope that the strategies are bound in, and exists before they are.
 */
export class BackupFunctions extends Construct {
  /**
   * The functions of the upgrade that a strategy is bound in.
   *
   * @throws when `scope` is not one that a strategy was handed
   */
  public static of(scope: Construct): BackupFunctions {
    const found = [...scope.node.scopes].reverse().find((candidate) => candidate instanceof BackupFunctions);
    if (!found) throw new Error(`${scope.node.path}: a backup strategy must be bound in the scope that it is handed, or below it`);
    return found;
  }

  /** What permissions name. */
  public readonly targets: BackupTargets;

  private readonly made = new Map<BackupTaskName, TaskFunction>();
  private readonly allowed = new Set<string>();
  private environmentOf: (task: BackupTaskName) => Readonly<Record<string, string>> = () => ({});

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: BackupFunctionsProps,
  ) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    this.targets = { partition, region, account, clusterName: props.clusterName };
  }

  /** The four functions of a part; each may call what the part needs from now on. */
  public tasks(needs: Readonly<Record<keyof BackupPartTasks, PartTask>>): BackupPartTasks {
    const functionOf = ({ task, permissions }: PartTask) => {
      for (const permission of permissions) this.allow(task, permission);
      return this.of(task).function;
    };
    return {
      observe: functionOf(needs.observe),
      start: functionOf(needs.start),
      look: functionOf(needs.look),
      tidy: functionOf(needs.tidy),
    };
  }

  /** Lets a task use a key, through one service. */
  public letUseKey(task: BackupTaskName, service: string, key: kms.IKey, actions: readonly string[]): void {
    letUseKeyThrough(service, this.of(task).role, key, actions);
  }

  /** The role that AWS Backup works as, when none was given: one for all parts. */
  public backupRole(): iam.IRole {
    const existing = this.node.tryFindChild(ROLE_ID);
    if (existing instanceof iam.Role) return existing;
    const role = new iam.Role(this, ROLE_ID, {
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
      description: 'AWS Backup works as this role for the backup before a Bitbucket rolling upgrade',
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBackupServiceRolePolicyForBackup')],
    });
    acknowledgeManagedPolicy(
      role,
      'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup',
      'AWS keeps this policy as its backup service needs it; give a role of your own for a narrower one',
    );
    return role;
  }

  /** Tells every function, those that are made later too, what the run-time side needs to know. */
  public tell(environmentOf: (task: BackupTaskName) => Readonly<Record<string, string>>): void {
    this.environmentOf = environmentOf;
    for (const [task, { function: made }] of this.made) {
      for (const [name, value] of Object.entries(environmentOf(task))) made.addEnvironment(name, value);
    }
  }

  private of(task: BackupTaskName): TaskFunction {
    const existing = this.made.get(task);
    if (existing) return existing;
    const { logRetention, encryptionKey } = this.props;
    const made = new TaskFunction(this, pascalCase(task), {
      task,
      environment: { ...this.environmentOf(task) },
      permissions: [],
      logRetention,
      encryptionKey,
    });
    this.made.set(task, made);
    return made;
  }

  /** Parts of one kind need much of the same: that is allowed once. */
  private allow(task: BackupTaskName, permission: Permission): void {
    const key = JSON.stringify([task, Stack.of(this).resolve(permission)]);
    if (this.allowed.has(key)) return;
    this.allowed.add(key);
    this.of(task).allow(permission);
  }
}
