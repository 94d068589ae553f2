import { AwsError } from '../../kernel/ports';

/** The sizes of a group. */
export interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

const refuse = (message: string): AwsError => new AwsError('ValidationError', message);

/**
 * The sizes after an update. A minimum above the desired capacity raises it and a maximum below lowers it, unless the call gives one itself.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
export function updatedSizes(before: Sizes, change: Partial<Sizes>): Sizes {
  const { min = before.min, max = before.max } = change;
  if (min < 0 || max < 0) throw refuse('The minimum and the maximum size must not be negative.');
  if (max < min) throw refuse(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  const desired = change.desired ?? Math.min(Math.max(before.desired, min), max);
  if (desired < min || desired > max)
    throw refuse(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
  return { min, max, desired };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetDesiredCapacity.html */
export function withDesired(before: Sizes, desired: number): Sizes {
  if (desired > before.max)
    throw refuse(`New SetDesiredCapacity value ${desired} is above max value ${before.max} for the AutoScalingGroup.`);
  if (desired < before.min)
    throw refuse(`New SetDesiredCapacity value ${desired} is below min value ${before.min} for the AutoScalingGroup.`);
  return { ...before, desired };
}

const resize = (name: string, { min, max, desired }: Sizes, what: string): AwsError =>
  refuse(
    `AutoScalingGroup ${name} has min-size=${min}, max-size=${max}, and desired-size=${desired}. ` +
      `To place ${what}, please update the AutoScalingGroup sizes appropriately.`,
  );

const instances = (count: number): string => `${count} instance${count === 1 ? '' : 's'}`;

/**
 * Entering Standby lowers the desired capacity if that is asked for, not below the minimum.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html
 */
export function afterEnteringStandby(name: string, before: Sizes, count: number, decrement: boolean): Sizes {
  if (!decrement) return before;
  if (before.desired - count < before.min) throw resize(name, before, `into standby ${instances(count)}`);
  return { ...before, desired: before.desired - count };
}

/**
 * Leaving Standby always raises the desired capacity, not above the maximum.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
 */
export function afterExitingStandby(name: string, before: Sizes, count: number): Sizes {
  if (before.desired + count > before.max) throw resize(name, before, `into service ${instances(count)}`);
  return { ...before, desired: before.desired + count };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html */
export function afterTerminating(before: Sizes, decrement: boolean): Sizes {
  if (!decrement) return before;
  if (before.desired <= before.min)
    throw refuse(
      `Currently, desiredSize equals minSize (${before.min}). Terminating instance without replacement will violate group's min size ` +
        `constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
    );
  return { ...before, desired: before.desired - 1 };
}
