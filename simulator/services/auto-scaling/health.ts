import type { Account } from '../account/account';
import { draw } from '../account/timing';
import type { Group, Member } from './group';
import type { GroupTargets } from './target-groups';

/**
 * The group's health checks: an instance that does not run any more, or (health check type ELB) that a target group finds unhealthy after the
 * grace period, is marked Unhealthy, and never recovers from that. What stands by is not checked.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
 */
export class HealthChecks {
  constructor(
    private readonly account: Account,
    private readonly targets: GroupTargets,
    private readonly markedUnhealthy: (group: Group) => void,
  ) {}

  /** Something may have happened to the member: the next health check looks, and once more when the grace period ends. */
  notice(group: Group, member: Member): void {
    const { clock, random, timing } = this.account;
    const graceEnds = member.inServiceSince + group.healthCheckGracePeriod * 1000;
    const noticed = draw(random, timing.groupNotices);
    clock.after(noticed, () => {
      this.look(group, member);
    });
    if (group.healthCheckType !== 'ELB' || graceEnds <= clock.now() + noticed) return;
    clock.at(graceEnds + noticed, () => {
      this.look(group, member);
    });
  }

  /** Looks at every member again, as after `HealthCheck` was resumed or the settings changed. */
  noticeAll(group: Group): void {
    for (const member of group.counted()) this.notice(group, member);
  }

  private look(group: Group, member: Member): void {
    const checked = member.state === 'InService' || member.state === 'Pending';
    if (!checked || member.health === 'Unhealthy' || !group.runs('HealthCheck')) return;
    const because = this.unhealthyBecause(group, member);
    if (because === undefined) return;
    member.health = 'Unhealthy';
    member.unhealthyBecause = because;
    this.markedUnhealthy(group);
  }

  private unhealthyBecause(group: Group, member: Member): string | undefined {
    const { state } = member.instance;
    if (state !== 'pending' && state !== 'running') return 'an EC2 health check indicating it has been terminated or stopped';
    const graceEnds = member.inServiceSince + group.healthCheckGracePeriod * 1000;
    if (group.healthCheckType !== 'ELB' || member.state !== 'InService' || this.account.clock.now() < graceEnds) return undefined;
    return this.targets.unhealthyIn(group, member).length > 0 ? 'an ELB system health check failure' : undefined;
  }
}
