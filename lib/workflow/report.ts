import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Fail } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

const UNREPORTED = 'The outcome could not be reported';

/** Steps of which an error ends the run as failed, though all else went well: somebody must look, since nobody was told. */
export function couldNotReport(steps: Steps): Steps {
  const existing = steps.scope.node.tryFindChild(UNREPORTED) as Fail | undefined;
  const fail =
    existing ??
    new Fail(steps.scope, UNREPORTED, {
      comment: 'The run ended as the history shows; only the report failed.',
      errorPath: '$.reportFailure.Error',
      causePath: '$.reportFailure.Cause',
    });
  return steps.catching(fail, '$.reportFailure');
}

/** A report that ends with a failed execution. */
export interface FailingReport {
  readonly name: string;
  /** Name of the end when the report itself fails. */
  readonly unreported: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly comment: string;
  /** What comes after it: the state is the report by then. */
  readonly ends: IChainable;
}

/**
 * The error of the execution and its cause are the report's, or, when the report itself fails, the bare ones.
 *
 * @returns the report's state
 */
export function failingReport(steps: Steps, { name, unreported, payload, comment, ends }: FailingReport): IChainable {
  const bare = new Fail(steps.scope, unreported, {
    comment: 'The report failed too: this is the bare error.',
    errorPath: '$.failure.Error',
    causePath: '$.failure.Cause',
  });
  const report = steps.catching(bare, '$.reportFailure').task(name, { task: 'report-run', payload, comment });
  report.next(ends);
  return report;
}

/** The end of an execution whose state is the report. */
export function failed(steps: Steps, name: string): Fail {
  return new Fail(steps.scope, name, { errorPath: '$.error', causePath: '$.cause' });
}
