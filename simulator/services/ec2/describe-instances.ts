import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  Instance as SdkInstance,
  InstanceState,
} from '@aws-sdk/client-ec2';
import { page, tagList } from '../account/operation';
import type { Ec2 } from './ec2';
import type { Filterable } from './filters';
import { byId, filtered } from './filters';
import type { Ec2Instance, Instances } from './instances';
import { unknownInstances } from './instances';
import type { Volume } from './volumes';
import { ROOT_DEVICE } from './volumes';

const FIELDS: Filterable<Ec2Instance> = {
  'instance-id': (instance) => [instance.id],
  'instance-state-name': (instance) => [instance.state],
  'image-id': (instance) => [instance.imageId],
  'instance-type': (instance) => [instance.instanceType],
  'private-ip-address': (instance) => [instance.privateIp],
  'subnet-id': (instance) => [instance.subnetId],
  'availability-zone': (instance) => [instance.availabilityZone],
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const CODES = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 } as const;

/** An instance's state as the API tells it. */
export const describeState = (state: Ec2Instance['state']): InstanceState => ({ Name: state, Code: CODES[state] });

const found = (instances: Instances, input: Pick<DescribeInstancesRequest, 'InstanceIds' | 'Filters'>): Ec2Instance[] =>
  filtered(byId(instances.visible(), input.InstanceIds, unknownInstances), input.Filters, FIELDS);

/** One reservation an instance. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
export function describeInstances({ account, instances, volumes }: Ec2, input: DescribeInstancesRequest): DescribeInstancesResult {
  const { items, next } = page(found(instances, input), input.MaxResults ?? 1000, input.NextToken);
  const Reservations = items.map((instance) => ({
    ReservationId: instance.id.replace('i-', 'r-'),
    OwnerId: account.id,
    Groups: [],
    Instances: [describeInstance(instance, volumes.of({ InstanceId: instance.id }))],
  }));
  return { Reservations, NextToken: next };
}

/** Only running instances unless all are asked for. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html */
export function describeInstanceStatus(instances: Instances, input: DescribeInstanceStatusRequest): DescribeInstanceStatusResult {
  const seen = found(instances, input).filter((instance) => input.IncludeAllInstances === true || instance.state === 'running');
  const { items, next } = page(seen, input.MaxResults ?? 1000, input.NextToken);
  const InstanceStatuses = items.map((instance) => {
    const status = instance.state === 'running' ? ('ok' as const) : ('not-applicable' as const);
    return {
      InstanceId: instance.id,
      AvailabilityZone: instance.availabilityZone,
      InstanceState: describeState(instance.state),
      InstanceStatus: { Status: status },
      SystemStatus: { Status: status },
    };
  });
  return { InstanceStatuses, NextToken: next };
}

function describeInstance(instance: Ec2Instance, volumes: readonly Volume[]): SdkInstance {
  const gone = instance.state === 'terminated'; // a terminated instance has no address any more
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType as NonNullable<SdkInstance['InstanceType']>,
    State: describeState(instance.state),
    StateReason: instance.stateReason && { Code: instance.stateReason.code, Message: instance.stateReason.message },
    ...(!gone && {
      PrivateIpAddress: instance.privateIp,
      PrivateDnsName: `ip-${instance.privateIp.replaceAll('.', '-')}.ec2.internal`,
      SubnetId: instance.subnetId,
    }),
    Placement: { AvailabilityZone: instance.availabilityZone, Tenancy: 'default' },
    LaunchTime: new Date(instance.launchedAt),
    ...(instance.instanceProfileArn !== undefined && { IamInstanceProfile: { Arn: instance.instanceProfileArn } }),
    SecurityGroups: instance.securityGroupIds.map((GroupId) => ({ GroupId })),
    Architecture: 'x86_64',
    RootDeviceType: 'ebs',
    RootDeviceName: volumes.find(({ boot }) => boot)?.device ?? ROOT_DEVICE,
    BlockDeviceMappings: volumes.map(({ id, device, deleteOnTermination }) => ({
      DeviceName: device,
      Ebs: { VolumeId: id, Status: 'attached', DeleteOnTermination: deleteOnTermination },
    })),
    Tags: tagList(instance.tags),
  };
}
