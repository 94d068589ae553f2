import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroups, TargetHealth } from '../ports/target-health';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: ElasticLoadBalancingV2Client | undefined;
const connect = (): ElasticLoadBalancingV2Client => (client ??= new ElasticLoadBalancingV2Client(CLIENT_SETTINGS));

/** Who is registered in these target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html */
export const targetHealth = (targetGroupArns: readonly string[]): TargetHealth => ({
  describe: async () => {
    const found = await Promise.all(
      targetGroupArns.map(async (targetGroupArn) => {
        const { TargetHealthDescriptions = [] } = await aws(`DescribeTargetHealth of ${targetGroupArn}`, () =>
          connect().send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
        );
        return TargetHealthDescriptions.map(({ Target, TargetHealth: health }) => ({
          targetGroupArn,
          instanceId: Target?.Id ?? '',
          state: health?.State ?? '',
          reason: health?.Reason ?? '',
        }));
      }),
    );
    return found.flat();
  },
});

/** The settings of these target groups. */
export const targetGroups = (targetGroupArns: readonly string[]): TargetGroups => ({
  settings: async () => {
    const { TargetGroups: groups = [] } = await aws('DescribeTargetGroups', () =>
      connect().send(new DescribeTargetGroupsCommand({ TargetGroupArns: [...targetGroupArns] })),
    );
    return Promise.all(
      groups.map(async (group) => {
        const TargetGroupArn = group.TargetGroupArn ?? '';
        const { Attributes = [] } = await aws(`DescribeTargetGroupAttributes of ${TargetGroupArn}`, () =>
          connect().send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
        );
        const delay = Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
        return {
          arn: TargetGroupArn,
          protocol: group.Protocol ?? '',
          port: group.Port ?? 0,
          healthCheckPort: group.HealthCheckPort ?? 'traffic-port',
          healthCheckProtocol: group.HealthCheckProtocol ?? '',
          healthCheckPath: group.HealthCheckPath ?? '',
          deregistrationDelaySeconds: Number(delay ?? 300), // 300 is the documented default
        };
      }),
    );
  },
});
