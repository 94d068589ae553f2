import { AwsError } from '../../kernel/ports';

/** Basic monitoring sends one value each five minutes. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html */
const SAMPLE_MS = 5 * 60 * 1000;

/** Data points of one answer: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const MOST_DATAPOINTS = 100_800;

/** The statistics that are modelled. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
const STATISTICS = ['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** What was measured at a moment, by everything that the dimensions name. */
export type Samples = (time: number) => readonly number[];

/** One period with the values of all that was measured in it; `time` is its beginning. */
export interface Period {
  readonly time: number;
  readonly values: readonly number[];
}

/**
 * The periods from `from` (rounded down to a period) until before `to` in which anything was measured.
 * @param seconds length of a period, a multiple of 60
 * @param most periods that may be asked for at once: more pages are not modelled
 */
export function periods(samples: Samples, from: number, to: number, seconds: number, most = MOST_DATAPOINTS): Period[] {
  if (seconds <= 0 || seconds % 60 !== 0) throw new AwsError('ValidationError', `Period must be a multiple of 60, not ${seconds}.`);
  if (!(from < to)) throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
  const length = seconds * 1000;
  if ((to - from) / length > most) {
    throw new AwsError('ValidationError', `The request covers ${Math.ceil((to - from) / length)} datapoints, the limit is ${most}.`);
  }
  const found: Period[] = [];
  for (let time = Math.floor(from / length) * length; time < to; time += length) {
    const values: number[] = [];
    for (let at = Math.ceil(time / SAMPLE_MS) * SAMPLE_MS; at < Math.min(time + length, to); at += SAMPLE_MS) values.push(...samples(at));
    if (values.length > 0) found.push({ time, values });
  }
  return found;
}

/** A statistic over the values of a period. Percentiles and trimmed means are not modelled. */
export function statistic(name: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name as Statistic) {
    case 'Average':
      return sum / values.length;
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'Sum':
      return sum;
    case 'SampleCount':
      return values.length;
    default:
      throw new AwsError('NotImplemented', `The simulator does not model the statistic ${name}, only ${STATISTICS.join(', ')}.`, 501);
  }
}
