import { isInService } from '../../observation';
import type { Finding, Ground } from '../check';
import { Check, counted, finding, listed, when } from '../check';
import { expectedEnd } from '../expected';
import type { GroupFacts } from '../facts';
import { duration, moment } from '../words';

type Of<K extends keyof GroupFacts> = Pick<GroupFacts, K>;

/** Nodes are given time to boot, by the group. While an upgrade runs it replaces nothing by itself; outside of one it may. */
export class GracePeriod extends Check<GroupFacts, 'group'> {
  readonly name = 'grace-period';
  readonly severity = 'warn';
  readonly looksAt = 'The health check grace period of the group: at least the boot time-out';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html';
  readonly override = 'allowed';
  protected readonly needs = ['group'] as const;

  protected look({ group }: Of<'group'>, { limits: { bootTimeout } }: Ground): Finding {
    return finding(
      `The health check grace period of ${group.gracePeriodSeconds} s covers the boot time-out of ${bootTimeout} s.`,
      when(
        group.gracePeriodSeconds < bootTimeout,
        () =>
          `The health check grace period of ${group.gracePeriodSeconds} s is shorter than the boot time-out of ${bootTimeout} s: outside of upgrades the group may terminate nodes that still start.`,
        `Set it to ${bootTimeout} s or more.`,
      ),
    );
  }
}

/** Scheduled actions are suspended during an upgrade: what falls into it does not happen. */
export class ScheduledActions extends Check<GroupFacts, 'scheduledActions'> {
  readonly name = 'scheduled-actions';
  readonly severity = 'warn';
  readonly looksAt =
    'Scheduled actions of the group: none falls into the time that the upgrade is expected to take, when they are suspended';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html';
  readonly override = 'allowed';
  protected readonly needs = ['scheduledActions'] as const;

  protected look({ scheduledActions }: Of<'scheduledActions'>, ground: Ground): Finding {
    const end = expectedEnd(ground);
    const within = scheduledActions.filter(({ at }) => Date.parse(at) >= ground.now.getTime() && Date.parse(at) <= end.getTime());
    return finding(
      `No scheduled action falls into the upgrade, which is expected to end by ${moment(end)}.`,
      when(
        within.length > 0,
        () =>
          `${listed(within.map(({ name, at }) => `${name} at ${moment(at)}`))}: scheduled while the upgrade runs, which is expected to end by ${moment(end)}. It will not be carried out.`,
        'Start at another time, or set the sizes by hand after the upgrade.',
      ),
    );
  }
}

/** Lifecycle hooks make a node wait longer than this workflow does. */
export class LifecycleHooks extends Check<GroupFacts, 'hooks'> {
  readonly name = 'lifecycle-hooks';
  readonly severity = 'warn';
  readonly looksAt = 'Lifecycle hooks of the group: none may make a node wait longer than the boot time-out';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html';
  readonly override = 'allowed';
  protected readonly needs = ['hooks'] as const;

  protected look({ hooks }: Of<'hooks'>, { limits: { bootTimeout } }: Ground): Finding {
    const long = hooks.filter(({ heartbeat }) => heartbeat >= bootTimeout);
    return finding(
      hooks.length === 0
        ? 'There are no lifecycle hooks.'
        : `Lifecycle hooks: ${listed(hooks.map(({ name, transition, heartbeat }) => `${name} (${transition}, ${heartbeat} s)`))}.`,
      when(
        long.length > 0,
        () =>
          `${listed(
            long.map(
              ({ name, transition, heartbeat, otherwise }) =>
                `${name} (${transition}) waits up to ${heartbeat} s for its answer, then it is ${otherwise}`,
            ),
            '; ',
          )}: as long as the boot time-out of ${bootTimeout} s, or longer.`,
        'See that something completes the lifecycle action, or shorten its heartbeat.',
      ),
    );
  }
}

/** Protection that was set on single instances goes with them; terminating through the group is not stopped by it. */
export class ScaleInProtection extends Check<GroupFacts, 'group' | 'settings'> {
  readonly name = 'scale-in-protection';
  readonly severity = 'warn';
  readonly looksAt = 'Scale-in protection: new nodes get what the group says; what was set on single instances goes with them';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html';
  readonly override = 'allowed';
  protected readonly needs = ['group', 'settings'] as const;

  protected look({ group, settings }: Of<'group' | 'settings'>): Finding {
    const inService = group.instances.filter(isInService).map(({ instanceId }) => instanceId);
    const shielded = inService.filter((id) => settings.protectedInstances.includes(id));
    const lost = settings.newInstancesProtected ? [] : shielded;
    return finding(
      settings.newInstancesProtected ? 'New nodes are protected from scale-in, as the group says.' : 'No node is protected from scale-in.',
      when(
        lost.length > 0,
        () => `${listed(lost)}: protected from scale-in one by one; the nodes that replace them will not be.`,
        "Protect new instances in the group's settings, or protect the new nodes afterwards.",
      ),
    );
  }
}

/** The group replaces an instance whose lifetime is over, whatever else goes on. */
export class MaximumLifetime extends Check<GroupFacts, 'instances' | 'group' | 'settings'> {
  readonly name = 'maximum-instance-lifetime';
  readonly severity = 'refuse';
  readonly looksAt = 'The maximum instance lifetime of the group: it ends for no node in the time that the upgrade is expected to take';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html';
  readonly override = 'allowed';
  protected readonly needs = ['instances', 'group', 'settings'] as const;

  protected look({ instances, group, settings }: Of<'instances' | 'group' | 'settings'>, ground: Ground): Finding {
    const { maximumLifetime } = settings;
    if (maximumLifetime === 0) return finding('The group sets no maximum lifetime.');
    const end = expectedEnd(ground);
    const over = instances
      .filter(({ instanceId }) => group.instances.some((one) => one.instanceId === instanceId))
      .filter(({ launchedAt }) => launchedAt !== '' && Date.parse(launchedAt) + maximumLifetime * 1000 <= end.getTime());
    return finding(
      `No node reaches the maximum lifetime of ${duration(maximumLifetime)} before ${moment(end)}.`,
      when(
        over.length > 0,
        () =>
          `${listed(over.map(({ instanceId }) => instanceId))} ${over.length === 1 ? 'reaches' : 'reach'} the maximum lifetime of ${duration(maximumLifetime)} before ${moment(end)}: the group would replace ${counted(over.length, 'node')} in the middle of the upgrade.`,
        'Set the maximum instance lifetime to 0 for the time of the upgrade; the new nodes begin anew.',
      ),
    );
  }
}

/** With a surge the group grows by one; its maximum is raised for that time. */
export class MaximumSize extends Check<GroupFacts, never> {
  readonly name = 'maximum-size';
  readonly severity = 'warn';
  readonly looksAt = 'With one node more while nodes are replaced: the maximum size of the group has room for it';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html';
  readonly override = 'allowed';
  protected readonly needs = [] as const;

  protected look(_facts: unknown, { plan: { capacity, sizes, groupName } }: Ground): Finding {
    const needed = sizes.desired + 1;
    if (capacity === 'within-capacity') return finding('Nodes are replaced within the capacity: the group does not grow.');
    return finding(
      `The maximum of ${sizes.max} has room for ${needed} nodes.`,
      when(
        sizes.max < needed,
        () =>
          `${groupName} may have ${sizes.max} instances: the maximum is raised to ${needed} for the time of the upgrade, and put back afterwards.`,
        'See that addresses, instance limits and database connections suffice for one node more.',
      ),
    );
  }
}
