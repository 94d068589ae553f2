import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IChainable, Parallel, RetryProps, TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, IntegrationPattern, JsonPath, Pass, TaskInput, Timeout, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { TaskName } from '../contract/tasks';
import { ACTING_TASKS } from '../contract/tasks';
import type { TaskFunctions } from '../functions/task-functions';
import { TASK_TIMEOUT } from '../functions/task-function';
import { ASK_RETRIES, TASK_RETRIES } from './retries';

/** Where an error leads, and where in the state it is kept as `{Error, Cause}`. */
interface OnError {
  readonly next: IChainable;
  readonly resultPath: string;
  /** Where it leads, kept at `$.failure`, that an acting task's run does not hold the lock any more; absent where that is like any error. */
  readonly lockLost: IChainable | undefined;
}

/** The state of a function. */
export interface CallStep {
  readonly function: lambda.IFunction;
  /** What the task is given: a JSONPath (`$...`) or a constant for each field. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Where its result goes; without it the result becomes the whole state. */
  readonly result?: string;
  /** For readers of the console. */
  readonly comment: string;
}

/** A Lambda task's state. */
export interface TaskStep extends Omit<CallStep, 'function'> {
  readonly task: TaskName;
}

/** The state of a task that is given its token; whoever has the token answers, and the answer is its result. */
export interface AskStep extends TaskStep {
  /** How long the answer is awaited. */
  readonly limit: Duration;
  /** By default those of a question. */
  readonly retries?: readonly RetryProps[];
}

/** The loop that awaits something: act once (or look a first time), then wait and look until the look's verdict is `done`. */
export interface LoopSteps {
  /** Its result is a `Look`, kept at `look`. */
  readonly first: TaskStateBase;
  /** The question of the choice: `Is upgrade mode on?` */
  readonly question: string;
  /** Name of the wait. */
  readonly wait: string;
  /** Looks again, and keeps its result at the same path; by default the first state itself. */
  readonly again?: TaskStateBase;
  /** Path of the `Look`. */
  readonly look: string;
  /** Where it goes on. */
  readonly then: IChainable;
}

/** The loop around one function, which is told on each further look since when the loop goes on. */
export interface RepeatSteps {
  readonly function: TaskName | lambda.IFunction;
  /** As for one state; `since` is added from the second look on. */
  readonly payload: CallStep['payload'];
  /** Path of the `Look` that the function answers. */
  readonly look: string;
  readonly first: string;
  readonly again: string;
  readonly question: string;
  readonly wait: string;
  readonly comment: string;
  /** Of the state `again`, when it says something else. */
  readonly commentAgain?: string;
  readonly then: IChainable;
}

/**
 * A little more than a function may run: Lambda's own error comes first, and this one only when no answer reaches
 * Step Functions at all. `States.Timeout` is tried again, since every task may be run twice.
 */
const STATE_TIMEOUT = Timeout.duration(TASK_TIMEOUT.plus(Duration.seconds(15)));

/** Makes the states of one machine, all in the same way. JSONPath only. */
export class Steps {
  public constructor(
    public readonly scope: Construct,
    private readonly functions: TaskFunctions,
    /** The functions that the machine calls, as far as its states are made. */
    public readonly called = new Set<lambda.IFunction>(),
    private readonly onError?: OnError,
  ) {}

  /**
   * The same, but an error of any task leads to `next`, and is kept at `resultPath`; to `lockLost` when the run of an acting task does not hold the
   * lock any more.
   */
  public catching(next: IChainable, resultPath = '$.failure', lockLost?: IChainable): Steps {
    return new Steps(this.scope, this.functions, this.called, { next, resultPath, lockLost });
  }

  /** The same, but no error is caught: for the branches of a `Parallel` state, which catches for them. */
  public catchingNothing(): Steps {
    return new Steps(this.scope, this.functions, this.called);
  }

  /** A state that calls a Lambda task, with its retries and the catch of the phase. */
  public task(name: string, { task, ...step }: TaskStep): LambdaInvoke {
    const isActing = (ACTING_TASKS as readonly TaskName[]).includes(task);
    return this.state(name, { ...step, function: this.functions.of(task) }, isActing ? this.onError?.lockLost : undefined);
  }

