import { isTaskError } from '../core/errors';
import { pause } from './task';

/** Milliseconds until it is looked whether a refused call had already been carried out: reads lag behind changes. */
const SETTLE = 5_000;

/**
 * Makes a call that is refused once its effect is there. When it is refused although the look before said that it is needed, an earlier
 * call of which the answer was lost may have had the effect, and the look was stale: so it is looked again before the refusal counts.
 */
export async function unlessReached(call: () => Promise<void>, isReached: () => Promise<boolean>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isTaskError(error, 'AwsRejected')) throw error;
    await pause(SETTLE);
    if (!(await isReached())) throw error;
  }
}
