import { AwsError } from '../../kernel/ports';
import type { LoadBalancers } from '../../kernel/ports';
import type { Account } from '../account/account';
import type { Instances } from '../ec2/instances';
import type { TargetGroupProps } from './target-group';
import { TargetGroup } from './target-group';

/** The account's target groups. */
export class Elbv2 implements LoadBalancers {
  private readonly groups = new Map<string, TargetGroup>();
  private readonly listeners: ((group: TargetGroup, instanceId: string) => void)[] = [];

  constructor(
    readonly account: Account,
    readonly instances: Instances,
  ) {
    // what Elastic Load Balancing does with terminated instances: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html
    instances.onChange((instance) => {
      if (instance.state !== 'terminated') return;
      for (const group of this.groups.values()) group.drop(instance.id);
    });
  }

  add(props: TargetGroupProps): TargetGroup {
    const group = new TargetGroup(this.account, props, (changed, instanceId) => {
      for (const listener of this.listeners) listener(changed, instanceId);
    });
    this.groups.set(group.arn, group);
    return group;
  }

  /** Tells of each change of a target's state. */
  onChange(listener: (group: TargetGroup, instanceId: string) => void): void {
    this.listeners.push(listener);
  }

  all(): readonly TargetGroup[] {
    return [...this.groups.values()];
  }

  get(arn: string): TargetGroup {
    const group = this.groups.get(arn);
    if (group === undefined) throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
    return group;
  }

  route(targetGroupArn: string): string | undefined {
    return this.get(targetGroupArn).route();
  }

  healthy(targetGroupArn: string): readonly string[] {
    return this.get(targetGroupArn).in('healthy');
  }
}
