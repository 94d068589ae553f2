import { Duration } from 'aws-cdk-lib';
import type { IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { Fail } from 'aws-cdk-lib/aws-stepfunctions';
import { END_RETRIES } from './retries';
import type { Steps } from './steps';

/** What every report of a run that came beyond its plan is made of. */
export const WHAT_WAS_DONE = {
  run: '$.run',
  request: '$.request',
  plan: '$.plan',
  checks: '$.checks',
  backup: '$.backup',
  skew: '$.skew',
  tidyFailure: '$.tidyFailure',
  rolled: '$.rolled',
  approvals: '$.approvals',
  bannerFailure: '$.bannerFailure',
  apps: '$.apps',
  appsFailure: '$.appsFailure',
};

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
  /** Name of the state that keeps what the end needs of the report. */
  readonly told: string;
  /** What comes before that state, which it is given; by default nothing. */
  readonly first?: (told: IChainable) => IChainable;
  /** What comes after it: the state is then what the end needs of the report. */
  readonly ends: IChainable;
}

/**
 * The error of the execution and its cause are the report's, or, when the report itself fails, the bare ones.
 *
 * @returns the report's state
 */
export function failingReport(
  steps: Steps,
  { name, unreported, payload, comment, told, first = (next) => next, ends }: FailingReport,
): IChainable {
  const bare = new Fail(steps.scope, unreported, {
    comment: 'The report failed too: this is the bare error.',
    errorPath: '$.failure.Error',
    causePath: '$.failure.Cause',
  });
  const report = steps.catching(bare, '$.reportFailure').task(name, { task: 'report-run', payload, comment });
  const kept = { outcome: '$.outcome', error: '$.error', cause: '$.cause', redriveCount: '$$.Execution.RedriveCount' };
  const keep = steps.shape(told, kept);
  keep.next(ends);
  report.next(first(keep));
  return report;
}

/** How long the end of a run may take. */
const END_LIMIT = Duration.minutes(5);

/**
 * The end of an execution that has been reported: a task that fails, with the report's error and cause. A `Fail` state would do the same, but whoever
 * redrives the execution would only enter it again; the task is run again, and then leads to `again`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html#redrive-behavior-states
 */
export function failed(steps: Steps, name: string, again: IChainable): IChainable {
  return steps
    .ask(name, {
      task: 'end-run',
      payload: {
        token: '$$.Task.Token',
        error: '$.error',
        cause: '$.cause',
        redriveCount: '$$.Execution.RedriveCount',
        reportedAt: '$.redriveCount',
      },
      result: '$.redriven',
      comment: 'Fails with what was reported. A redrive begins anew with the request.',
      limit: END_LIMIT,
      retries: END_RETRIES,
    })
    .next(again);
}
