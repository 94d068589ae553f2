import type { IChainable, IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, Fail, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { takeDownBanner } from './banner';
import { cancelUpgradeMode, CapacityLoop, pointAtSettled, pointBack, releaseLock, restoreSettings } from './restore';
import type { Steps } from './steps';

/** The cause of a recovery of which no report could be sent. */
const UNTOLD =
  'The report of this recovery could not be sent. Its history says what was put back and what was not. The cluster may be in upgrade mode, with nodes ' +
  "of both versions: look at Bitbucket's Administration > Rolling upgrades, correct what failed, and start the upgrade again; it continues.";

/**
 * The machine `Recover`: input is the `detail` of the event that an execution of the main machine ended other than well. It looks what that run
 * left behind, and puts it back under the lock: capacity, upgrade mode where that is legal, settings. An error of one step is
 * kept at `$.restoreFailure`, and the next is still tried.
 *
 * @param groupName name of the Auto Scaling group: the lock is taken for it
 * @param replaceNode the machine of which no execution of the ended run may still run
 */
export function recover(steps: Steps, groupName: string, replaceNode: IStateMachine): IChainable {
  const failed = new Fail(steps.scope, 'Recovery failed', {
    comment: 'Something could not be put back: somebody must look.',
    errorPath: '$.restoreFailure.Error',
    causePath: '$.restoreFailure.Cause',
  });
  const untold = new Fail(steps.scope, 'Recovery not reported', {
    comment: 'Nobody was told: so the execution itself says what may be.',
    error: 'RestoreFailed',
    cause: UNTOLD,
  });
  const notBegun = steps.catching(untold, '$.reportFailure').task('Report that the recovery could not begin', {
    task: 'report-run',
    payload: { outcome: 'RECOVERED', run: '$.run', ended: '$.ended', restoreFailure: '$.restoreFailure' },
    result: '$.report',
    comment: 'Nothing but perhaps the lock is put back.',
  });
  notBegun.next(failed);
  const restore = restoration(steps, reportPhase(steps, failed, untold));
  const goesOn = new Succeed(steps.scope, 'Another run goes on', { comment: 'A next run, or another recovery, does what is to be done.' });
  const lock: LockSteps = { notBegun, goesOn, replaceNode };
  const restoring = takeLock(steps, "Take the cluster's lock", '$.plan', lock).next(restore);
  return look(steps, notBegun, { restore: restoring, release: releaseLeft(steps, groupName, lock) });
}

/** What the ended run left behind. */
function look(steps: Steps, notBegun: IChainable, then: { readonly restore: IChainable; readonly release: IChainable }): IChainable {
  const take = steps.shape('Take the event', {
    run: { executionArn: '$$.Execution.Id', executionName: '$$.Execution.Name', startedAt: '$$.Execution.StartTime' },
    ended: { executionArn: '$.executionArn', status: '$.status', name: '$.name' },
    capacity: { made: 'mixed' }, // until it is known, the cautious answer
    restoreFailure: { Error: '', Cause: '' },
  });
  const observe = steps.catching(notBegun, '$.restoreFailure').task('Look what the run left behind', {
    task: 'plan-recovery',
    payload: { run: '$.run', ended: '$.ended' },
    result: '$.recovery',
    comment: "From the group's record, and what AWS and Bitbucket say now.",
  });
  const plan = steps.pick('Take the plan from the record', '$.recovery.plan', '$.plan');
  plan.next(then.restore);
  const what = Choice.jsonPath(steps.scope, 'Is there anything to restore?')
    .when(Condition.stringEquals('$.recovery.action', 'restore'), plan)
    .when(Condition.stringEquals('$.recovery.action', 'release'), then.release)
    .otherwise(new Succeed(steps.scope, 'Nothing to restore'));
  return take.next(observe).next(what);
}

/** Where taking the lock leads when it fails, and whose executions it awaits. */
interface LockSteps {
  readonly notBegun: IChainable;
  readonly goesOn: IChainable;
  readonly replaceNode: IStateMachine;
}

function takeLock(steps: Steps, name: string, plan: unknown, { notBegun, goesOn, replaceNode }: LockSteps): LambdaInvoke {
  const lock = steps.task(name, {
    task: 'acquire-lock',
    payload: { plan, replacements: replaceNode.stateMachineArn },
    result: '$.lock',
    comment: 'That of the ended run is taken over. Two runs never act at once on one cluster.',
  });
  lock.addCatch(goesOn, { errors: ['AnotherRunActive'], resultPath: '$.another' });
  lock.addCatch(notBegun, { errors: ['States.ALL'], resultPath: '$.restoreFailure' });
  return lock;
}

/**
 * The group is as it should be, but the ended run still holds the lock, or left its banner: it ended just before it released the lock, or before it
 * recorded anything on the group. To take the lock over is the safe way: that is refused while whoever holds it runs, or runs again.
 */
function releaseLeft(steps: Steps, groupName: string, lock: LockSteps): IChainable {
  const plan = { groupName, run: '$.run' };
  const release = steps.catching(lock.notBegun, '$.restoreFailure').task('Release the lock that was left', {
    task: 'release-lock',
    payload: { plan },
    result: '$.released',
    comment: 'Only if this recovery holds it.',
  });
  const released = Choice.jsonPath(steps.scope, 'Is the banner back?')
    .when(Condition.stringEquals('$.restoreFailure.Error', ''), new Succeed(steps.scope, 'The lock is released'))
    .otherwise(lock.notBegun);
  release.next(released);
  const keeping = steps.catching(release, '$.restoreFailure');
  const banner = takeDownBanner(keeping, 'Take down the banner that was left', plan, '$.recovery.made');
  return takeLock(steps, 'Take over a lock that was left', plan, lock).next(banner.next(release));
}

/** Capacity, upgrade mode, settings, banner, lock. */
function restoration(steps: Steps, report: IChainable): IChainable {
  const keeping = (next: IChainable): Steps => steps.catching(next, '$.restoreFailure');
  const release = releaseLock(keeping(report), "Release the cluster's lock");
  const banner = takeDownBanner(keeping(release), 'Take down the banner of the ended run', '$.plan', '$.capacity.made');
  const settings = restoreSettings(keeping(banner), "Restore the group's settings", '$.capacity.made');
  release.next(report);
  banner.next(release);
  settings.next(banner);
  const staysOn = steps.shape('Upgrade mode stays on', { made: 'mixed' }, '$.capacity'); // so what a next run needs stays recorded
  staysOn.next(settings);
  const capacity = new CapacityLoop(keeping(staysOn), {
    first: 'Restore capacity',
    question: 'Is capacity restored?',
    wait: 'Wait for capacity',
    again: 'Look at the restored capacity',
    surplus: 'give-back',
  });
  const made = Choice.jsonPath(steps.scope, 'What is the cluster made of?')
    .when(Condition.stringEquals('$.capacity.made', 'original'), backToOriginal(keeping(staysOn), settings))
    .otherwise(settings);
  capacity.then(made);
  return pointAtSettled(steps, capacity.start);
}

/**
 * Only original nodes serve: the run is undone. While the group would still launch the target version, upgrade mode stays on: so an error
 * of the first step skips the second.
 */
function backToOriginal(steps: Steps, settings: IChainable): IChainable {
  return pointBack(steps, 'original').next(cancelUpgradeMode(steps, settings));
}

function reportPhase(steps: Steps, failed: IChainable, untold: IChainable): IChainable {
  const report = steps.catching(untold, '$.reportFailure').task('Report the recovery', {
    task: 'report-run',
    payload: {
      outcome: 'RECOVERED',
      run: '$.run',
      plan: '$.plan',
      made: '$.capacity.made',
      ended: '$.ended',
      restoreFailure: '$.restoreFailure',
    },
    result: '$.report',
    comment: 'What was put back, in which state the cluster is, and what to do.',
  });
  const all = Choice.jsonPath(steps.scope, 'Is everything restored?')
    .when(Condition.stringEquals('$.restoreFailure.Error', ''), new Succeed(steps.scope, 'Recovered', { outputPath: '$.report' }))
    .otherwise(failed);
  return report.next(all);
}
