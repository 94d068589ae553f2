import type { Clock, Connections, Guests, Journal, Network, Random } from '../../kernel/ports';
import type { Timing } from './timing.js';

/** What the services ask the rest of the world; set once the world is complete. */
export interface Surroundings {
  readonly guests: Guests;
  readonly network: Network;
  readonly connections: Connections;
}

/** Things that a read may not show for a while after they were made. */
export type Fresh = 'instance' | 'snapshot' | 'launch-template-version';

/** What tests and faults may change about the account's behaviour. Each has a harmless default. */
export interface CloudHooks {
  /** How a snapshot of this volume, DB instance or DB cluster, or AWS Backup's job of this resource, will end; default `completed`. */
  readonly snapshotEnds?: (source: string) => 'completed' | 'error';
  /** Whether the request to snapshot this volume is refused with `SnapshotCreationPerVolumeRateExceeded`; default no. */
  readonly snapshotRateExceeded?: (volumeId: string) => boolean;
  /** The status that RDS shows for this DB instance or cluster now (`backing-up`, `modifying`); default: its own. No snapshot is begun unless it is `available`. */
  readonly databaseStatus?: (id: string) => string | undefined;
  /** What goes wrong with AWS Backup's job of this resource: it never starts and expires, or it ends with a part only; default nothing. */
  readonly backupJob?: (resourceId: string) => 'never-starts' | 'partial' | undefined;
  /** Whether the access policy of a backup vault denies an action (`backup:StartBackupJob`); default no. */
  readonly vaultDenies?: (vaultName: string, action: string) => boolean;
  /** What goes wrong with a command that is sent to an instance with these parameters; default nothing. */
  readonly command?: (instanceId: string, parameters: Readonly<Record<string, readonly string[]>>) => 'never-starts' | 'fails' | undefined;
  /**
   * Milliseconds for which a new thing is not yet seen by reads; default 0.
   * https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html
   */
  readonly unseenFor?: (what: Fresh) => number;
  /** The value of an SSM parameter, for images named `resolve:ssm:NAME`; default: none exists. */
  readonly resolveParameter?: (name: string) => string | undefined;
  /** Why EC2 refuses to launch an instance now (`InsufficientInstanceCapacity`, say); default: it does not. */
  readonly launchRefused?: (availabilityZone: string) => { readonly code: string; readonly message: string } | undefined;
}

/** The parts that every service of the simulated account shares. */
export class Account {
  private around: Surroundings | undefined;

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly journal: Journal,
    readonly region: string,
    readonly id: string,
    readonly timing: Timing,
    readonly hooks: CloudHooks,
  ) {}

  connect(surroundings: Surroundings): void {
    this.around = surroundings;
  }

  /** The rest of the world; an error when the world was started before it was connected. */
  get surroundings(): Surroundings {
    if (this.around === undefined)
      throw new Error('The simulated cloud is not connected: call cloud.connect({guests, network, connections}) first.');
    return this.around;
  }

  /** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE` */
  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.id}:${resource}`;
  }

  /** ARN of a resource that belongs to no account in its ARN: images and snapshots. */
  publicArn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}::${resource}`;
  }

  /** Whether reads see what was made at `since`. */
  sees(what: Fresh, since: number): boolean {
    return this.clock.now() - since >= (this.hooks.unseenFor?.(what) ?? 0);
  }
}

/** `length` hexadecimal digits. */
export const hex = (random: Random, length: number): string => Array.from({ length }, () => random.integer(0, 15).toString(16)).join('');

/** A UUID in form; unique for all practical purposes. */
export const uuid = (random: Random): string => [8, 4, 4, 4, 12].map((length) => hex(random, length)).join('-');
