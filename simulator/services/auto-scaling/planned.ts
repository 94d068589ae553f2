import type {
  DescribeScheduledActionsCommandOutput,
  DescribeScheduledActionsType,
  DescribeWarmPoolCommandOutput,
  DescribeWarmPoolType,
  ScheduledUpdateGroupAction,
  WarmPoolConfiguration,
} from '@aws-sdk/client-auto-scaling';
import type { AwsOperation } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { page, reading, refuseUnmodelled } from '../account/operation';
import type { AutoScaling } from './auto-scaling';
import type { Group } from './group';

/** A one-time scheduled action that is still to come. Times are virtual milliseconds. */
export interface ScheduledAction {
  readonly name: string;
  readonly time: number;
  readonly desired: number;
}

/** A warm pool, as far as it is told: its instances are not modelled, so it has none. */
export type WarmPool = Pick<WarmPoolConfiguration, 'MinSize' | 'PoolState' | 'MaxGroupPreparedCapacity'>;

/** What is planned for a group, and what is kept ready for it: to read. */
export function plannedReads(autoScaling: AutoScaling): Record<string, AwsOperation> {
  return {
    DescribeScheduledActions: reading<DescribeScheduledActionsType, DescribeScheduledActionsCommandOutput>(
      'autoscaling:DescribeScheduledActions',
      (input) => {
        const groups = input.AutoScalingGroupName === undefined ? autoScaling.all() : [autoScaling.get(input.AutoScalingGroupName)];
        const actions = groups.flatMap((group) => group.scheduledActions.map((action) => describe(autoScaling, group, action)));
        const { items, next } = page(asked(actions, input), input.MaxRecords ?? 50, input.NextToken);
        return { ScheduledUpdateGroupActions: items, NextToken: next };
      },
    ),
    DescribeWarmPool: reading<DescribeWarmPoolType, DescribeWarmPoolCommandOutput>('autoscaling:DescribeWarmPool', (input) => {
      refuseUnmodelled('DescribeWarmPool', input, ['AutoScalingGroupName', 'MaxRecords', 'NextToken']);
      const { warmPool } = autoScaling.get(input.AutoScalingGroupName);
      return { ...(warmPool !== undefined && { WarmPoolConfiguration: warmPool }), Instances: [] };
    }),
  };
}

/** With names, the times are ignored. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScheduledActions.html */
function asked(actions: readonly ScheduledUpdateGroupAction[], input: DescribeScheduledActionsType): ScheduledUpdateGroupAction[] {
  const { ScheduledActionNames: names, StartTime: from, EndTime: to } = input;
  if ((names?.length ?? 0) > 50) throw new AwsError('ValidationError', 'At most 50 scheduled action names may be given.');
  return actions.filter(({ ScheduledActionName: name = '', StartTime: start }) =>
    names?.length
      ? names.includes(name)
      : start !== undefined && (from === undefined || start >= from) && (to === undefined || start <= to),
  );
}

const describe = ({ account }: AutoScaling, group: Group, { name, time, desired }: ScheduledAction): ScheduledUpdateGroupAction => ({
  AutoScalingGroupName: group.name,
  ScheduledActionName: name,
  ScheduledActionARN: account.arn(
    'autoscaling',
    `scheduledUpdateGroupAction:*:autoScalingGroupName/${group.name}:scheduledActionName/${name}`,
  ),
  StartTime: new Date(time),
  Time: new Date(time),
  DesiredCapacity: desired,
});
