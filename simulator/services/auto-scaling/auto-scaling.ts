import { AwsError } from '../../kernel/ports';
import type { Account } from '../account/account';
import { uuid } from '../account/account';
import type { Ec2 } from '../ec2/ec2';
import type { Ec2Instance } from '../ec2/instances';
import type { Elbv2 } from '../elbv2/elbv2';
import type { Activity } from './activities';
import { Activities, timestamp } from './activities';
import type { Sizes } from './capacity';
import { afterEnteringStandby, afterExitingStandby, afterTerminating, updatedSizes, withDesired } from './capacity';
import type { GroupProps, Member, ScalingProcess } from './group';
import { Group } from './group';
import { HealthChecks } from './health';
import { Lifecycle } from './lifecycle';
import type { ScheduledAction } from './planned';
import { Reconciler } from './reconciler';
import { GroupTargets } from './target-groups';

/**
 * AWS does not say how terminating an instance in Standby through the group counts.
 * `not-counted`: it is not in service, so nothing takes its place. `counted`: as of any instance, a replacement is launched, which makes one too
 * many for a while.
 */
export type TerminateInStandby = 'not-counted' | 'counted';

/** The account's Auto Scaling groups and what is done with them. Errors are those of the API. */
export class AutoScaling {
  readonly activities: Activities;
  readonly health: HealthChecks;
  private readonly reconciler: Reconciler;
  private readonly lifecycle: Lifecycle;
  private readonly groups = new Map<string, Group>();

  constructor(
    readonly account: Account,
    readonly ec2: Ec2,
    elbv2: Elbv2,
    private readonly terminateInStandby: TerminateInStandby,
  ) {
    const targets = new GroupTargets(elbv2);
    this.activities = new Activities(account);
    this.health = new HealthChecks(account, targets, (group) => {
      this.reconciler.poke(group);
    });
    this.lifecycle = new Lifecycle(account, ec2, targets, this.activities, (group, member) => {
      if (member.state === 'InService') this.health.notice(group, member);
      this.reconciler.poke(group);
    });
    this.reconciler = new Reconciler(account, this.lifecycle);
    ec2.instances.onChange((instance) => {
      this.instanceChanged(instance);
    });
    elbv2.onChange((targetGroup, instanceId) => {
      const group = this.groupOf(instanceId);
      const member = group?.members.get(instanceId);
      if (group !== undefined && member?.state === 'InService' && targetGroup.health(instanceId).state === 'unhealthy')
        this.health.notice(group, member);
    });
  }

  /** A group with its desired number of instances, in service and healthy since long ago. */
  add(props: GroupProps): Group {
    const { clock, random } = this.account;
    const sizes = updatedSizes(props, props);
    const arn = this.account.arn('autoscaling', `autoScalingGroup:${uuid(random)}:autoScalingGroupName/${props.name}`);
    const group = new Group({ ...props, ...sizes }, arn, clock.now());
    this.groups.set(group.name, group);
    for (let index = 0; index < group.desired; index += 1) {
      const subnet = group.subnets[index % group.subnets.length];
      if (subnet === undefined) throw new Error(`The group ${group.name} has no subnet.`);
      const age = random.integer(20 * 24 * 60, 30 * 24 * 60) * 60 * 1000;
      const member = this.lifecycle.place(group, subnet, clock.now() - age);
      const seconds = props.pastLaunchSeconds?.[index];
      if (seconds !== undefined) this.activities.past(group, member.id, subnet.availabilityZone, clock.now() - age, seconds);
    }
    return group;
  }

  all(): readonly Group[] {
    return [...this.groups.values()];
  }

  find(name: string | undefined): Group | undefined {
    return this.groups.get(name ?? '');
  }

  get(name: string | undefined): Group {
    const group = this.find(name);
    if (group === undefined)
      throw new AwsError('ValidationError', `AutoScalingGroup name not found - AutoScalingGroup: ${name ?? ''} not found`);
    return group;
  }

  /** The group that the instance belongs to. */
  groupOf(instanceId: string): Group | undefined {
    return this.all().find((group) => group.members.has(instanceId));
  }

  /** Changes the sizes, by the caller's `change` when it is allowed; `why` begins the causes of what follows. */
  resize(group: Group, change: Partial<Sizes>, why: string): void {
    this.setSizes(group, updatedSizes(group, change), why);
  }

  setDesired(group: Group, desired: number, why = 'a user request explicitly set group desired capacity'): void {
    this.setSizes(group, withDesired(group, desired), why);
  }

  /** A one-time scheduled action: listed until its time, and then gone. */
  schedule(group: Group, action: ScheduledAction): void {
    group.scheduledActions.push(action);
    this.account.clock.at(action.time, () => {
      group.scheduledActions.splice(group.scheduledActions.indexOf(action), 1);
      this.automatic(group, 'ScheduledActions', action.desired);
    });
  }

