import type { Account } from '../account/account';
import { draw } from '../account/timing';
import type { Subnet } from '../ec2/addresses';
import { timestamp } from './activities';
import type { Group, Member } from './group';
import type { Lifecycle } from './lifecycle';
import type { Candidate } from './termination-policy';
import { chooseVictim, emptiestZone, isUnbalanced, zoneCounts } from './termination-policy';

/**
 * Keeps each group at its desired capacity. It is level-triggered: whatever changed, a moment later it compares what is with what should be,
 * replaces what is unhealthy, launches what is missing into the emptiest zone and terminates what is too much by the termination policies.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-groups.html
 * What a suspended process stops: https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-how-suspending-processes-affects-other-processes.html
 */
export class Reconciler {
  constructor(
    private readonly account: Account,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Something changed: the group acts on it soon. */
  poke(group: Group): void {
    if (group.timers.reconcile !== undefined) return;
    const { clock, random, timing } = this.account;
    group.timers.reconcile = clock.after(draw(random, timing.groupReacts), () => {
      group.timers.reconcile = undefined;
      this.reconcile(group);
    });
  }

  /** Launches one instance now, whatever the desired capacity. */
  launchOne(group: Group, why: string): Member | undefined {
    const zone = emptiestZone(zoneCounts(group.zones, candidates(group)));
    const subnet = group.subnets.filter(({ availabilityZone }) => availabilityZone === zone);
    return this.launchInto(group, this.emptiestSubnet(group, subnet), why);
  }

  private reconcile(group: Group): void {
    if (group.rebalancing !== undefined && group.members.get(group.rebalancing)?.state !== 'Pending') group.rebalancing = undefined;
    this.replaceUnhealthy(group);
    const wanted = group.desired + (group.rebalancing === undefined ? 0 : 1);
    const counted = group.counted().length;
    if (counted < wanted) this.scaleOut(group, wanted, counted);
    else if (counted > wanted) this.scaleIn(group, wanted);
    else {
      group.lastChange = '';
      this.watchBalance(group);
    }
  }

  private replaceUnhealthy(group: Group): void {
    if (!group.runs('ReplaceUnhealthy') || !group.runs('Terminate')) return;
    for (const member of group.counted().filter(({ health }) => health === 'Unhealthy')) {
      const cause = `At ${this.now()} an instance was taken out of service in response to ${member.unhealthyBecause ?? ''}.`;
      this.lifecycle.terminate(group, member, cause);
    }
  }

  private scaleOut(group: Group, wanted: number, counted: number): void {
    if (!group.runs('Launch')) return;
    if (this.account.clock.now() < group.launchNotBefore) return;
    for (let size = counted; size < wanted; size += 1) {
      const why =
        `an instance was started in response to a difference between desired and actual capacity, ` +
        `increasing the capacity from ${size} to ${size + 1}.`;
      if (this.launchOne(group, why) === undefined) return;
    }
  }

  private launchInto(group: Group, subnet: Subnet | undefined, why: string): Member | undefined {
    if (subnet === undefined) return undefined;
    const member = this.lifecycle.launch(group, subnet, why);
    if (member !== undefined) return member;
    const { clock, random, timing } = this.account;
    const retry = draw(random, timing.launchRetry);
    group.launchNotBefore = clock.now() + retry;
    clock.after(retry, () => {
      this.reconcile(group);
    });
    return undefined;
  }

  private scaleIn(group: Group, wanted: number): void {
    if (!group.runs('Terminate')) return;
    for (let size = group.counted().length; size > wanted; size -= 1) {
      const victim = this.chooseVictim(group);
      if (victim === undefined) return;
      const cause =
        `${group.lastChange}At ${this.now()} an instance was taken out of service in response to a difference between desired and actual ` +
        `capacity, shrinking the capacity from ${size} to ${size - 1}. At ${this.now()} instance ${victim.id} was selected for termination.`;
      this.lifecycle.terminate(group, victim, cause);
    }
  }

  private chooseVictim(group: Group): Member | undefined {
    const victim = chooseVictim(candidates(group), {
      policies: group.terminationPolicies,
      currentTemplateId: this.lifecycle.currentTemplateId(group),
      now: this.account.clock.now(),
      pick: (items) => this.account.random.pick(items),
    });
    return victim && group.members.get(victim.id);
  }

  /**
   * When the zones are uneven (instances in Standby make them so), the group launches in the emptiest zone first and terminates in the fullest
   * after that; it may be one above its maximum meanwhile.
   * https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html#AutoScalingBehavior.InstanceUsage
   */
  private watchBalance(group: Group): void {
    if (group.timers.rebalance !== undefined || !this.shouldRebalance(group)) return;
    const { clock, random, timing } = this.account;
    group.timers.rebalance = clock.after(draw(random, timing.rebalance), () => {
      group.timers.rebalance = undefined;
      if (!this.shouldRebalance(group)) return;
      const zones = group.zones.join(' ');
      group.rebalancing = this.launchOne(group, `an instance was launched to balance instances in zones ${zones}.`)?.id;
    });
  }

  private shouldRebalance(group: Group): boolean {
    const active = group.runs('AZRebalance') && group.runs('Launch') && group.runs('Terminate');
    if (!active || group.zones.length < 2 || group.rebalancing !== undefined) return false;
    const settled = group.counted().length === group.desired && group.in('Pending', 'Terminating').length === 0;
    return settled && isUnbalanced(zoneCounts(group.zones, candidates(group)));
  }

  private emptiestSubnet(group: Group, subnets: readonly Subnet[]): Subnet | undefined {
    const used = (subnet: Subnet) => group.counted().filter(({ instance }) => instance.subnetId === subnet.id).length;
    return [...subnets].sort((a, b) => used(a) - used(b))[0];
  }

  private now(): string {
    return timestamp(this.account.clock.now());
  }
}

const candidates = (group: Group): Candidate[] =>
  group.counted().map((member) => ({
    id: member.id,
    zone: member.instance.availabilityZone,
    launchedAt: member.instance.launchedAt,
    templateId: member.launchTemplate.id,
    templateVersion: Number(member.launchTemplate.version),
    isProtected: member.protectedFromScaleIn,
  }));
