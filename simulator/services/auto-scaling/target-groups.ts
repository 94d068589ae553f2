import type { Elbv2 } from '../elbv2/elbv2';
import type { Group, Member } from './group';

interface Leaving {
  readonly remaining: Set<string>;
  done: () => void;
}

/**
 * A group's dealings with its target groups. An instance that leaves is deregistered, and the group waits until each target group has drained it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
 */
export class GroupTargets {
  private readonly leaving = new Map<string, Leaving>();

  constructor(private readonly elbv2: Elbv2) {
    elbv2.onChange((targetGroup, instanceId) => {
      const leaving = this.leaving.get(instanceId);
      if (leaving === undefined || targetGroup.health(instanceId).state !== 'unused') return;
      leaving.remaining.delete(targetGroup.arn);
      if (leaving.remaining.size > 0) return;
      this.leaving.delete(instanceId);
      leaving.done();
    });
  }

  register(group: Group, member: Member): void {
    for (const arn of group.targetGroupArns) this.elbv2.get(arn).register(member.instance);
  }

  /** A target that has long been healthy. */
  place(group: Group, member: Member): void {
    for (const arn of group.targetGroupArns) this.elbv2.get(arn).place(member.instance);
  }

  /** Deregisters the instance and calls `done` once it is drained everywhere; true when that takes time. A later call takes an earlier one's place. */
  leave(group: Group, member: Member, done: () => void): boolean {
    const known = this.leaving.get(member.id);
    if (known !== undefined) {
      known.done = done;
      return true;
    }
    for (const arn of group.targetGroupArns) this.elbv2.get(arn).deregister(member.id);
    const remaining = group.targetGroupArns.filter((arn) => this.elbv2.get(arn).health(member.id).state !== 'unused');
    if (remaining.length > 0) this.leaving.set(member.id, { remaining: new Set(remaining), done });
    else done();
    return remaining.length > 0;
  }

  /** The target groups in which the instance is unhealthy now. */
  unhealthyIn(group: Group, member: Member): string[] {
    return group.targetGroupArns.filter((arn) => this.elbv2.get(arn).health(member.id).state === 'unhealthy');
  }
}
