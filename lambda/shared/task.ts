import type { BackupTaskName, TaskName } from '../../lib/contract/tasks';

/**
 * The Lambda handler of a task: one structured log line with what was decided, or why it could not be. Neither results nor
 * messages hold secrets. The error goes on as it is: Step Functions knows it by its `name`.
 */
export const task =
  <Input, Result extends object | undefined>(name: TaskName | BackupTaskName, run: (input: Input) => Promise<Result>) =>
  async (input: Input): Promise<Result> => {
    try {
      const result = await run(input);
      console.log({ task: name, ...result });
      return result;
    } catch (error) {
      const { name: error_, message } = error instanceof Error ? error : new Error(String(error));
      console.error({ task: name, error: error_, message });
      throw error;
    }
  };

/** Milliseconds between two looks, where one is not enough: reads lag behind changes, a launch shows late, one answer or health check may be lost. */
export const SECOND_LOOK = 15_000;

/** Real (in a simulation: virtual) time passes. */
export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
