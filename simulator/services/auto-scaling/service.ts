import type {
  AutoScalingGroupNamesType,
  CreateOrUpdateTagsCommandOutput,
  CreateOrUpdateTagsType,
  DeleteTagsCommandOutput,
  DeleteTagsType,
  DescribeAutoScalingGroupsCommandOutput,
  DescribeAutoScalingInstancesCommandOutput,
  DescribeAutoScalingInstancesType,
  DescribeInstanceRefreshesCommandOutput,
  DescribeInstanceRefreshesType,
  DescribeLifecycleHooksCommandOutput,
  DescribeLifecycleHooksType,
  DescribeScalingActivitiesCommandOutput,
  DescribeScalingActivitiesType,
  DescribeTagsCommandOutput,
  DescribeTagsType,
  EnterStandbyCommandOutput,
  EnterStandbyQuery,
  ExitStandbyCommandOutput,
  ExitStandbyQuery,
  ResumeProcessesCommandOutput,
  ScalingProcessQuery,
  SetDesiredCapacityCommandOutput,
  SetDesiredCapacityType,
  SetInstanceProtectionCommandOutput,
  SetInstanceProtectionQuery,
  SuspendProcessesCommandOutput,
  TerminateInstanceInAutoScalingGroupCommandOutput,
  TerminateInstanceInAutoScalingGroupType,
  UpdateAutoScalingGroupCommandOutput,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { AwsOperation, AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, reading, refuseUnmodelled } from '../account/operation';
import { describeActivity } from './activities';
import type { RoleOf } from '../ec2/launch-authorizations';
import { GroupAuthorizations } from './authorizations';
import type { AutoScaling } from './auto-scaling';
import { describeDetails, describeGroup, describeTags } from './describe';
import { plannedReads } from './planned';
import { filterGroups, filterTags, instanceIds, processes } from './selection';
import { updateGroup } from './update';

/** The EC2 Auto Scaling API. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html */
export function autoScalingService(autoScaling: AutoScaling, roleOf: RoleOf): AwsService {
  const authorized = new GroupAuthorizations(autoScaling, roleOf);
  return {
    client: 'client-auto-scaling',
    operations: { ...reads(autoScaling), ...plannedReads(autoScaling), ...writes(autoScaling, authorized) },
  };
}

function reads(autoScaling: AutoScaling): Record<string, AwsOperation> {
  return {
    DescribeAutoScalingGroups: reading<AutoScalingGroupNamesType, DescribeAutoScalingGroupsCommandOutput>(
      'autoscaling:DescribeAutoScalingGroups',
      (input) => {
        refuseUnmodelled('DescribeAutoScalingGroups', input, ['AutoScalingGroupNames', 'Filters', 'MaxRecords', 'NextToken']);
        const { items, next } = page(filterGroups(autoScaling.all(), input), input.MaxRecords ?? 50, input.NextToken);
        return { AutoScalingGroups: items.map((group) => describeGroup(autoScaling.ec2, group)), NextToken: next };
      },
    ),
    DescribeAutoScalingInstances: reading<DescribeAutoScalingInstancesType, DescribeAutoScalingInstancesCommandOutput>(
      'autoscaling:DescribeAutoScalingInstances',
      (input) => {
        const all = autoScaling.all().flatMap((group) => [...group.members.values()].map((member) => describeDetails(group, member)));
        const asked = all.filter(({ InstanceId }) => !input.InstanceIds?.length || input.InstanceIds.includes(InstanceId ?? ''));
        const { items, next } = page(asked, input.MaxRecords ?? 50, input.NextToken);
        return { AutoScalingInstances: items, NextToken: next };
      },
    ),
    DescribeScalingActivities: reading<DescribeScalingActivitiesType, DescribeScalingActivitiesCommandOutput>(
      'autoscaling:DescribeScalingActivities',
      (input) => {
        refuseUnmodelled('DescribeScalingActivities', input, ['AutoScalingGroupName', 'ActivityIds', 'MaxRecords', 'NextToken']);
        const groups = input.AutoScalingGroupName === undefined ? autoScaling.all() : [autoScaling.get(input.AutoScalingGroupName)];
        const newestFirst = groups.flatMap((group) => [...group.activities].reverse().map((activity) => describeActivity(group, activity)));
        const asked = newestFirst.filter(({ ActivityId }) => !input.ActivityIds?.length || input.ActivityIds.includes(ActivityId ?? ''));
        const { items, next } = page(asked, input.MaxRecords ?? 100, input.NextToken);
        return { Activities: items, NextToken: next };
      },
    ),
    DescribeInstanceRefreshes: reading<DescribeInstanceRefreshesType, DescribeInstanceRefreshesCommandOutput>(
      'autoscaling:DescribeInstanceRefreshes',
      (input) => {
        const { instanceRefreshes } = autoScaling.get(input.AutoScalingGroupName);
        const ids = input.InstanceRefreshIds;
        const asked = instanceRefreshes.filter(({ InstanceRefreshId }) => !ids?.length || ids.includes(InstanceRefreshId ?? ''));
        const { items, next } = page(asked, input.MaxRecords ?? 50, input.NextToken);
        return { InstanceRefreshes: items, NextToken: next };
      },
    ),
    DescribeLifecycleHooks: reading<DescribeLifecycleHooksType, DescribeLifecycleHooksCommandOutput>(
      'autoscaling:DescribeLifecycleHooks',
      (input) => {
        refuseUnmodelled('DescribeLifecycleHooks', input, ['AutoScalingGroupName', 'LifecycleHookNames']);
        const { lifecycleHooks } = autoScaling.get(input.AutoScalingGroupName);
        const names = input.LifecycleHookNames;
        return { LifecycleHooks: lifecycleHooks.filter(({ LifecycleHookName: name = '' }) => !names?.length || names.includes(name)) };
      },
    ),
    DescribeTags: reading<DescribeTagsType, DescribeTagsCommandOutput>('autoscaling:DescribeTags', (input) => {
      const { items, next } = page(
        filterTags(autoScaling.all().flatMap(describeTags), input.Filters),
        input.MaxRecords ?? 50,
        input.NextToken,
      );
      return { Tags: items, NextToken: next };
    }),
  };
}

function writes(autoScaling: AutoScaling, authorized: GroupAuthorizations): Record<string, AwsOperation> {
  const onGroup = (action: string) => (input: { AutoScalingGroupName: string | undefined }) =>
    authorized.group(action, input.AutoScalingGroupName);
  return {
    UpdateAutoScalingGroup: operation<UpdateAutoScalingGroupType, UpdateAutoScalingGroupCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.update(input),
      call: (input) => {
        updateGroup(autoScaling, input);
        return {};
      },
    }),
    SetDesiredCapacity: operation<SetDesiredCapacityType, SetDesiredCapacityCommandOutput>({
      mutates: true,
      authorize: onGroup('SetDesiredCapacity'),
      call: (input) => {
        autoScaling.setDesired(autoScaling.get(input.AutoScalingGroupName), input.DesiredCapacity ?? 0);
        return {};
      },
    }),
    EnterStandby: operation<EnterStandbyQuery, EnterStandbyCommandOutput>({
      mutates: true,
      authorize: onGroup('EnterStandby'),
      call: (input) => {
        const group = autoScaling.get(input.AutoScalingGroupName);
        const moved = autoScaling.enterStandby(group, instanceIds(input.InstanceIds), input.ShouldDecrementDesiredCapacity === true);
        return { Activities: moved.map((activity) => describeActivity(group, activity)) };
      },
    }),
    ExitStandby: operation<ExitStandbyQuery, ExitStandbyCommandOutput>({
      mutates: true,
      authorize: onGroup('ExitStandby'),
      call: (input) => {
        const group = autoScaling.get(input.AutoScalingGroupName);
        const moved = autoScaling.exitStandby(group, instanceIds(input.InstanceIds));
        return { Activities: moved.map((activity) => describeActivity(group, activity)) };
      },
    }),
    TerminateInstanceInAutoScalingGroup: operation<
      TerminateInstanceInAutoScalingGroupType,
      TerminateInstanceInAutoScalingGroupCommandOutput
    >({
      mutates: true,
      authorize: (input) => authorized.group('TerminateInstanceInAutoScalingGroup', autoScaling.groupOf(input.InstanceId ?? '')?.name),
      call: (input) => {
        const group = autoScaling.groupOf(input.InstanceId ?? '');
        const activity = autoScaling.terminate(input.InstanceId ?? '', input.ShouldDecrementDesiredCapacity === true);
        return { Activity: group && describeActivity(group, activity) };
      },
    }),
    SuspendProcesses: operation<ScalingProcessQuery, SuspendProcessesCommandOutput>({
      mutates: true,
      authorize: onGroup('SuspendProcesses'),
      call: (input) => {
        autoScaling.suspend(autoScaling.get(input.AutoScalingGroupName), processes(input.ScalingProcesses));
        return {};
      },
    }),
    ResumeProcesses: operation<ScalingProcessQuery, ResumeProcessesCommandOutput>({
      mutates: true,
      authorize: onGroup('ResumeProcesses'),
      call: (input) => {
        autoScaling.resume(autoScaling.get(input.AutoScalingGroupName), processes(input.ScalingProcesses));
        return {};
      },
    }),
    CreateOrUpdateTags: operation<CreateOrUpdateTagsType, CreateOrUpdateTagsCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.tags('CreateOrUpdateTags', input.Tags),
      call: (input) => {
        const tags = (input.Tags ?? []).map((tag) => ({ ...tag, group: autoScaling.get(tag.ResourceId) }));
        for (const { group, Key, Value, PropagateAtLaunch } of tags)
          group.tags.set(Key ?? '', { value: Value ?? '', propagate: PropagateAtLaunch === true });
        return {};
      },
    }),
    DeleteTags: operation<DeleteTagsType, DeleteTagsCommandOutput>({
      mutates: true,
      authorize: (input) => authorized.tags('DeleteTags', input.Tags),
      call: (input) => {
        for (const { ResourceId, Key } of input.Tags ?? []) autoScaling.get(ResourceId).tags.delete(Key ?? '');
        return {};
      },
    }),
    SetInstanceProtection: operation<SetInstanceProtectionQuery, SetInstanceProtectionCommandOutput>({
      mutates: true,
      authorize: onGroup('SetInstanceProtection'),
      call: (input) => {
        const group = autoScaling.get(input.AutoScalingGroupName);
        const members = instanceIds(input.InstanceIds).map((id) => group.member(id));
        const late = members.find(({ state }) => !['InService', 'EnteringStandby', 'Standby'].includes(state));
        if (late !== undefined)
          throw new AwsError('ValidationError', `The instance ${late.id} is not in InService or EnteringStandby or Standby.`);
        for (const member of members) member.protectedFromScaleIn = input.ProtectedFromScaleIn === true;
        return {};
      },
    }),
  };
}
