import fc from 'fast-check';
import { periods, statistic } from '../../../../simulator/services/cloudwatch/statistics';
import { refusal, world } from './world';

const HOUR = 60 * 60 * 1000;

/** A world in which the first node is at 80 %, and each other one at 20 %. */
function busy() {
  const w = world();
  const now = w.clock.now();
  const [first = ''] = w.ids('InService');
  w.cloud.cpu.set('nodes', 20);
  w.cloud.cpu.set(first, 80);
  const dimensions = (Name: string, Value: string): object => ({
    Namespace: 'AWS/EC2',
    MetricName: 'CPUUtilization',
    Dimensions: [{ Name, Value }],
  });
  const span = { StartTime: new Date(now - 2 * HOUR), EndTime: new Date(now) };
  const data = (Name: string, Value: string, Stat: string, more: object = {}): number[] => {
    const MetricStat = { Metric: dimensions(Name, Value), Period: 3600, Stat };
    const answer = w.call<{ MetricDataResults: { Values: number[] }[] }>('GetMetricData', {
      MetricDataQueries: [{ Id: 'cpu', MetricStat }],
      ...span,
      ...more,
    });
    return answer.MetricDataResults[0]!.Values;
  };
  return { w, now, first, dimensions, span, data };
}

test('an instance has its own load, or that of its group', () => {
  const { w, first, data } = busy();
  expect(data('InstanceId', first, 'Average')).toEqual([80, 80]);
  expect(data('InstanceId', w.ids('InService')[1]!, 'Maximum')).toEqual([20, 20]);
});

test('a group has the values of all its instances', () => {
  const { data } = busy();
  expect(data('AutoScalingGroupName', 'nodes', 'Average')).toEqual([35, 35]);
  expect(data('AutoScalingGroupName', 'nodes', 'Maximum')).toEqual([80, 80]);
  expect(data('AutoScalingGroupName', 'nodes', 'SampleCount')).toEqual([48, 48]);
});

test('what nobody measured has no values', () => {
  const { data } = busy();
  expect(data('InstanceId', 'i-unknown', 'Average')).toEqual([]);
  expect(data('ImageId', 'ami-old', 'Average')).toEqual([]);
});

test('a load may change with time; the newest comes first unless it is asked for otherwise', () => {
  const { w, now, first, data } = busy();
  w.cloud.cpu.set(first, (time) => (time < now - HOUR ? 10 : 60));
  expect(data('InstanceId', first, 'Average')).toEqual([60, 10]);
  expect(data('InstanceId', first, 'Average', { ScanBy: 'TimestampAscending' })).toEqual([10, 60]);
});

test('a new instance has no values of before its launch', () => {
  const { w, now } = busy();
  w.call('SetDesiredCapacity', { AutoScalingGroupName: 'nodes', DesiredCapacity: 5 });
  w.clock.pass(600);
  const fresh = w.cloud.instances().at(-1)!;
  const answer = w.call<{ Datapoints: { Timestamp: Date }[] }>('GetMetricStatistics', {
    ...{ Namespace: 'AWS/EC2', MetricName: 'CPUUtilization', Dimensions: [{ Name: 'InstanceId', Value: fresh.id }] },
    ...{ StartTime: new Date(now - HOUR), EndTime: new Date(w.clock.now()), Period: 300, Statistics: ['Average'] },
  });
  expect(answer.Datapoints.map(({ Timestamp }) => Timestamp.getTime())).toEqual([now + 300_000]);
});

test('statistics give each asked value in percent', () => {
  const { w, dimensions, span } = busy();
  const input = { ...dimensions('AutoScalingGroupName', 'nodes'), ...span, Period: 7200, Statistics: ['Average', 'Minimum'] };
  expect(w.call('GetMetricStatistics', input)).toMatchObject({ Datapoints: [{ Average: 35, Minimum: 20, Unit: 'Percent' }] });
  expect(refusal(() => w.call('GetMetricStatistics', { ...input, Period: 90 }))).toContain('multiple of 60');
  expect(refusal(() => w.call('GetMetricStatistics', { ...input, EndTime: new Date(0) }))).toContain('must be less than');
  expect(refusal(() => w.call('GetMetricStatistics', { ...input, StartTime: new Date(0), Period: 300 }))).toContain('the limit is 1440');
  expect(refusal(() => w.call('GetMetricStatistics', { ...input, Statistics: ['p99'] }))).toContain('does not model the statistic p99');
});

test('every sample is in exactly one period', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 48 }), fc.integer({ min: 1, max: 60 }), (hours, minutes) => {
      const found = periods(() => [1], 0, hours * HOUR, minutes * 60);
      expect(found.flatMap(({ values }) => values)).toHaveLength(hours * 12);
      expect(statistic('Sum', [1, 2, 3])).toBe(6);
    }),
  );
});
