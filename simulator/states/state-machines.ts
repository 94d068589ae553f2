import type { Deployment, LambdaFunction, StateMachineResource } from '../assembly/deployment';
import type { VirtualClock } from '../kernel/clock';
import type { Authorization, Caller, Journal, Random } from '../kernel/ports';
import { AwsError } from '../kernel/ports';
import { uuidOf } from '../kernel/random';
import { Callbacks } from './callbacks';
import type { Answer, OpenTask } from './callbacks';
import { definitionProblems, INVOKE_AND_WAIT, START_EXECUTION, statesOf } from './check-definition';
import { LiveContext } from './context';
import { Coverage, edgesOf } from './coverage';
import type { MachineEdges } from './coverage';
import { prepareDefinition } from './engine';
import type { Engine, TaskHandler } from './engine';
import { Execution } from './execution';
import type { LambdaRuntime } from './lambda-runtime';
import { startNested } from './nested';
import { goOnFrom, notRedrivable } from './redrive';
import { checkSize, TaskError } from './task-error';

/** A definition, checked, and ready for the engine. */
interface Prepared {
  readonly definition: string;
  readonly tasks: readonly Task[];
  /** Why the engine must not run it. */
  readonly problems: readonly string[];
}

/** A machine that may run. */
interface Machine extends Prepared {
  readonly resource: StateMachineResource;
  readonly coverage: Coverage;
}

interface Task {
  readonly state: string;
  /** Parallel states whose first branch begins with it. */
  readonly begins: readonly string[];
  readonly resource: string;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** An attempt of a task, as faults see it. */
export interface TaskAttempt {
  readonly execution: Execution;
  /** The task's state, and every Parallel state whose first branch begins with it. */
  readonly states: readonly string[];
}

type EnteredListener = (execution: Execution, state: string, nth: number) => void;

/** What the machines need of the simulation. */
export interface MachinesHost {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly journal: Journal;
  readonly deployment: Deployment;
  readonly lambda: LambdaRuntime;
  readonly engine: () => Engine;
  roleOf(roleArn: string): { readonly logicalId: string };
  authorize(
    caller: Caller,
    authorization: Authorization,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
}

/** How long a redrive's token is remembered: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html */
const REDRIVE_TOKEN_MS = 15 * 60 * 1000;

const checked = new Map<string, readonly string[]>();
const prepared = new WeakMap<StateMachineResource, Prepared>();

/** The Step Functions of the simulated account. */
export class StateMachines {
  private readonly machines: ReadonlyMap<string, Machine>;
  private readonly all: Execution[] = [];
  private readonly random: Random;
  private readonly changeListeners: ((execution: Execution) => void)[] = [];
  private readonly enteredListeners: EnteredListener[] = [];
  private readonly taskFaults: ((attempt: TaskAttempt) => TaskError | undefined)[] = [];
  private readonly redriveTokens = new Map<string, number>();
  /** Tasks that wait for their token to be answered. */
  readonly callbacks: Callbacks;

  /** @throws Error when a definition uses what the engine would fake: each with its state. */
  constructor(private readonly host: MachinesHost) {
    this.random = host.random.fork('executions');
    this.callbacks = new Callbacks(host.clock, host.journal);
    this.machines = new Map(
      host.deployment.machines.map((resource) => [
        resource.arn,
        { ...preparedOf(resource), resource, coverage: new Coverage(resource.logicalId) },
      ]),
    );
    const problems = [...this.machines.values()].flatMap(({ resource, problems: found }) =>
      found.map((problem) => `${resource.logicalId}: ${problem}`),
    );
    if (problems.length > 0) throw new Error(`The simulator cannot run these state machines as AWS would:\n- ${problems.join('\n- ')}`);
  }

  /** Every execution, in the order of their start. */
  get executions(): readonly Execution[] {
    return this.all;
  }

  find(executionArn: string): Execution | undefined {
    return this.all.find(({ arn }) => arn === executionArn);
  }

  /** Calls back when an execution has started and when it has ended. */
  onChange(listener: (execution: Execution) => void): void {
    this.changeListeners.push(listener);
  }

  /** Calls back when a state has been entered, with how many times so far in all executions of its machine. */
  onEntered(listener: EnteredListener): void {
    this.enteredListeners.push(listener);
  }

