import { Duration } from 'aws-cdk-lib';
import type { RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { RETRYABLE_ERRORS } from '../contract/errors';

/** What Lambda itself answers. */
const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/**
 * The call may work a moment later: what the handlers call retryable, and what Lambda itself answers when it is throttled or ill
 * (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html).
 * Waits of 2, 4, 8, 16, 32 and seven times 60 seconds: 12 attempts bridge 482 seconds, about eight minutes.
 */
const TRANSIENT: RetryProps = {
  errors: [...RETRYABLE_ERRORS, ...LAMBDA_ERRORS],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.seconds(60),
  maxAttempts: 12,
};

/**
 * The function ended without an answer: timed out, out of memory, or its process died. Every task may be run twice, so it is;
 * but what keeps happening is a defect, not a moment. Waits of 2, 4 and 8 seconds: 3 attempts within 14 seconds, and up to 75 seconds each.
 */
const UNANSWERED: RetryProps = {
  errors: ['States.Timeout', 'Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError'],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 3,
};

/** How a Lambda task is tried again. Any other error is terminal. */
export const TASK_RETRIES: readonly RetryProps[] = [TRANSIENT, UNANSWERED];

const NOT_INVOKED: RetryProps = { ...UNANSWERED, errors: UNANSWERED.errors?.filter((error) => error !== 'States.Timeout') };

/** The same for a question to a person, whose time-out means that nobody answered: that is not asked again. */
export const ASK_RETRIES: readonly RetryProps[] = [TRANSIENT, NOT_INVOKED];

/** Of the state that ends a run with the run's own error, which may be retryable by its name: only what Lambda answers is tried again. */
export const END_RETRIES: readonly RetryProps[] = [{ ...TRANSIENT, errors: LAMBDA_ERRORS }, NOT_INVOKED];

/**
 * How the start of a nested execution is tried again: only when Step Functions itself could not start it. A nested execution that
 * failed has done its own retries. Waits of 2, 4, 8, 16, 32 and three times 60 seconds: 8 attempts within 242 seconds.
 */
export const START_RETRY: RetryProps = {
  errors: ['StepFunctions.ExecutionLimitExceededException', 'StepFunctions.ThrottlingException', 'StepFunctions.SdkClientException'],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.seconds(60),
  maxAttempts: 8,
};
