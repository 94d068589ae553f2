import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Alarms } from '../ports/alarms';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: CloudWatchClient | undefined;

/** Most names in one call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const NAMES = 100;

/** CloudWatch alarms. Composite alarms come only when they are asked for by type. */
export const alarms = (): Alarms => ({
  states: async (names) => {
    const found = new Map<string, string>();
    for (let start = 0; start < names.length; start += NAMES) {
      const AlarmNames = names.slice(start, start + NAMES);
      const { MetricAlarms = [], CompositeAlarms = [] } = await aws(`DescribeAlarms of ${AlarmNames.join(', ')}`, () =>
        (client ??= new CloudWatchClient(CLIENT_SETTINGS)).send(
          new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: NAMES }),
        ),
      );
      for (const { AlarmName = '', StateValue = '' } of [...MetricAlarms, ...CompositeAlarms]) found.set(AlarmName, StateValue);
    }
    return found;
  },
});