  /** Asks before each attempt of a task whether it fails, with nothing done; the first error counts. */
  interceptTasks(fault: (attempt: TaskAttempt) => TaskError | undefined): void {
    this.taskFaults.push(fault);
  }

  /** The tasks that wait for an answer now, the longest first. */
  openTasks(): readonly OpenTask[] {
    return this.callbacks.open();
  }

  /**
   * Answers a task that waits for its token, as an operator does with `SendTaskSuccess` or `SendTaskFailure`.
   *
   * @throws AwsError `InvalidToken`, `TaskTimedOut` when it no longer waits.
   */
  answer(token: string, answer: Answer): void {
    if ('output' in answer) this.callbacks.succeed(token, JSON.stringify(answer.output));
    else this.callbacks.fail(token, answer.error, answer.cause);
  }

  /** States entered and `Catch` edges taken so far, for each machine. */
  coverage(): readonly MachineEdges[] {
    return [...this.machines.values()].map(({ coverage }) => coverage.summary());
  }

  /** All states and `Catch` edges that there are, for each machine. */
  edges(): readonly MachineEdges[] {
    return [...this.machines.values()].map(({ resource }) => edgesOf(resource));
  }

  hasMachine(machineArn: string): boolean {
    return this.machines.has(machineArn);
  }

  /**
   * Starts an execution. Starting a running execution again with the same name and input gives that one.
   *
   * @throws AwsError as `StartExecution` answers.
   */
  start(machineArn: string, input: string, name?: string, parent?: Execution): Execution {
    const machine = this.machines.get(machineArn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
    parseInput(input);
    const executionName = name ?? uuidOf(this.random);
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${executionName}`;
    const there = this.find(arn);
    if (there !== undefined) {
      if (!there.ended && there.input === input) return there;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const { clock, journal } = this.host;
    const execution = new Execution(arn, executionName, machine.resource, input, parent, {
      clock,
      journal,
      coverage: machine.coverage,
      entered: (...what) => {
        for (const listener of this.enteredListeners) listener(...what);
      },
      changed: (changed) => {
        for (const listener of this.changeListeners) listener(changed);
      },
    });
    this.all.push(execution);
    this.launch(machine, execution, machine.definition);
    return execution;
  }

  /**
   * Goes on with an execution that did not succeed, from where it was. Redriving again with the same token gives the redrive that there was.
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
   *
   * @returns when it was redriven, in virtual milliseconds.
   * @throws AwsError `ExecutionDoesNotExist`, `ExecutionNotRedrivable`.
   */
  redrive(executionArn: string, clientToken?: string): number {
    const execution = this.find(executionArn);
    const machine = this.machines.get(execution?.machine.arn ?? '');
    if (execution === undefined || machine === undefined)
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    const now = this.host.clock.now();
    const token = `${executionArn} ${clientToken ?? ''}`;
    const before = clientToken === undefined ? undefined : this.redriveTokens.get(token);
    if (before !== undefined && now - before <= REDRIVE_TOKEN_MS) return before;
    const reason = notRedrivable(execution, now);
    if (reason !== undefined) throw new AwsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${executionArn}'. ${reason}`);
    this.redriveTokens.set(token, now);
    const definition = goOnFrom(machine.definition, execution.position, execution.error);
    execution.redrive();
    this.launch(machine, execution, definition);
    return now;
  }

  /** Lets the engine run the execution, from the start of a definition. */
  private launch(machine: Machine, execution: Execution, definition: string): void {
    const { clock } = this.host;
    const { arn, name, input, startedAt, redriveCount } = execution;
    const constants = JSON.stringify({
      Execution: {
        Id: arn,
        Name: name,
        RedriveCount: redriveCount,
        ...(redriveCount > 0 && { StartTime: new Date(startedAt).toISOString() }),
      },
      StateMachine: { Id: machine.resource.arn, Name: machine.resource.name },
    });
    const live = new LiveContext(clock, () => uuidOf(this.random));
    clock.afterWaking(0, () => {
      if (execution.ended || execution.redriveCount !== redriveCount) return;
      execution.follow(this.host.engine().run(definition, input, { constants, live }, this.handlers(machine, execution, live)));
    });
  }

