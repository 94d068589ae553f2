import { answers } from '../adapters/answers';
import type { Answers } from '../ports/answers';
import { task } from '../shared/task';

interface Input {
  readonly token: string;
  /** Of the report. */
  readonly error: string;
  readonly cause: string;
  /** How many times the execution has been redriven: now, and when it was reported. */
  readonly redriveCount: number;
  readonly reportedAt: number;
}

/** Ends the run with its error, as a person reads it; or, when it was redriven since the report, lets it begin anew. */
export async function endRun({ token, error, cause, redriveCount, reportedAt }: Input, to: Answers): Promise<{ readonly detail: string }> {
  if (redriveCount > reportedAt) {
    await to.succeed(token, { redriveCount });
    return { detail: `redriven for the ${redriveCount}. time: the run begins anew` };
  }
  await to.fail(token, error, cause);
  return { detail: `the run ends: ${error}` };
}

export const handler = task('end-run', (input: Input) => endRun(input, answers()));