  /** A scheduled action or an alarm wants another capacity; it is ignored while its process is suspended, and kept within the bounds. */
  automatic(group: Group, process: 'ScheduledActions' | 'AlarmNotification', desired: number): void {
    if (!group.runs(process)) return;
    const within = Math.min(Math.max(desired, group.min), group.max);
    this.setSizes(
      group,
      { ...onlySizes(group), desired: within },
      process === 'ScheduledActions' ? 'a scheduled action' : 'a monitor alarm',
    );
  }

  enterStandby(group: Group, ids: readonly string[], decrement: boolean): Activity[] {
    const members = ids.map((id) => this.memberIn(group, id, 'InService'));
    const before = group.desired;
    Object.assign(group, onlySizes(afterEnteringStandby(group.name, group, members.length, decrement)));
    const shrinking = decrement ? `, shrinking the capacity from ${before} to ${group.desired}` : '';
    const moved = members.map((member) => {
      const cause = `At ${this.now()} instance ${member.id} was moved to standby in response to a user request${shrinking}.`;
      this.lifecycle.enterStandby(group, member, cause);
      return member.activity;
    });
    this.reconciler.poke(group);
    return moved.filter((activity) => activity !== undefined);
  }

  exitStandby(group: Group, ids: readonly string[]): Activity[] {
    const members = ids.map((id) => this.memberIn(group, id, 'Standby'));
    const before = group.desired;
    Object.assign(group, onlySizes(afterExitingStandby(group.name, group, members.length)));
    const moved = members.map((member) => {
      const increasing = `increasing the capacity from ${before} to ${group.desired}`;
      const cause = `At ${this.now()} instance ${member.id} was moved out of standby in response to a user request, ${increasing}.`;
      this.lifecycle.exitStandby(group, member, cause);
      this.health.notice(group, member);
      return member.activity;
    });
    this.reconciler.poke(group);
    return moved.filter((activity) => activity !== undefined);
  }

  terminate(instanceId: string, decrement: boolean): Activity {
    const group = this.groupOf(instanceId);
    if (group === undefined)
      throw new AwsError('ValidationError', `Instance Id not found - No managed instance found for instance ID: ${instanceId}`);
    const member = group.member(instanceId);
    if (member.state === 'Terminating')
      throw new AwsError(
        'ScalingActivityInProgress',
        `The instance ${instanceId} is already being terminated by activity ${member.activity?.id ?? ''}.`,
      );
    const stoodBy = member.state === 'Standby' || member.state === 'EnteringStandby';
    Object.assign(group, onlySizes(afterTerminating(group, decrement)));
    this.lifecycle.terminate(
      group,
      member,
      `At ${this.now()} instance ${instanceId} was taken out of service in response to a user request.`,
    );
    if (stoodBy && !decrement && this.terminateInStandby === 'counted' && group.runs('Launch'))
      this.reconciler.launchOne(group, 'an instance was started in response to a terminated instance.');
    this.reconciler.poke(group);
    if (member.activity === undefined) throw new Error(`Terminating ${instanceId} has no activity.`);
    return member.activity;
  }

  suspend(group: Group, processes: readonly ScalingProcess[]): void {
    for (const process of processes) group.suspended.add(process);
  }

  /** What waited for a process is done now: missing instances are launched, unhealthy ones replaced. */
  resume(group: Group, processes: readonly ScalingProcess[]): void {
    for (const process of processes) group.suspended.delete(process);
    if (processes.includes('HealthCheck')) this.health.noticeAll(group);
    this.reconciler.poke(group);
  }

  private instanceChanged(instance: Ec2Instance): void {
    const group = this.groupOf(instance.id);
    const member = group?.members.get(instance.id);
    if (group === undefined || member === undefined) return;
    if (instance.state === 'running') this.lifecycle.running(group, member);
    else if (instance.state === 'terminated' && member.state === 'Terminating') this.lifecycle.gone(group, member);
    else if (member.state !== 'Terminating') this.health.notice(group, member);
  }

  private memberIn(group: Group, id: string, state: 'InService' | 'Standby'): Member {
    const member = group.member(id);
    if (member.state !== state) throw new AwsError('ValidationError', `The instance ${id} is not in ${state}.`);
    return member;
  }

  private setSizes(group: Group, sizes: Sizes, why: string): void {
    const { min, max, desired } = sizes;
    const constraints = why.startsWith('a user request update')
      ? ` of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired}`
      : '';
    if (desired !== group.desired)
      group.lastChange = `At ${this.now()} ${why}${constraints} changing the desired capacity from ${group.desired} to ${desired}. `;
    Object.assign(group, onlySizes(sizes));
    this.reconciler.poke(group);
  }

  private now(): string {
    return timestamp(this.account.clock.now());
  }
}

const onlySizes = ({ min, max, desired }: Sizes): Sizes => ({ min, max, desired });
