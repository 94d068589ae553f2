import type { RetryableErrorName } from '../../lib/contract/errors';
import { RETRYABLE_ERRORS } from '../../lib/contract/errors';
import type { Known } from '../core/checks/check';
import { known } from '../core/checks/check';
import { isTaskError } from '../core/errors';

/**
 * Looks something up for the checks. What cannot be read is unknown, and only the checks that need it suffer.
 *
 * @param importance `needed`: when it may work a moment later, the error is thrown, so that Step Functions tries again; `helpful`: only
 * warnings need it, and nobody waits for it
 */
export async function look<T>(importance: 'needed' | 'helpful', read: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (!isTaskError(error)) throw error;
    if (importance === 'needed' && RETRYABLE_ERRORS.includes(error.name as RetryableErrorName)) throw error;
    return { unknown: `${error.name}: ${error.message}` };
  }
}

/** What follows from something that was looked up. */
export const from = <T, U>(fact: Known<T>, derive: (value: T) => U): Known<U> => ('value' in fact ? known(derive(fact.value)) : fact);
