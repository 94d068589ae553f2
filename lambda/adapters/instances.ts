import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { Instances } from '../ports/compute';
import { aws } from './aws-errors';
import { ec2 } from './ec2-client';

/** EC2 instances. Asked by filter: an id that is not known (yet) is left out, where asking by id would be an error. */
export const instances = (): Instances => ({
  describe: async (instanceIds) => {
    const found = [];
    // A filter takes up to 200 values: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
    for (let start = 0; start < instanceIds.length; start += 200) {
      const Values = instanceIds.slice(start, start + 200);
      const { Reservations = [] } = await aws('DescribeInstances', () =>
        ec2().send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values }] })),
      );
      found.push(...Reservations.flatMap((reservation) => reservation.Instances ?? []));
    }
    return found.map((instance) => ({
      instanceId: instance.InstanceId ?? '',
      privateIp: instance.PrivateIpAddress ?? '',
      imageId: instance.ImageId ?? '',
      state: instance.State?.Name ?? 'unknown',
      launchedAt: instance.LaunchTime?.toISOString() ?? '',
    }));
  },
});
