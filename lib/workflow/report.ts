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

/**
 * A report that ends with a failed execution: the error and its cause are the report's, or, when the report itself fails, the bare ones.
 *
 * @returns the report's state
 */
export function reportAndFail(
  steps: Steps,
  names: { readonly report: string; readonly fail: string; readonly unreported: string },
  outcome: string,
  payload: Readonly<Record<string, unknown>>,
  comment: string,
): IChainable {
  const unreported = new Fail(steps.scope, names.unreported, {
    comment: 'The report failed too: this is the bare error.',
    errorPath: '$.failure.Error',
    causePath: '$.failure.Cause',
  });
  const report = steps.catching(unreported, '$.reportFailure').task(names.report, {
    task: 'report-run',
    payload: { outcome, ...payload },
    comment,
  });
  return report.next(new Fail(steps.scope, names.fail, { errorPath: '$.error', causePath: '$.cause' }));
}

/** Where every error before the lock leads: nothing was changed. */
export function refusal(steps: Steps): IChainable {
  return reportAndFail(
    steps,
    { report: 'Report the refusal', fail: 'Upgrade refused', unreported: 'Upgrade refused, but not reported' },
    'REFUSED',
    { run: '$.run', failure: '$.failure', input: '$.input' },
    'Nothing was changed.',
  );
}