  /** A state that calls any function in the same way. */
  public call(name: string, step: CallStep): LambdaInvoke {
    return this.state(name, step, undefined);
  }

  private state(
    name: string,
    { function: lambdaFunction, payload, result, comment }: CallStep,
    lockLost: IChainable | undefined,
  ): LambdaInvoke {
    this.called.add(lambdaFunction);
    const state = LambdaInvoke.jsonPath(this.scope, name, {
      comment,
      lambdaFunction,
      payload: TaskInput.fromObject(fields(payload)),
      payloadResponseOnly: true, // plain results and plain error names
      resultPath: result,
      retryOnServiceExceptions: false, // TASK_RETRIES names them too
      taskTimeout: STATE_TIMEOUT,
    });
    for (const retry of TASK_RETRIES) state.addRetry(retry);
    if (lockLost) state.addCatch(lockLost, { errors: ['LockLost'], resultPath: '$.failure' }); // the first catcher that fits counts
    this.catch(state);
    return state;
  }

  /**
   * A state that waits for somebody to send the task token back, with an answer.
   * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
   */
  public ask(name: string, { task, payload, result, comment, limit, retries = ASK_RETRIES }: AskStep): LambdaInvoke {
    const lambdaFunction = this.functions.of(task);
    this.called.add(lambdaFunction);
    const state = LambdaInvoke.jsonPath(this.scope, name, {
      comment,
      lambdaFunction,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      payload: TaskInput.fromObject(fields(payload)),
      resultPath: result,
      retryOnServiceExceptions: false, // ASK_RETRIES names them too
      taskTimeout: Timeout.duration(limit),
    });
    for (const retry of retries) state.addRetry(retry);
    this.catch(state);
    return state;
  }

  /** Adds the catch of the phase. */
  public catch(state: TaskStateBase | Parallel): void {
    if (this.onError) state.addCatch(this.onError.next, { errors: ['States.ALL'], resultPath: this.onError.resultPath });
  }

  /** A state that shapes data and does nothing. */
  public shape(name: string, parameters: Readonly<Record<string, unknown>>, result?: string): Pass {
    return Pass.jsonPath(this.scope, name, { parameters: fields(parameters), resultPath: result });
  }

  /** A state that takes what is at `from` as the new `result`. */
  public pick(name: string, from: string, result: string): Pass {
    return Pass.jsonPath(this.scope, name, { inputPath: from, resultPath: result });
  }

  /** A wait as long as the last look says. */
  public wait(name: string, look: string): Wait {
    return Wait.jsonPath(this.scope, name, { time: WaitTime.secondsPath(`${look}.waitSeconds`) });
  }

  /** Closes the loop around `first`, which is its start. */
  public loop({ first, question, wait, again = first, look, then }: LoopSteps): IChainable {
    const choice = Choice.jsonPath(this.scope, question);
    const pause = this.wait(wait, look);
    choice.when(Condition.stringEquals(`${look}.verdict`, 'done'), then).otherwise(pause);
    pause.next(again);
    first.next(choice);
    if (again !== first) again.next(choice);
    return first;
  }

  /** Makes both states of a loop around one function, and closes it. */
  public repeat(props: RepeatSteps): IChainable {
    const { function: called, payload, look, first, again, question, wait, comment, commentAgain = comment, then } = props;
    const step = { function: typeof called === 'string' ? this.functions.of(called) : called, result: look };
    return this.loop({
      first: this.call(first, { ...step, payload, comment }),
      question,
      wait,
      again: this.call(again, { ...step, payload: { ...payload, since: `${look}.since` }, comment: commentAgain }),
      look,
      then,
    });
  }
}

/** The payload with every `$.` and `$$.` string as a path, at any depth. */
function fields(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, field(value)]));
}

function field(value: unknown): unknown {
  if (typeof value === 'string') return /^\$\$?\./.test(value) ? JsonPath.stringAt(value) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return fields(value as Readonly<Record<string, unknown>>);
}
