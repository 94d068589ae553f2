import { Duration, Token } from 'aws-cdk-lib';
import type { ChecksSpec } from '../contract/environment';
import type { BitbucketRollingUpgradeProps } from '../rolling-upgrade-props';
import { checkAlarmNames } from './alarm-names';
import { DAY, HOUR, wholeSeconds } from './durations';
import { PATTERNS } from './patterns';
import type { Problems } from './problems';
import { duplicates, malformed } from './problems';

/** CloudWatch keeps what EC2 measures every 5 minutes for 63 days; two weeks of 100 nodes can still be read within one call of the task. */
const LONGEST_LOOKBACK = 14 * DAY;

/** The props about the checks. What is wrong goes to `problems`. */
export function resolveChecks(props: BitbucketRollingUpgradeProps, problems: Problems): ChecksSpec {
  const { changeCalendars = [], startAlarms = [], maxCpuPercent: maxCpu = 80, loadLookback = Duration.hours(24) } = props;
  const alarms = startAlarms.map(({ alarmName }) => alarmName);
  const bad = changeCalendars.filter((calendar) => malformed(calendar, PATTERNS.calendar));
  problems.add(
    ...bad.map((calendar) => `changeCalendars: '${calendar}' must be the name or the ARN of a change calendar, like 'release-freeze'`),
    ...duplicates(changeCalendars).map((calendar) => `changeCalendars names ${calendar} more than once`),
  );
  checkAlarmNames('startAlarms', alarms, problems);
  problems.require(
    !Token.isUnresolved(maxCpu) && maxCpu >= 1 && maxCpu <= 100,
    `maxCpuPercent ${maxCpu} must be from 1 to 100, known at synth time`,
  );
  const loadHours = wholeSeconds('loadLookback', loadLookback, [HOUR, LONGEST_LOOKBACK], problems) / HOUR;
  return { changeCalendars, alarms, maxCpu, loadHours };
}
