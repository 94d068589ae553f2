import type { Instance } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { hex } from '../account/account';
import { draw } from '../account/timing';
import type { Subnet } from './addresses';
import { Addresses } from './addresses';
import type { Images } from './images';

/** An EC2 instance with what EC2 tells of it. */
export interface Ec2Instance extends Instance {
  readonly instanceType: string;
  readonly instanceProfileArn?: string;
  readonly securityGroupIds: readonly string[];
  /** Whether Systems Manager's agent runs on it and is registered. */
  readonly managed: boolean;
  /** Why it is not running any more, as `StateReason` tells. */
  stateReason?: { readonly code: string; readonly message: string };
  terminatedAt?: number;
}

/** What an instance is launched with. */
export interface LaunchRequest {
  readonly imageId: string;
  readonly subnet: Subnet;
  readonly instanceType: string;
  readonly launchTemplateId?: string;
  readonly launchTemplateVersion?: string;
  readonly instanceProfileArn?: string;
  readonly securityGroupIds?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Default true. */
  readonly managed?: boolean;
  /** Fixed values for an instance of the scenario. */
  readonly id?: string;
  readonly privateIp?: string;
}

/** A terminated instance stays visible for about an hour: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-termination-works.html */
const VISIBLE_AFTER_TERMINATION = 60 * 60 * 1000;

/**
 * The account's instances and their life: pending, running, shutting-down, terminated. Nobody stops instances here.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
 */
export class Instances {
  private readonly instances = new Map<string, Ec2Instance>();
  private readonly listeners: ((instance: Ec2Instance) => void)[] = [];
  private readonly addresses = new Addresses();

  constructor(
    private readonly account: Account,
    private readonly images: Images,
  ) {}

  /** Tells of each change of an instance's state. */
  onChange(listener: (instance: Ec2Instance) => void): void {
    this.listeners.push(listener);
  }

  /** Every instance that ever was, oldest first. */
  all(): readonly Ec2Instance[] {
    return [...this.instances.values()];
  }

  /** What the API shows. */
  visible(): Ec2Instance[] {
    const now = this.account.clock.now();
    return this.all().filter(
      (instance) =>
        (instance.terminatedAt === undefined || now - instance.terminatedAt < VISIBLE_AFTER_TERMINATION) &&
        this.account.sees('instance', instance.launchedAt),
    );
  }

  find(id: string): Ec2Instance | undefined {
    return this.instances.get(id);
  }

  get(id: string): Ec2Instance {
    const instance = this.instances.get(id);
    if (instance === undefined) throw unknownInstances([id]);
    return instance;
  }

  /** Launches an instance: `pending` at once, `running` after a while. Errors: the image cannot be launched, or EC2 has no capacity (hook). */
  launch(request: LaunchRequest): Ec2Instance {
    const refused = this.account.hooks.launchRefused?.(request.subnet.availabilityZone);
    if (refused !== undefined) throw new AwsError(refused.code, refused.message, 500);
    this.images.launchable(request.imageId);
    const instance = this.create(request, this.account.clock.now(), 'pending');
    this.changed(instance);
    this.account.clock.after(draw(this.account.random, this.account.timing.instanceStarts), () => {
      if (instance.state !== 'pending') return;
      instance.state = 'running';
      this.changed(instance);
      this.account.surroundings.guests.started(instance);
    });
    return instance;
  }

  /** An instance that has been running since `launchedAt`. The guests are not told: what runs on it is the scenario's to say. */
  place(request: LaunchRequest, launchedAt: number): Ec2Instance {
    return this.create(request, launchedAt, 'running');
  }

  /**
   * Terminates an instance: the operating system is told to shut down, so its services stop in order. Terminating twice is no error.
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ec2-instance-termination-works.html
   */
  terminate(id: string): Ec2Instance {
    const reason = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
    return this.end(this.get(id), false, reason);
  }

  /** The instance dies without a word, as with its hardware. Errors: no such instance. */
  kill(id: string): Ec2Instance {
    return this.end(this.get(id), true, { code: 'Server.InternalError', message: 'Server.InternalError: Internal error' });
  }

  private end(instance: Ec2Instance, abrupt: boolean, reason: { code: string; message: string }): Ec2Instance {
    if (instance.state === 'shutting-down' || instance.state === 'terminated') return instance;
    const booted = instance.state === 'running';
    instance.state = 'shutting-down';
    instance.stateReason = reason;
    this.changed(instance, abrupt);
    if (booted) this.account.surroundings.guests.stopped(instance, abrupt);
    const { instanceVanishes, instanceTerminates } = this.account.timing;
    this.account.clock.after(draw(this.account.random, abrupt ? instanceVanishes : instanceTerminates), () => {
      instance.state = 'terminated';
      instance.terminatedAt = this.account.clock.now();
      this.changed(instance);
    });
    return instance;
  }

  private create(request: LaunchRequest, launchedAt: number, state: Ec2Instance['state']): Ec2Instance {
    const instance: Ec2Instance = {
      id: request.id ?? `i-0${hex(this.account.random, 16)}`,
      privateIp: request.privateIp ?? this.addresses.next(request.subnet.id),
      availabilityZone: request.subnet.availabilityZone,
      subnetId: request.subnet.id,
      imageId: request.imageId,
      instanceType: request.instanceType,
      launchTemplateId: request.launchTemplateId ?? '',
      launchTemplateVersion: request.launchTemplateVersion ?? '',
      ...(request.instanceProfileArn !== undefined && { instanceProfileArn: request.instanceProfileArn }),
      securityGroupIds: request.securityGroupIds ?? [],
      managed: request.managed ?? true,
      launchedAt,
      state,
      tags: { ...request.tags },
    };
    this.instances.set(instance.id, instance);
    return instance;
  }

  private changed(instance: Ec2Instance, abrupt?: boolean): void {
    const { id, state, imageId, privateIp } = instance;
    this.account.journal.record({ kind: 'instance', id, change: state, imageId, privateIp, ...(abrupt && { abrupt }) });
    for (const listener of this.listeners) listener(instance);
  }
}

/** The error that EC2 answers when instances do not exist. */
export const unknownInstances = (ids: readonly string[]): AwsError =>
  new AwsError(
    'InvalidInstanceID.NotFound',
    ids.length === 1 ? `The instance ID '${ids[0] ?? ''}' does not exist` : `The instance IDs '${ids.join(', ')}' do not exist`,
  );
