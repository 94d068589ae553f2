import type { AutoScalingGroup, MixedInstancesPolicy } from '@aws-sdk/client-auto-scaling';
import {
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { TaskError } from '../core/errors';
import type { Group, TemplateInUse } from '../core/observation';
import type { ScalingGroup } from '../ports/scaling-group';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: AutoScalingClient | undefined;
const connect = (): AutoScalingClient => (client ??= new AutoScalingClient(CLIENT_SETTINGS));

/** The Auto Scaling group called `name`: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/ */
export function scalingGroup(name: string): ScalingGroup {
  const AutoScalingGroupName = name;
  const read = async (): Promise<AutoScalingGroup> => {
    const { AutoScalingGroups: [group] = [] } = await aws(`DescribeAutoScalingGroups of ${name}`, () =>
      connect().send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })),
    );
    if (!group)
      throw new TaskError(
        'ClusterUnexpected',
        `There is no Auto Scaling group ${name} in this account and region. Was it replaced or deleted?`,
      );
    return group;
  };
  const update = (
    what: string,
    change: Omit<ConstructorParameters<typeof UpdateAutoScalingGroupCommand>[0], 'AutoScalingGroupName'>,
  ): Promise<unknown> =>
    aws(`UpdateAutoScalingGroup of ${name}: ${what}`, () =>
      connect().send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...change })),
    );
  const tag = (Key: string, Value?: string) => ({
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
    Key,
    Value,
    PropagateAtLaunch: false,
  });

  return {
    observe: async () => toGroup(await read()),
    suspend: async (processes) => {
      await aws(`SuspendProcesses of ${name}`, () =>
        connect().send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...processes] })),
      );
    },
    resume: async (processes) => {
      await aws(`ResumeProcesses of ${name}`, () =>
        connect().send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: [...processes] })),
      );
    },
    writeTags: async (tags) => {
      const Tags = Object.entries(tags).map(([key, value]) => tag(key, value));
      await aws(`CreateOrUpdateTags of ${name}`, () => connect().send(new CreateOrUpdateTagsCommand({ Tags })));
    },
    removeTags: async (keys) => {
      await aws(`DeleteTags of ${name}`, () => connect().send(new DeleteTagsCommand({ Tags: keys.map((key) => tag(key)) })));
    },
    resize: async ({ min, max, desired }) => {
      await update('sizes', { MinSize: min, MaxSize: max, DesiredCapacity: desired });
    },
    enterStandby: async (instanceId, ShouldDecrementDesiredCapacity) => {
      await aws(`EnterStandby of ${instanceId}`, () =>
        connect().send(new EnterStandbyCommand({ AutoScalingGroupName, InstanceIds: [instanceId], ShouldDecrementDesiredCapacity })),
      );
    },
    exitStandby: async (instanceId) => {
      await aws(`ExitStandby of ${instanceId}`, () =>
        connect().send(new ExitStandbyCommand({ AutoScalingGroupName, InstanceIds: [instanceId] })),
      );
    },
    terminate: async (InstanceId, ShouldDecrementDesiredCapacity) => {
      await aws(`TerminateInstanceInAutoScalingGroup of ${InstanceId}`, () =>
        connect().send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity })),
      );
    },
    useTemplateVersion: async (version) => {
      const { LaunchTemplate, MixedInstancesPolicy } = await read();
      if (MixedInstancesPolicy) await update('launch template', { MixedInstancesPolicy: withVersion(MixedInstancesPolicy, version) });
      else await update('launch template', { LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: version } });
    },
    failedActivity: async () => {
      const { Activities: [newest] = [] } = await aws(`DescribeScalingActivities of ${name}`, () =>
        connect().send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName, MaxRecords: 1 })),
      );
      return newest?.StatusCode === 'Failed' ? `${newest.Description ?? ''}: ${newest.StatusMessage ?? ''}` : undefined;
    },
    activeRefresh: async () => {
      const { InstanceRefreshes = [] } = await aws(`DescribeInstanceRefreshes of ${name}`, () =>
        connect().send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName })),
      );
      const active = InstanceRefreshes.find(({ Status = '' }) =>
        ['Pending', 'InProgress', 'Cancelling', 'RollbackInProgress', 'Baking'].includes(Status),
      );
      return active && `${active.InstanceRefreshId ?? ''} (${active.Status ?? ''})`;
    },
  };
}

/** The policy as it is, with another version of its launch template. A template is named by its id or its name, not both. */
function withVersion(policy: MixedInstancesPolicy, version: string): MixedInstancesPolicy {
  const { LaunchTemplate } = policy;
  const { LaunchTemplateId } = LaunchTemplate?.LaunchTemplateSpecification ?? {};
  return { ...policy, LaunchTemplate: { ...LaunchTemplate, LaunchTemplateSpecification: { LaunchTemplateId, Version: version } } };
}

function toGroup(group: AutoScalingGroup): Group {
  const overrides = group.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  const launchTemplate = templateInUse(group);
  return {
    name: group.AutoScalingGroupName ?? '',
    sizes: { min: group.MinSize ?? 0, max: group.MaxSize ?? 0, desired: group.DesiredCapacity ?? 0 },
    instances: (group.Instances ?? []).map(({ InstanceId = '', LifecycleState = '', AvailabilityZone: zone }) => ({
      instanceId: InstanceId,
      lifecycleState: LifecycleState,
      ...(zone !== undefined && { zone }),
    })),
    suspendedProcesses: (group.SuspendedProcesses ?? []).map(({ ProcessName = '' }) => ProcessName),
    tags: Object.fromEntries((group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(launchTemplate && { launchTemplate }),
    overridesWithTemplates: overrides
      .filter((override) => override.LaunchTemplateSpecification)
      .map(({ InstanceType = 'an override' }) => InstanceType),
    targetGroupArns: [...(group.TargetGroupARNs ?? []), ...(group.TrafficSources ?? []).map(({ Identifier = '' }) => Identifier)],
    gracePeriodSeconds: group.HealthCheckGracePeriod ?? 0,
  };
}

function templateInUse(group: AutoScalingGroup): TemplateInUse | undefined {
  const mixed = group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  const { LaunchTemplateId: id, Version } = mixed ?? group.LaunchTemplate ?? {};
  // Without a version the default one is used: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html
  return id === undefined ? undefined : { id, versionSpec: Version ?? '$Default', within: mixed ? 'mixed-instances-policy' : 'group' };
}
