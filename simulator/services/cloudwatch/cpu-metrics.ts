import type {
  Datapoint,
  Dimension,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { AwsService, Clock } from '../../kernel/ports';
import { AwsError } from '../../kernel/ports';
import { operation, reading, refuseUnmodelled } from '../account/operation';
import { periods, statistic } from './statistics';
import type { Samples } from './statistics';

/** CPU in percent: always the same, or by virtual time in milliseconds (`undefined`: nothing was measured then). */
export type CpuLoad = number | ((time: number) => number | undefined);

/** An instance that may be measured. */
export interface MeasuredInstance {
  readonly id: string;
  /** Virtual milliseconds. */
  readonly launchedAt: number;
  readonly terminatedAt?: number | undefined;
  /** The Auto Scaling group that launched it. */
  readonly group?: string | undefined;
}

const NAMESPACE = 'AWS/EC2';
const METRIC = 'CPUUtilization';

/** Most data points of one answer: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
const MOST_STATISTICS = 1440;

/**
 * CloudWatch's metric `CPUUtilization` of EC2, by `InstanceId` or `AutoScalingGroupName`: the values are what the scenario says.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
export class CpuMetrics implements AwsService {
  readonly client = 'client-cloudwatch';
  private readonly loads = new Map<string, CpuLoad>();

  /** @param instances every instance that ever was */
  constructor(
    private readonly clock: Clock,
    private readonly instances: () => readonly MeasuredInstance[],
  ) {}

  /** Says how busy an instance is, or each instance of an Auto Scaling group that nothing else is said of. */
  set(instanceIdOrGroup: string, load: CpuLoad): void {
    this.loads.set(instanceIdOrGroup, load);
  }

  readonly operations = {
    GetMetricData: reading<GetMetricDataCommandInput, GetMetricDataCommandOutput>('cloudwatch:GetMetricData', (input) => {
      refuseUnmodelled('GetMetricData', input, ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy', 'MaxDatapoints']);
      const asked = input.MetricDataQueries ?? [];
      if (new Set(asked.map(({ Id }) => Id)).size < asked.length)
        throw new AwsError('ValidationError', 'The ids of the queries must differ.');
      return { MetricDataResults: asked.map((query) => this.result(query, input)), Messages: [] };
    }),
    GetMetricStatistics: operation<GetMetricStatisticsCommandInput, GetMetricStatisticsCommandOutput>({
      mutates: false,
      authorize: () => [{ action: 'cloudwatch:GetMetricStatistics', resources: ['*'] }],
      call: (input) => {
        refuseUnmodelled('GetMetricStatistics', input, [
          ...['Namespace', 'MetricName', 'Dimensions', 'StartTime', 'EndTime', 'Period', 'Statistics', 'Unit'],
        ]);
        const samples = this.samples(input.Namespace, input.MetricName, input.Dimensions);
        const found = periods(samples, timeOf(input.StartTime), timeOf(input.EndTime), input.Period ?? 0, MOST_STATISTICS);
        const statistics = input.Statistics ?? [];
        const datapoint = ({ time, values }: (typeof found)[number]): Datapoint => ({
          Timestamp: new Date(time),
          Unit: 'Percent',
          ...Object.fromEntries(statistics.map((name) => [name, statistic(name, values)])),
        });
        return { Label: METRIC, Datapoints: found.map(datapoint) };
      },
    }),
  };

  private result(query: MetricDataQuery, { StartTime, EndTime, ScanBy }: GetMetricDataCommandInput): MetricDataResult {
    refuseUnmodelled('a query of GetMetricData', query, ['Id', 'Label', 'MetricStat', 'ReturnData']);
    const { Metric, Period = 0, Stat = '' } = query.MetricStat ?? {};
    const found = periods(
      this.samples(Metric?.Namespace, Metric?.MetricName, Metric?.Dimensions),
      timeOf(StartTime),
      timeOf(EndTime),
      Period,
    );
    if (ScanBy !== 'TimestampAscending') found.reverse();
    return {
      Id: query.Id,
      Label: query.Label ?? METRIC,
      Timestamps: found.map(({ time }) => new Date(time)),
      Values: found.map(({ values }) => statistic(Stat, values)),
      StatusCode: 'Complete',
    };
  }

  /** What does not exist, and other metrics, have no values: CloudWatch answers an empty list, not an error. */
  private samples(namespace: string | undefined, metric: string | undefined, dimensions: readonly Dimension[] | undefined): Samples {
    const [dimension, more] = dimensions ?? [];
    if (namespace !== NAMESPACE || metric !== METRIC || dimension === undefined || more !== undefined) return () => [];
    const { Name: name, Value: value } = dimension;
    const measured = this.instances().filter(
      ({ id, group }) => (name === 'InstanceId' ? id : name === 'AutoScalingGroupName' ? group : undefined) === value,
    );
    return (time) => measured.flatMap((instance) => this.measure(instance, time) ?? []);
  }

  private measure(instance: MeasuredInstance, time: number): number | undefined {
    const lives = time >= instance.launchedAt && time <= (instance.terminatedAt ?? this.clock.now());
    const load = this.loads.get(instance.id) ?? this.loads.get(instance.group ?? '');
    return !lives ? undefined : typeof load === 'function' ? load(time) : load;
  }
}

const timeOf = (date: Date | undefined): number => date?.getTime() ?? Number.NaN;
