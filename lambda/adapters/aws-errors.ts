import type { Refusal } from '../core/backup/snapshot';
import { TaskError } from '../core/errors';

/** Codes with which AWS services say "not so fast": https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'EC2ThrottledException',
  'BandwidthLimitExceeded',
  'SlowDown',
  'PriorRequestNotComplete',
  'SnapshotCreationPerVolumeRateExceeded',
]);

/** Somebody else changes the same resource at this moment: the call works a moment later. */
const BUSY = new Set([
  'ResourceContention',
  'ResourceContentionFault',
  'ScalingActivityInProgress',
  'ScalingActivityInProgressFault',
  'TransactionConflictException',
]);

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AuthorizationErrorException',
]);

const NETWORK = /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOSTUNREACH|TimeoutError|NetworkingError|AbortError)/;

/** What the SDK's errors have in common. */
interface SdkError {
  readonly name?: string;
  readonly Code?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The code of an error of the SDK; empty for other errors. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { name, Code, code } = error as SdkError;
  return Code ?? (name !== undefined && name !== 'Error' ? name : (code ?? ''));
}

/** Makes an error of the SDK one that the workflow knows. `what`: the call, for people. */
export function translate(error: unknown, what: string): TaskError {
  if (error instanceof TaskError) return error;
  const code = codeOf(error);
  const {
    message = String(error),
    $metadata,
    code: systemCode = '',
  } = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const said = `${what}: ${code || 'failed'}: ${message}`;
  if (THROTTLED.has(code)) return new TaskError('AwsThrottled', said);
  if (DENIED.has(code))
    return new TaskError('AccessDenied', `${said} Allow it in the policy of this function's role, or in the key's or secret's own policy.`);
  const status = $metadata?.httpStatusCode;
  if (BUSY.has(code) || (status !== undefined && status >= 500) || NETWORK.test(code) || NETWORK.test(systemCode)) {
    return new TaskError('AwsUnavailable', said);
  }
  return new TaskError('AwsRejected', said);
}

/** Makes a call to AWS; its errors come out as the workflow's. */
export async function aws<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(error, what);
  }
}

/** As {@link aws}, but errors of these codes are an answer: `undefined`. */
export async function awsUnless<T>(what: string, codes: readonly string[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (codes.includes(codeOf(error))) return undefined;
    throw translate(error, what);
  }
}

/** The code without the `Fault` that the codes of some RDS errors end in. */
export const withoutFault = (code: string): string => code.replace(/Fault$/, '');

/** As {@link aws}, but errors of these codes (without `Fault`) are an answer: that it was refused, and why. */
export async function awsOrRefusal<T>(what: string, codes: readonly string[], call: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await call();
  } catch (error) {
    const refused = withoutFault(codeOf(error));
    if (codes.includes(refused)) return { refused, message: error instanceof Error ? error.message : String(error) };
    throw translate(error, what);
  }
}
