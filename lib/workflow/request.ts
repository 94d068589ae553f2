import type { IChainable, IStateMachine, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, JsonPath, Parallel, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { ApprovalsSpec } from '../contract/approvals';
import { NOTHING_ASKED } from '../contract/approvals';
import type { BackupParts } from './each-part';
import { observeParts } from './each-part';
import { planGate } from './gates';
import { couldNotReport, failed, failingReport } from './report';
import { releaseLock } from './restore';
import type { Steps } from './steps';

/**
 * The first state. A redriven run comes here again, whatever it was at: so it starts when this state is entered, and has a backup pair of
 * its own each time.
 */
export function takeRequest(steps: Steps): Pass {
  return steps.shape('Take the request', {
    input: '$$.Execution.Input',
    run: { executionArn: '$$.Execution.Id', executionName: '$$.Execution.Name', startedAt: '$$.State.EnteredTime' },
    redriveCount: '$$.Execution.RedriveCount',
    ...UNTIL_KNOWN,
  });
}

/** What surrounds the phase. */
export interface RequestProps {
  readonly take: Pass;
  readonly backup: BackupParts;
  readonly approvals: ApprovalsSpec;
  readonly refusal: IChainable;
  /** None of its executions may be left over from another run. */
  readonly replaceNode: IStateMachine;
  readonly next: IChainable;
}

/**
 * From the execution's input to a plan that is allowed, and the cluster's lock; and approved, if that is asked. Nothing is changed before the lock is taken,
 * nor while somebody is asked; whatever fails until then is a refusal. After an approval all is resolved, observed and checked again, under the lock.
 */
export function requestPhase(steps: Steps, { take, backup, approvals, refusal, replaceNode, next }: RequestProps): IChainable {
  const checked = steps.catching(refusal);
  const resolve = checked.task('Resolve the request', {
    task: 'resolve-request',
    payload: { run: '$.run', input: '$.input' },
    result: '$.request',
    comment: 'Which version, and which image. Mistakes are kept and told with all other reasons by the checks.',
  });
  const plan = checked.task('Observe the cluster and plan', {
    task: 'plan-upgrade',
    payload: { run: '$.run', request: '$.request', observations: '$.observations' },
    result: '$.plan',
    comment: 'Decided once from what AWS and Bitbucket say now. An interrupted run to the same version is continued.',
  });
  const lock = checked.task("Take the cluster's lock", {
    task: 'acquire-lock',
    payload: { plan: '$.plan', replacements: replaceNode.stateMachineArn },
    result: '$.lock',
    comment: 'Two runs never act at once on one cluster.',
  });
  // Stopped before it took the lock, and redriven days later, the run would go by what was true then.
  const gate = planGate(steps, approvals, { passed: next, approved: resolve, refused: refusal, again: take });
  const fresh = Choice.jsonPath(steps.scope, 'Was the plan made since the last redrive?')
    .when(Condition.numberEqualsJsonPath('$$.Execution.RedriveCount', '$.redriveCount'), gate)
    .otherwise(take);
  lock.next(fresh);
  const upToDate = Condition.and(Condition.isPresent('$.request.upToDate'), Condition.booleanEquals('$.request.upToDate', true));
  const what = Choice.jsonPath(steps.scope, 'What is to be done?')
    .when(Condition.booleanEquals('$.request.dryRun', true), dryRun(steps))
    .when(Condition.or(Condition.stringEquals('$.plan.action', 'nothing'), upToDate), nothing(steps, approvals, refusal))
    .otherwise(lock);
  plan.next(check(checked, what));
  return take.next(resolve).next(observe(checked, backup, plan));
}

/** The parts of the backup, before the plan, which chooses one of the backups that there are, or a new one. */
function observe(steps: Steps, backup: BackupParts, next: IChainable): IChainable {
  if (backup.parts.length === 0) return next;
  const look = observeParts(steps, backup, {
    all: 'Look at what is backed up',
    one: (title) => `Look at ${title}`,
    comment: 'What speaks against a backup is told with all other reasons by the checks.',
    result: '$.observations',
  });
  return look.next(next);
}

/** All checks at once, then one judgement. An error in any of them is a refusal: nothing has been changed. */
function check(steps: Steps, next: IChainable): IChainable {
  const all = Parallel.jsonPath(steps.scope, 'Check that the upgrade is allowed', {
    comment: 'Each branch looks up its own facts and says what each of its checks found. Nothing is changed.',
    parameters: { plan: JsonPath.objectAt('$.plan'), request: JsonPath.objectAt('$.request') },
    resultPath: '$.findings',
  });
  const inside = steps.catchingNothing();
  const payload = { plan: '$.plan', request: '$.request' };
  all.branch(
    inside.task('Check Bitbucket', {
      task: 'check-cluster',
      payload,
      comment: 'Versions, credentials, licence, nodes and apps. Reads only.',
    }),
    inside.task('Check the group and its load balancers', {
      task: 'check-group',
      payload,
      comment: 'The Auto Scaling group, its target groups, its launch template, images and stack. Reads only.',
    }),
    inside.task('Check the account', {
      task: 'check-account',
      payload,
      comment: 'Other runs, calendars, alarms, load and permissions. Reads only, and asks by dry runs.',
    }),
  );
  steps.catch(all);
  const judge = steps.task('Weigh what was found', {
    task: 'judge-checks',
    payload: { plan: '$.plan', request: '$.request', findings: '$.findings', observations: '$.observations' },
    result: '$.checks',
    comment: 'All reasons against it at once; what is overridden or only a warning goes into the report.',
  });
  return all.next(judge).next(next);
}

/** What later states name, though the run may not have come so far: a path to nothing would be an error of its own. */
const UNTIL_KNOWN = {
  observations: [],
  backup: [],
  skew: { seconds: 0, detail: '' },
  tidy: { mark: [], discard: [] },
  tidyFailure: { Error: '', Cause: '' },
  hold: { verdict: 'wait' },
  rolled: { completed: [], expectedBootSeconds: 0, failures: 0, postponed: [] },
  next: { action: 'none' },
  finalized: { verdict: 'wait' },
  capacity: { made: 'mixed', held: true }, // until it is known, the cautious answer
  answer: { answer: '' },
  decision: { reason: '' },
  approvals: NOTHING_ASKED,
  end: { outcome: 'FAILED', made: 'mixed' }, // unless the run is rolled back
  restoreFailure: { Error: '', Cause: '' },
  bannerFailure: { Error: '', Cause: '' },
  apps: { warnings: [] },
  appsFailure: { Error: '', Cause: '' },
};

/** Where every error before the lock leads, and a plan that is not approved: nothing was changed. */
export function refusal(steps: Steps, approvals: ApprovalsSpec, again: IChainable): IChainable {
  const report = failingReport(steps, {
    name: 'Report the refusal',
    unreported: 'Upgrade refused, but not reported',
    payload: {
      outcome: 'REFUSED',
      run: '$.run',
      failure: '$.failure',
      input: '$.input',
      approvals: '$.approvals',
      restoreFailure: '$.restoreFailure',
    },
    comment: 'Nothing was changed.',
    told: 'The refusal is told',
    ends: failed(steps, 'Upgrade refused', again),
  });
  const names = { isHeld: 'Is the lock to be released after the refusal?', release: 'Release the lock after the refusal' };
  return unlocked(steps.catching(report, '$.restoreFailure'), approvals, names, report);
}

/** A run that asks about its plan may end under its lock though nothing was changed: it releases it first. */
function unlocked(
  steps: Steps,
  approvals: ApprovalsSpec,
  names: { readonly isHeld: string; readonly release: string },
  report: IChainable,
): IChainable {
  if (!approvals['after-plan']) return report;
  const release = releaseLock(steps, names.release);
  release.next(report);
  return Choice.jsonPath(steps.scope, names.isHeld).when(Condition.isPresent('$.lock.owner'), release).otherwise(report);
}

function dryRun(steps: Steps): IChainable {
  const report = couldNotReport(steps).task('Report the plan', {
    task: 'report-run',
    payload: { outcome: 'DRY_RUN', run: '$.run', request: '$.request', plan: '$.plan', checks: '$.checks' },
    comment: 'A dry run ends with the plan; nothing was changed.',
  });
  return report.next(new Succeed(steps.scope, 'Dry run complete'));
}

function nothing(steps: Steps, approvals: ApprovalsSpec, refused: IChainable): IChainable {
  const report = couldNotReport(steps).task('Report that nothing is to be done', {
    task: 'report-run',
    payload: {
      outcome: 'NOTHING_TO_DO',
      run: '$.run',
      request: '$.request',
      plan: '$.plan',
      checks: '$.checks',
      approvals: '$.approvals',
    },
    comment: 'Every node already runs the target version and upgrade mode is off.',
  });
  report.next(new Succeed(steps.scope, 'Nothing to do'));
  const names = {
    isHeld: 'Is the lock to be released, as nothing is to be done?',
    release: 'Release the lock, as nothing is to be done',
  };
  // A run that cannot release it has not succeeded: the recovery does so.
  return unlocked(steps.catching(refused), approvals, names, report);
}
