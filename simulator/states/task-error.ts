import { TASK_ROOT } from './containers';

/** Longest `cause` of an error. https://docs.aws.amazon.com/step-functions/latest/apireference/API_LambdaFunctionFailedEventDetails.html */
const MAX_CAUSE_LENGTH = 32_768;

/** An error of a task, as Step Functions matches it: `name` is the error name, `message` the cause. */
export class TaskError extends Error {
  /** Read by the engine: whether `Retry` and `Catch` may match it. */
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string, options: { readonly final?: boolean; readonly keepsContainer?: boolean } = {}) {
    super(cause.slice(0, MAX_CAUSE_LENGTH));
    this.name = name;
    this.isRetryable = options.final !== true;
    this.isCatchable = options.final !== true;
    this.keepsContainer = options.keepsContainer ?? false;
  }

  /** Whether the Lambda environment lives on: the handler threw, the process did not die. */
  readonly keepsContainer: boolean;
}

/** Payload limit of a state's input and output, in bytes. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: a terminal error that `States.ALL` does not catch.
 *
 * @throws TaskError when the JSON is too large.
 */
export function checkSize(json: string, what: string): void {
  if (json.length * 3 <= MAX_PAYLOAD_BYTES) return; // cannot be larger in UTF-8
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_PAYLOAD_BYTES) return;
  throw new TaskError('States.DataLimitExceeded', `The ${what} has ${bytes} bytes; the limit is ${MAX_PAYLOAD_BYTES}.`, { final: true });
}

/** What a handler threw, as Lambda reports it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export function invocationError(thrown: unknown): TaskError {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as { name?: string; message?: string; stack?: string };
  const errorType = error.name ?? 'Error';
  const errorMessage = error.message ?? String(thrown);
  const trace = traceOf(error.stack ?? '');
  return new TaskError(errorType, JSON.stringify({ errorType, errorMessage, trace }), {
    keepsContainer: errorType !== 'Runtime.ExitError',
  });
}

/** The stack's frames in the function's own code: the simulator's are none of a Lambda's. */
function traceOf(stack: string): string[] {
  const [first = '', ...frames] = stack.split('\n');
  return [first, ...frames.filter((frame) => frame.includes(TASK_ROOT))];
}
