import { Duration, Token } from 'aws-cdk-lib';
import type { BakeSpec } from '../contract/environment';
import { FailurePolicy } from '../failure-policy';
import type { BitbucketRollingUpgradeProps } from '../rolling-upgrade-props';
import { checkAlarmNames } from './alarm-names';
import { DAY, MINUTE, wholeSeconds } from './durations';
import type { Problems } from './problems';

/** How failures are noticed and answered, with every default filled in. */
export interface FailureHandling {
  /** `roll-back`, `hold` or `go-forward`. */
  readonly policy: string;
  /** How long a run waits for an operator's answer, in seconds. */
  readonly holdLimit: number;
  readonly replacementBudget: number;
  readonly bake: BakeSpec;
}

const MOST_FAILURES = 10;

/** The props about failures. What is wrong goes to `problems`. */
export function resolveFailureHandling(props: BitbucketRollingUpgradeProps, problems: Problems): FailureHandling {
  const { mode, limit = Duration.hours(24) } = (props.failurePolicy ?? FailurePolicy.rollBack()).bind();
  const { replacementBudget = 2, bakeAlarms = [] } = props;
  const handling: FailureHandling = {
    policy: mode,
    holdLimit: wholeSeconds('failurePolicy: limit', limit, [5 * MINUTE, 30 * DAY], problems),
    replacementBudget,
    bake: {
      first: wholeSeconds('bakeTimeFirst', props.bakeTimeFirst ?? Duration.seconds(0), [0, DAY], problems),
      each: wholeSeconds('bakeTimeEach', props.bakeTimeEach ?? Duration.seconds(0), [0, DAY], problems),
      alarms: bakeAlarms.map(({ alarmName }) => alarmName),
    },
  };
  problems.require(
    mode === 'roll-back' || props.notificationTopic !== undefined,
    `failurePolicy '${mode}' needs a notificationTopic: the operator is asked there, and told how to answer`,
  );
  problems.require(
    !Token.isUnresolved(replacementBudget) &&
      Number.isInteger(replacementBudget) &&
      replacementBudget >= 0 &&
      replacementBudget <= MOST_FAILURES,
    `replacementBudget ${replacementBudget} must be a whole number from 0 to ${MOST_FAILURES}, known at synth time`,
  );
  checkAlarms(handling.bake, problems);
  return handling;
}

function checkAlarms({ first, each, alarms }: BakeSpec, problems: Problems): void {
  checkAlarmNames('bakeAlarms', alarms, problems);
  problems.require(
    alarms.length === 0 || first + each > 0,
    'bakeAlarms are looked at only while a new node is watched: give bakeTimeFirst or bakeTimeEach',
  );
}
