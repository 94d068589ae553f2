import type { Deployment, LambdaFunction, StateMachineResource } from '../assembly/deployment';
import type { VirtualClock } from '../kernel/clock';
import type { Authorization, Caller, Journal, Random } from '../kernel/ports';
import { AwsError } from '../kernel/ports';
import { uuidOf } from '../kernel/random';
import { definitionProblems, START_EXECUTION, statesOf } from './check-definition';
import { prepareDefinition } from './engine';
import type { Engine, TaskHandler } from './engine';
import { Execution } from './execution';
import type { LambdaRuntime } from './lambda-runtime';
import { startNested } from './nested';
import { checkSize, TaskError } from './task-error';

/** A machine that may run: checked, and ready for the engine. */
interface Machine {
  readonly resource: StateMachineResource;
  readonly definition: string;
  readonly tasks: readonly { readonly state: string; readonly resource: string }[];
}

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

const checked = new Map<string, readonly string[]>();

/** The Step Functions of the simulated account. */
export class StateMachines {
  private readonly machines: ReadonlyMap<string, Machine>;
  private readonly all: Execution[] = [];
  private readonly random: Random;

  /** @throws Error when a definition uses what the engine would fake: each with its state. */
  constructor(private readonly host: MachinesHost) {
    this.random = host.random.fork('executions');
    const problems: string[] = [];
    this.machines = new Map(
      host.deployment.machines.map((resource) => {
        const text = JSON.stringify(resource.definition);
        let found = checked.get(text);
        if (found === undefined) checked.set(text, (found = definitionProblems(resource.definition)));
        problems.push(...found.map((problem) => `${resource.logicalId}: ${problem}`));
        return [resource.arn, prepare(resource)];
      }),
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
    const execution = new Execution(arn, executionName, machine.resource, input, parent, clock, journal);
    this.all.push(execution);
    const context = JSON.stringify({
      Execution: { Id: arn, Name: executionName },
      StateMachine: { Id: machineArn, Name: machine.resource.name },
    });
    clock.afterWaking(0, () => {
      if (!execution.ended) execution.follow(this.host.engine().run(machine.definition, input, context, this.handlers(machine, execution)));
    });
    return execution;
  }

  private handlers(machine: Machine, execution: Execution): Record<string, TaskHandler> {
    const caller = this.callerOf(machine.resource);
    return Object.fromEntries(
      machine.tasks.map(({ state, resource }) => [
        state,
        async (input: string) => {
          if (execution.ended) return new Promise<string>(() => undefined); // the engine tries again after an abort: AWS does not
          checkSize(input, `input of the state "${state}"`);
          const output = await (resource === START_EXECUTION
            ? startNested({ ...this.host, machines: this }, execution, caller, input)
            : this.invoke(resource, execution, caller, input));
          checkSize(output, `output of the task "${state}"`);
          return output;
        },
      ]),
    );
  }

  private async invoke(resource: string, execution: Execution, caller: Caller, input: string): Promise<string> {
    const fn = this.functionOf(resource);
    const decision = this.host.authorize(caller, { action: 'lambda:InvokeFunction', resources: [resource] });
    if (!decision.allowed) {
      execution.attempt(2);
      throw new TaskError('Lambda.AWSLambdaException', `${decision.reason} (Service: Lambda, Status Code: 403)`);
    }
    execution.attempt(3);
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

function prepare(resource: StateMachineResource): Machine {
  const tasks = statesOf(resource.definition)
    .filter(({ state }) => state['Type'] === 'Task')
    .map(({ name, state }) => ({ state: name, resource: String(state['Resource']) }));
  return { resource, definition: prepareDefinition(resource.definition), tasks };
}

function parseInput(input: string): void {
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is no JSON.');
  }
}
