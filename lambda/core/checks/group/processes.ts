import { NEEDED_PROCESSES } from '../../../../lib/contract/tags';
import type { Finding, Ground } from '../check';
import { Check, finding, when } from '../check';
import type { GroupFacts } from '../facts';

type Of<K extends keyof GroupFacts> = Pick<GroupFacts, K>;

/** The processes that bring up and take in a replacement are not suspended. */
export class NeededProcesses extends Check<GroupFacts, 'group'> {
  readonly name = 'needed-processes';
  readonly severity = 'refuse';
  readonly looksAt = `Suspended processes of the group: none of ${NEEDED_PROCESSES.join(', ')}`;
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html';
  readonly override = 'no replacement would come up';
  protected readonly needs = ['group'] as const;

  protected look({ group }: Of<'group'>): Finding {
    const suspended = NEEDED_PROCESSES.filter((process) => group.suspendedProcesses.includes(process));
    return finding(
      'The processes that replacements need are not suspended.',
      when(
        suspended.length > 0,
        () => `${suspended.join(', ')} of ${group.name}: suspended, so no replacement would come up.`,
        'Resume it first.',
      ),
    );
  }
}

/** Nobody else replaces the group's instances. */
export class InstanceRefresh extends Check<GroupFacts, 'refresh'> {
  readonly name = 'instance-refresh';
  readonly severity = 'refuse';
  readonly looksAt = 'Instance refreshes of the group: none goes on';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html';
  readonly override = 'two would replace the same nodes';
  protected readonly needs = ['refresh'] as const;

  protected look({ refresh }: Of<'refresh'>, { plan }: Ground): Finding {
    return finding(
      'No instance refresh goes on.',
      when(
        refresh !== undefined,
        () => `The instance refresh ${refresh ?? ''} of ${plan.groupName} is going on.`,
        'Wait for its end, or cancel it.',
      ),
    );
  }
}

/** The group's stack is not being updated, by which nodes or sizes may change. */
export class StackUpdate extends Check<GroupFacts, 'stack'> {
  readonly name = 'stack-update';
  readonly severity = 'refuse';
  readonly looksAt = 'The CloudFormation stack that the group belongs to (tag `aws:cloudformation:stack-id`): not in progress';
  readonly source = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-tags.html';
  readonly override = 'allowed';
  protected readonly needs = ['stack'] as const;

  protected look({ stack }: Of<'stack'>, { plan }: Ground): Finding {
    return finding(
      stack ? `The stack of ${plan.groupName} is ${stack.status}.` : `${plan.groupName} belongs to no stack.`,
      when(
        stack?.status.endsWith('_IN_PROGRESS') === true,
        () => `The stack ${stack?.id ?? ''} of ${plan.groupName} is ${stack?.status ?? ''}: it may replace nodes or sizes.`,
        'Wait for its end.',
      ),
    );
  }
}

/** Instances of a warm pool were made from the old image, and would come up as replacements. */
export class WarmPoolEmpty extends Check<GroupFacts, 'warmPool'> {
  readonly name = 'warm-pool';
  readonly severity = 'refuse';
  readonly looksAt = 'The warm pool of the group: none, since its instances hold the old version and would come up as replacements';
  readonly source = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html';
  readonly override = 'allowed';
  protected readonly needs = ['warmPool'] as const;

  protected look({ warmPool }: Of<'warmPool'>, { plan }: Ground): Finding {
    return finding(
      'There is no warm pool.',
      when(
        warmPool !== undefined,
        () =>
          `${plan.groupName} has a warm pool of ${warmPool?.instances ?? 0} instances${warmPool?.status ? ` (${warmPool.status})` : ''}: they hold ${plan.fromVersion} and would come up as replacements.`,
        'Delete the warm pool for the time of the upgrade (aws autoscaling delete-warm-pool), and make it again afterwards.',
      ),
    );
  }
}
