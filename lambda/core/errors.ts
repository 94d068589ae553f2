import type { ErrorName } from '../../lib/contract/errors';

/**
 * An error that the workflow knows by its name: `Retry` and `Catch` match `name`, people read `message`.
 * The message says what was found, what is allowed and what to do next; it never holds a secret.
 */
export class TaskError extends Error {
  override readonly name: ErrorName;

  constructor(name: ErrorName, message: string) {
    super(message);
    this.name = name;
  }
}

/** Whether `error` is a {@link TaskError} of one of these names. */
export const isTaskError = (error: unknown, ...names: readonly ErrorName[]): error is TaskError =>
  error instanceof TaskError && (names.length === 0 || names.includes(error.name));
