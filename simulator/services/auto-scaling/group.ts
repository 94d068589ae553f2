import type { InstanceRefresh, LaunchTemplateSpecification, LifecycleHook, MixedInstancesPolicy } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../kernel/ports';
import type { Timer } from '../../kernel/ports';
import type { Subnet } from '../ec2/addresses';
import type { Ec2Instance } from '../ec2/instances';
import type { Activity } from './activities';
import type { ScheduledAction, WarmPool } from './planned';

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
export const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const;
export type ScalingProcess = (typeof PROCESSES)[number];

/** The states without lifecycle hooks and warm pools: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
export type LifecycleState = 'Pending' | 'InService' | 'EnteringStandby' | 'Standby' | 'Terminating';

/** An instance that belongs to the group. */
export interface Member {
  readonly id: string;
  readonly instance: Ec2Instance;
  readonly launchTemplate: { readonly id: string; readonly name: string; readonly version: string };
  state: LifecycleState;
  health: 'Healthy' | 'Unhealthy';
  /** Why it is unhealthy, for the activity's cause. */
  unhealthyBecause?: string;
  protectedFromScaleIn: boolean;
  /** When it came into service last; the grace period counts from here. */
  inServiceSince: number;
  /** The activity that its present change of state belongs to. */
  activity?: Activity;
}

export interface GroupTag {
  readonly value: string;
  readonly propagate: boolean;
}

/** What has to be said of a group; the rest has the defaults of AWS. */
export interface GroupProps {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** One of the two. `Version`: a number, `$Latest` or `$Default`. */
  readonly launchTemplate?: LaunchTemplateSpecification;
  readonly mixedInstancesPolicy?: MixedInstancesPolicy;
  readonly subnets: readonly Subnet[];
  readonly targetGroupArns?: readonly string[];
  readonly healthCheckType?: 'EC2' | 'ELB';
  /** Seconds; default 0, as the API's. */
  readonly healthCheckGracePeriod?: number;
  readonly suspendedProcesses?: readonly ScalingProcess[];
  readonly tags?: Readonly<Record<string, GroupTag>>;
  readonly defaultCooldown?: number;
  readonly newInstancesProtectedFromScaleIn?: boolean;
  readonly terminationPolicies?: readonly string[];
  readonly instanceRefreshes?: readonly InstanceRefresh[];
  readonly lifecycleHooks?: readonly LifecycleHook[];
  readonly warmPool?: WarmPool;
  /** Seconds after which an instance is replaced; default none. The replacement itself is not modelled. */
  readonly maxInstanceLifetime?: number;
  /** How many seconds each launch took that the members of the beginning came from; default: those launches are told no more. */
  readonly pastLaunchSeconds?: readonly number[];
}

/** An Auto Scaling group: what it is set to, and its members. Its behaviour is elsewhere. */
export class Group {
  readonly name: string;
  min: number;
  max: number;
  desired: number;
  launchTemplate: LaunchTemplateSpecification | undefined;
  mixedInstancesPolicy: MixedInstancesPolicy | undefined;
  readonly subnets: readonly Subnet[];
  readonly targetGroupArns: readonly string[];
  healthCheckType: string;
  healthCheckGracePeriod: number;
  defaultCooldown: number;
  newInstancesProtectedFromScaleIn: boolean;
  terminationPolicies: readonly string[];
  readonly suspended: Set<ScalingProcess>;
  readonly tags: Map<string, GroupTag>;
  readonly members = new Map<string, Member>();
  readonly activities: Activity[] = [];
  instanceRefreshes: readonly InstanceRefresh[];
  lifecycleHooks: readonly LifecycleHook[];
  warmPool: WarmPool | undefined;
  maxInstanceLifetime: number | undefined;
  /** Still to come, in the order in which they were made. */
  readonly scheduledActions: ScheduledAction[] = [];
  /** Why the sizes are as they are: the beginning of each activity's cause. */
  lastChange = '';
  /** While zones are rebalanced, the new instance: until it is in service the group is one above its desired capacity. */
  rebalancing: string | undefined;
  /** After a failed launch: no other one before. */
  launchNotBefore = 0;
  readonly timers: { reconcile?: Timer | undefined; rebalance?: Timer | undefined } = {};

  constructor(
    props: GroupProps,
    readonly arn: string,
    readonly createdAt: number,
  ) {
    this.name = props.name;
    this.min = props.min;
    this.max = props.max;
    this.desired = props.desired;
    this.launchTemplate = props.launchTemplate;
    this.mixedInstancesPolicy = props.mixedInstancesPolicy;
    this.subnets = props.subnets;
    this.targetGroupArns = props.targetGroupArns ?? [];
    this.healthCheckType = props.healthCheckType ?? 'EC2';
    this.healthCheckGracePeriod = props.healthCheckGracePeriod ?? 0;
    this.defaultCooldown = props.defaultCooldown ?? 300;
    this.newInstancesProtectedFromScaleIn = props.newInstancesProtectedFromScaleIn ?? false;
    this.terminationPolicies = props.terminationPolicies ?? ['Default'];
    this.suspended = new Set(props.suspendedProcesses ?? []);
    this.tags = new Map(Object.entries(props.tags ?? {}));
    this.instanceRefreshes = props.instanceRefreshes ?? [];
    this.lifecycleHooks = props.lifecycleHooks ?? [];
    this.warmPool = props.warmPool;
    this.maxInstanceLifetime = props.maxInstanceLifetime;
  }

  /** What counts against the desired capacity: not what leaves, and not what stands by. */
  counted(): Member[] {
    return this.in('Pending', 'InService');
  }

  in(...states: readonly LifecycleState[]): Member[] {
    return [...this.members.values()].filter(({ state }) => states.includes(state));
  }

  runs(process: ScalingProcess): boolean {
    return !this.suspended.has(process);
  }

  get zones(): string[] {
    return [...new Set(this.subnets.map(({ availabilityZone }) => availabilityZone))];
  }

  /** The launch template in effect. Of a mixed-instances policy the first override is launched, as with a prioritized allocation. */
  launches(): { spec: LaunchTemplateSpecification; instanceType?: string | undefined; imageId?: string | undefined } {
    const policy = this.mixedInstancesPolicy?.LaunchTemplate;
    const override = policy?.Overrides?.[0];
    const spec = override?.LaunchTemplateSpecification ?? policy?.LaunchTemplateSpecification ?? this.launchTemplate;
    if (spec === undefined) throw new AwsError('ValidationError', `The Auto Scaling group ${this.name} has no launch template.`);
    return { spec, instanceType: override?.InstanceType, imageId: override?.ImageId };
  }

  /** The member; errors as Auto Scaling answers them. */
  member(id: string): Member {
    const member = this.members.get(id);
    if (member === undefined) throw new AwsError('ValidationError', `The instance ${id} is not part of Auto Scaling group ${this.name}.`);
    return member;
  }
}
