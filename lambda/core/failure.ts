import type { Failure, NodeRef } from '../../lib/contract/events';

/** An error's name and its message, as the task that failed gave them. */
export interface Unwrapped {
  readonly error: string;
  readonly message: string;
  /** The node that was being replaced, when the failure came from there. */
  readonly node?: NodeRef;
}

/**
 * What failed, out of its wrappings: a Lambda function's error is JSON in `Cause` (`errorType`, `errorMessage`), and that of a nested
 * execution is JSON again (`Error`, `Cause`, `Input`), under the name States.TaskFailed
 * (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
 */
export function unwrapFailure({ Error: error, Cause: cause }: Partial<Failure>, depth = 5): Unwrapped {
  const name = error ?? 'Unknown';
  const inner = parse(cause);
  if (!inner || depth === 0) return cutOff(name, cause ?? '');
  const { errorMessage, errorType, Error: nested, Cause: nestedCause, Status: status, ExecutionArn: arn } = inner;
  if (typeof errorMessage === 'string') return { error: typeof errorType === 'string' ? errorType : name, message: errorMessage };
  const node = nodeOf(inner['Input']);
  const found = node && { node };
  if (typeof nested === 'string') {
    return { ...found, ...unwrapFailure({ Error: nested, ...(typeof nestedCause === 'string' && { Cause: nestedCause }) }, depth - 1) };
  }
  if (typeof status === 'string')
    return { ...found, error: name, message: `The execution ${typeof arn === 'string' ? arn : 'that replaced a node'} ended ${status}.` };
  return { ...found, error: name, message: cause ?? '' };
}

/** A cause may be cut off at 32,768 characters, and is no JSON then: the name of the error in it is still wanted. */
function cutOff(name: string, cause: string): Unwrapped {
  const found = name === 'States.TaskFailed' ? /"Error":"(\w[\w.]*)"/.exec(cause)?.[1] : undefined;
  return { error: found ?? name, message: cause };
}

/** `node` of the nested execution's input, which is text or an object. */
function nodeOf(input: unknown): NodeRef | undefined {
  const { node } = (typeof input === 'string' ? parse(input) : objectOf(input)) ?? {};
  const { instanceId, privateIp } = objectOf(node) ?? {};
  return typeof instanceId === 'string' && typeof privateIp === 'string' ? { instanceId, privateIp } : undefined;
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;

function parse(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectOf(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
