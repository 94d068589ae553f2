import type { AutoScalingGroup, ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-auto-scaling';
import { TaskError } from '../core/errors';
import type { GroupDetails } from '../ports/group-details';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: AutoScalingClient | undefined;
const connect = (): AutoScalingClient => (client ??= new AutoScalingClient(CLIENT_SETTINGS));

/** Settings, scheduled actions and lifecycle hooks of a group: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/ */
export const groupDetails = (AutoScalingGroupName: string): GroupDetails => ({
  settings: async () => {
    const { AutoScalingGroups: [group] = [] } = await aws(`DescribeAutoScalingGroups of ${AutoScalingGroupName}`, () =>
      connect().send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] })),
    );
    if (!group)
      throw new TaskError('ClusterUnexpected', `There is no Auto Scaling group ${AutoScalingGroupName} in this account and region.`);
    return toSettings(group);
  },
  scheduledActions: async () => {
    const found: ScheduledUpdateGroupAction[] = [];
    let NextToken: string | undefined;
    do {
      const page = await aws(`DescribeScheduledActions of ${AutoScalingGroupName}`, () =>
        connect().send(new DescribeScheduledActionsCommand({ AutoScalingGroupName, NextToken })),
      );
      found.push(...(page.ScheduledUpdateGroupActions ?? []));
      NextToken = page.NextToken || undefined;
    } while (NextToken !== undefined);
    // Of an action that recurs, StartTime is the next time: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScheduledUpdateGroupAction.html
    return found.flatMap(({ ScheduledActionName: name = '', StartTime }) => (StartTime ? [{ name, at: StartTime.toISOString() }] : []));
  },
  hooks: async () => {
    const { LifecycleHooks = [] } = await aws(`DescribeLifecycleHooks of ${AutoScalingGroupName}`, () =>
      connect().send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName })),
    );
    return LifecycleHooks.map(({ LifecycleHookName, LifecycleTransition, HeartbeatTimeout, DefaultResult }) => ({
      name: LifecycleHookName ?? '',
      transition: LifecycleTransition?.endsWith('LAUNCHING') === true ? 'launching' : 'terminating',
      heartbeat: HeartbeatTimeout ?? 3600, // the documented default
      otherwise: DefaultResult ?? 'ABANDON',
    }));
  },
});

function toSettings(group: AutoScalingGroup): Awaited<ReturnType<GroupDetails['settings']>> {
  const { WarmPoolConfiguration: pool } = group;
  return {
    newInstancesProtected: group.NewInstancesProtectedFromScaleIn === true,
    protectedInstances: (group.Instances ?? [])
      .filter(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn)
      .map(({ InstanceId = '' }) => InstanceId),
    maximumLifetime: group.MaxInstanceLifetime ?? 0,
    warmPool: pool && { instances: group.WarmPoolSize ?? 0, status: pool.Status ?? '' },
    subnets: (group.VPCZoneIdentifier ?? '').split(',').filter((id) => id !== ''),
  };
}
