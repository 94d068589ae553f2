import type { Failure } from '../../lib/contract/events';

/** An error's name and its message, as the task that failed gave them. */
export interface Unwrapped {
  readonly error: string;
  readonly message: string;
}

/**
 * What failed, out of its wrappings: a Lambda function's error is JSON in `Cause` (`errorType`, `errorMessage`), and that of a nested
 * execution is JSON again (`Error`, `Cause`), under the name States.TaskFailed
 * (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
 */
export function unwrapFailure({ Error: error, Cause: cause }: Partial<Failure>, depth = 5): Unwrapped {
  const name = error ?? 'Unknown';
  const inner = parse(cause);
  if (!inner || depth === 0) return { error: name, message: cause ?? '' };
  const { errorMessage, errorType, Error: nested, Cause: nestedCause, Status: status, ExecutionArn: arn } = inner;
  if (typeof errorMessage === 'string') return { error: typeof errorType === 'string' ? errorType : name, message: errorMessage };
  if (typeof nested === 'string') {
    return unwrapFailure({ Error: nested, ...(typeof nestedCause === 'string' && { Cause: nestedCause }) }, depth - 1);
  }
  if (typeof status === 'string')
    return { error: name, message: `The execution ${typeof arn === 'string' ? arn : 'that replaced a node'} ended ${status}.` };
  return { error: name, message: cause ?? '' };
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text ?? '') as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
