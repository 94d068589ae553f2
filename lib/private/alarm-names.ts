import type { Problems } from './problems';
import { duplicates } from './problems';

/** Most names that one call of DescribeAlarms takes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MOST_ALARMS = 100;

/** Whether all these alarms can be looked at at once. What is wrong goes to `problems`. */
export function checkAlarmNames(prop: string, alarms: readonly string[], problems: Problems): void {
  problems.add(...duplicates(alarms).map((name) => `${prop} names ${name} more than once`));
  problems.require(alarms.length <= MOST_ALARMS, `${prop} names ${alarms.length} alarms; at most ${MOST_ALARMS} can be looked at at once`);
}