  private handlers(machine: Machine, execution: Execution, live: LiveContext): Record<string, TaskHandler> {
    const caller = this.callerOf(machine.resource);
    const { redriveCount } = execution;
    return Object.fromEntries(
      machine.tasks.map((task) => [
        task.state,
        async (input: string) => {
          const { state } = task;
          const token = task.resource === INVOKE_AND_WAIT ? live.takeToken() : '';
          // The engine tries again after an abort: AWS does not.
          if (execution.ended || execution.redriveCount !== redriveCount) return new Promise<string>(() => undefined);
          checkSize(input, `input of the state "${state}"`);
          const attempt = { execution, states: [state, ...task.begins] };
          const error = this.taskFaults.map((ask) => ask(attempt)).find((answer) => answer !== undefined);
          if (error !== undefined) {
            execution.attempt(2);
            throw error;
          }
          const output = await this.carryOut(task, execution, caller, input, token);
          checkSize(output, `output of the task "${state}"`);
          return output;
        },
      ]),
    );
  }

  private carryOut(task: Task, execution: Execution, caller: Caller, input: string, token: string): Promise<string> {
    switch (task.resource) {
      case START_EXECUTION:
        return startNested({ ...this.host, machines: this }, execution, caller, input);
      case INVOKE_AND_WAIT:
        return this.invokeAndWait(task, execution, caller, input, token);
      default:
        return this.invoke(task.resource, execution, caller, input);
    }
  }

  /** What the function returns is ignored; if it fails, so does the task. It may answer its own token while it runs. */
  private invokeAndWait(task: Task, execution: Execution, caller: Caller, input: string, token: string): Promise<string> {
    const { FunctionName: name, Payload: payload } = JSON.parse(input) as { FunctionName: string; Payload?: unknown };
    const { state, timeoutSeconds, heartbeatSeconds } = task;
    const answered = this.callbacks.wait({ token, state, execution, timeoutSeconds, heartbeatSeconds });
    this.invoke(name, execution, caller, JSON.stringify(payload ?? {}), 4).catch((error: unknown) => {
      this.callbacks.abandon(token, error as TaskError);
    });
    return answered;
  }

  private async invoke(resource: string, execution: Execution, caller: Caller, input: string, events = 3): Promise<string> {
    const fn = this.functionOf(resource);
    const decision = this.host.authorize(caller, { action: 'lambda:InvokeFunction', resources: [resource] });
    if (!decision.allowed) {
      execution.attempt(2);
      throw new TaskError('Lambda.AWSLambdaException', `${decision.reason} (Service: Lambda, Status Code: 403)`);
    }
    execution.attempt(events);
    return this.host.lambda.invoke(fn, input, execution.arn);
  }

  private functionOf(resource: string): LambdaFunction {
    const fn = this.host.deployment.functions.find(({ arn }) => resource === arn || resource.startsWith(`${arn}:`));
    if (fn === undefined) throw new TaskError('Lambda.ResourceNotFoundException', `Function not found: ${resource}`);
    return fn;
  }

  private callerOf({ roleArn, name }: StateMachineResource): Caller {
    return { roleLogicalId: this.host.roleOf(roleArn).logicalId, roleArn, name };
  }
}

/** Made once for each resource of a deployment: simulations share deployments. */
function preparedOf(resource: StateMachineResource): Prepared {
  let found = prepared.get(resource);
  if (found === undefined) prepared.set(resource, (found = prepare(resource)));
  return found;
}

function prepare({ definition }: StateMachineResource): Prepared {
  const text = JSON.stringify(definition);
  let problems = checked.get(text);
  if (problems === undefined) checked.set(text, (problems = definitionProblems(definition)));
  const states = statesOf(definition);
  const tasks = states
    .filter(({ state }) => state['Type'] === 'Task')
    .map(({ name, state }) => ({
      state: name,
      begins: states.flatMap((other) => (firstOf(other.state) === name ? [other.name] : [])),
      resource: String(state['Resource']),
      timeoutSeconds: state['TimeoutSeconds'] as number | undefined,
      heartbeatSeconds: state['HeartbeatSeconds'] as number | undefined,
    }));
  return { definition: prepareDefinition(definition), tasks, problems };
}

/** The state with which the first branch of a Parallel begins. */
function firstOf({ Branches: branches }: Readonly<Record<string, unknown>>): string | undefined {
  return (branches as readonly { readonly StartAt: string }[] | undefined)?.[0]?.StartAt;
}

function parseInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is no JSON.');
  }
}
