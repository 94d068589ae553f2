import type {
  DeregisterTargetsCommandOutput,
  DeregisterTargetsInput,
  DescribeTargetGroupAttributesCommandOutput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupsCommandOutput,
  DescribeTargetGroupsInput,
  DescribeTargetHealthCommandOutput,
  DescribeTargetHealthInput,
  RegisterTargetsCommandOutput,
  RegisterTargetsInput,
  TargetDescription,
  TargetGroup as SdkTargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsService } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, page, reading, refuseUnmodelled, tagList } from '../account/operation';
import type { Elbv2 } from './elbv2';
import type { Health, TargetGroup } from './target-group';

/** The Elastic Load Balancing v2 API. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Operations.html */
export function elbv2Service(elbv2: Elbv2): AwsService {
  const target = (action: string) => (input: { TargetGroupArn: string | undefined }) => [
    { action, resources: [input.TargetGroupArn ?? '*'] },
  ];
  return {
    client: 'client-elastic-load-balancing-v2',
    operations: {
      DescribeTargetGroups: reading<DescribeTargetGroupsInput, DescribeTargetGroupsCommandOutput>(
        'elasticloadbalancing:DescribeTargetGroups',
        (input) => {
          refuseUnmodelled('DescribeTargetGroups', input, ['TargetGroupArns', 'Names', 'Marker', 'PageSize']);
          const { items, next } = page(select(elbv2, input), input.PageSize ?? 400, input.Marker);
          return { TargetGroups: items.map(describeGroup), NextMarker: next };
        },
      ),
      DescribeTargetGroupAttributes: reading<DescribeTargetGroupAttributesInput, DescribeTargetGroupAttributesCommandOutput>(
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        (input) => ({ Attributes: tagList(elbv2.get(input.TargetGroupArn ?? '').attributes) }),
      ),
      DescribeTargetHealth: reading<DescribeTargetHealthInput, DescribeTargetHealthCommandOutput>(
        'elasticloadbalancing:DescribeTargetHealth',
        (input) => {
          refuseUnmodelled('DescribeTargetHealth', input, ['TargetGroupArn', 'Targets']);
          const group = elbv2.get(input.TargetGroupArn ?? '');
          const ids = input.Targets?.map(({ Id }) => Id ?? '') ?? group.targets().map(({ id }) => id);
          return { TargetHealthDescriptions: ids.map((id) => describeHealth(group, id, group.health(id))) };
        },
      ),
      RegisterTargets: operation<RegisterTargetsInput, RegisterTargetsCommandOutput>({
        mutates: true,
        authorize: target('elasticloadbalancing:RegisterTargets'),
        call: (input) => {
          const group = elbv2.get(input.TargetGroupArn ?? '');
          for (const instance of idsOf(input.Targets).map((id) => registrable(elbv2, id))) group.register(instance);
          return {};
        },
      }),
      DeregisterTargets: operation<DeregisterTargetsInput, DeregisterTargetsCommandOutput>({
        mutates: true,
        authorize: target('elasticloadbalancing:DeregisterTargets'),
        call: (input) => {
          const group = elbv2.get(input.TargetGroupArn ?? '');
          for (const id of idsOf(input.Targets)) group.deregister(id);
          return {};
        },
      }),
    },
  };
}

const idsOf = (targets: readonly TargetDescription[] | undefined): string[] => (targets ?? []).map(({ Id }) => Id ?? '');

function registrable(elbv2: Elbv2, id: string) {
  const instance = elbv2.instances.find(id);
  if (instance?.state === 'running') return instance;
  throw new AwsError('InvalidTarget', `The following targets are not in a running state and cannot be registered: '${id}'`);
}

function select(elbv2: Elbv2, input: DescribeTargetGroupsInput): readonly TargetGroup[] {
  if (input.TargetGroupArns?.length) return input.TargetGroupArns.map((arn) => elbv2.get(arn));
  if (!input.Names?.length) return elbv2.all();
  return input.Names.map((name) => {
    const group = elbv2.all().find((one) => one.name === name);
    if (group === undefined) throw new AwsError('TargetGroupNotFound', `Target groups '${name}' not found`);
    return group;
  });
}

function describeGroup(group: TargetGroup): SdkTargetGroup {
  const { healthCheck } = group;
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    TargetType: 'instance',
    HealthCheckEnabled: true,
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: String(healthCheck.port),
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    ...(healthCheck.protocol !== 'TCP' && { HealthCheckPath: healthCheck.path, Matcher: { HttpCode: healthCheck.matcher } }),
  };
}

const describeHealth = (group: TargetGroup, id: string, health: Health) => ({
  Target: { Id: id, Port: group.port },
  HealthCheckPort: String(group.healthCheck.port),
  TargetHealth: {
    State: health.state,
    Reason: health.reason as 'Elb.RegistrationInProgress' | undefined,
    Description: health.description,
  },
});
