import type { IChainable, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import type { Steps } from './steps';

/** Names and wishes of a loop that restores capacity. */
export interface CapacitySteps {
  readonly first: string;
  readonly question: string;
  readonly wait: string;
  readonly again: string;
  /** `keep`: good nodes beyond the planned size stay, for the run goes on. `give-back`: the group gets its size back. */
  readonly surplus: 'keep' | 'give-back';
  /** Path of the look that says whether this run holds the group. */
  readonly hold?: string;
}

/** Restores capacity, one step a look. */
export class CapacityLoop {
  /** Where it begins. */
  public readonly start: TaskStateBase;

  private readonly step;

  private readonly payload;

  public constructor(
    private readonly steps: Steps,
    private readonly names: CapacitySteps,
  ) {
    const { surplus, hold } = names;
    this.step = { task: 'restore-capacity', result: '$.capacity' } as const;
    this.payload = { plan: '$.plan', surplus, ...(hold !== undefined && { hold }) };
    this.start = steps.task(names.first, {
      ...this.step,
      payload: this.payload,
      comment: 'An old node in Standby returns to service; what did not become good goes. One step a look.',
    });
  }

  /** Closes the loop. What comes after may lead back to the start. */
  public then(next: IChainable): IChainable {
    const { question, wait, again } = this.names;
    return this.steps.loop({
      first: this.start,
      question,
      wait,
      again: this.steps.task(again, {
        ...this.step,
        payload: { ...this.payload, since: '$.capacity.since' },
        comment: 'The next step, if there is one.',
      }),
      look: '$.capacity',
      then: next,
    });
  }
}

/**
 * Lets the group launch the image that it had before.
 *
 * @param image which of the plan's two images that is: the original one, or, once the plan is turned round, its target
 */
export function pointBack(steps: Steps, image: 'original' | 'target'): TaskStateBase {
  return steps.task('Point the group back at the original image', {
    task: 'point-at-image',
    payload: { plan: '$.plan', image },
    result: '$.image',
    comment: 'Nothing happens if the group never pointed elsewhere.',
  });
}

/**
 * Before capacity is restored: what the group launches then must be able to join. An error of it is no reason to leave capacity as it is.
 *
 * @param again where a run begins anew that does not hold the lock any more
 */
export function pointAtSettled(steps: Steps, next: IChainable, again?: IChainable): IChainable {
  return steps
    .catching(next, '$.pointFailure', again)
    .task('Point the group at what every node runs', {
      task: 'point-at-image',
      payload: { plan: '$.plan', image: 'settled' },
      result: '$.image',
      comment: 'Only if somebody turned upgrade mode off: another version could not join any more.',
    })
    .next(next);
}

/** Turns upgrade mode off, which is legal only while every node runs the original version. */
export function cancelUpgradeMode(steps: Steps, next: IChainable): IChainable {
  return steps.repeat({
    function: 'cancel-upgrade-mode',
    payload: { plan: '$.plan' },
    look: '$.cancelled',
    first: 'Turn off upgrade mode',
    again: 'Look whether upgrade mode is off',
    question: 'Is upgrade mode off?',
    wait: 'Wait until upgrade mode is off',
    comment: 'Legal while only original nodes are in the cluster.',
    commentAgain: 'Done when the cluster is stable.',
    then: next,
  });
}

/**
 * Puts sizes and scaling processes back.
 *
 * @param made path of what the cluster is made of: the record is removed only from an `original` one, whose upgrade mode is off
 */
export function restoreSettings(steps: Steps, name: string, made: string): TaskStateBase {
  return steps.task(name, {
    task: 'restore-settings',
    payload: { plan: '$.plan', made, finalized: false },
    result: '$.settings',
    comment: 'Sizes and scaling processes as they were. What a next run needs to continue stays recorded.',
  });
}

/** Releases the lock. */
export function releaseLock(steps: Steps, name: string): TaskStateBase {
  return steps.task(name, {
    task: 'release-lock',
    payload: { plan: '$.plan' },
    result: '$.released',
    comment: 'Only if this run holds it.',
  });
}
