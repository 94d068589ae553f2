import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Metrics } from '../ports/account';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: CloudWatchClient | undefined;

/** Seconds: what EC2 measures without detailed monitoring. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-cloudwatch-new.html */
const PERIOD = 300;

/** CloudWatch metrics of EC2: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const metrics = (): Metrics => ({
  cpu: async (instanceIds, StartTime, EndTime) => {
    if (instanceIds.length === 0) return [];
    const MetricDataQueries = instanceIds.map((Value, index) => ({
      Id: `cpu${index}`,
      MetricStat: {
        Metric: { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [{ Name: 'InstanceId', Value }] },
        Period: PERIOD,
        Stat: 'Average',
      },
    }));
    const found: MetricDataResult[] = [];
    let NextToken: string | undefined;
    do {
      const page = await aws('GetMetricData of CPUUtilization', () =>
        (client ??= new CloudWatchClient(CLIENT_SETTINGS)).send(
          new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime, ...(NextToken !== undefined && { NextToken }) }),
        ),
      );
      found.push(...(page.MetricDataResults ?? []));
      NextToken = page.NextToken || undefined;
    } while (NextToken !== undefined);
    return MetricDataQueries.map(({ Id }) =>
      found
        .filter((result) => result.Id === Id)
        .flatMap(({ Timestamps = [], Values = [] }) =>
          Timestamps.map((time, at) => ({ time: time.toISOString(), value: Values[at] ?? 0 })),
        ),
    );
  },
});
