import { loadAssembly } from './assembly/load';
import type { LoadOptions } from './assembly/load';
import type { Deployment, LambdaFunction, StateMachineResource } from './assembly/deployment';
import { loadActions } from './iam/actions';
import { PolicyAuthorizer } from './iam/authorizer';
import type { DeniedCall, UnusedGrant } from './iam/authorizer';
import { VirtualClock } from './kernel/clock';
import { Internet } from './kernel/internet';
import type { HttpRequest, NetworkFault } from './kernel/internet';
import { EventJournal } from './kernel/journal';
import type { AwsService, Caller, Random } from './kernel/ports';
import { seeded } from './kernel/random';
import { CloudFormation } from './services/cloudformation/cloudformation';
import { CloudWatch } from './services/cloudwatch/cloudwatch';
import { DynamoDb } from './services/dynamodb/dynamodb';
import { EventBus } from './services/events/event-bus';
import { Scheduler } from './services/scheduler/scheduler';
import { SecretsManager } from './services/secrets-manager/secrets-manager';
import { Sns } from './services/sns/sns';
import { ChangeCalendars } from './services/ssm/change-calendar';
import { Ssm } from './services/ssm/ssm';
import { StepFunctionsApi } from './services/step-functions/step-functions';
import { abortWhen } from './states/abort';
import type { AbortPoint } from './states/abort';
import { Engine } from './states/engine';
import type { Execution } from './states/execution';
import { LambdaRuntime } from './states/lambda-runtime';
import { StateMachines } from './states/state-machines';
import { AwsServer } from './wire/server';
import type { ApiCall, ServiceFault } from './wire/server';

/** What a simulation is made of. */
export interface SimulationOptions extends LoadOptions {
  /** Directory of the cloud assembly: `cdk.out`. */
  readonly assembly: string;
  /** The same seed gives the same simulation, to the last entry of the journal. */
  readonly seed: number;
}

/** What the simulation used of services that are paid by use. */
export interface Usage {
  readonly stateTransitions: number;
  /** The longest history of one execution. */
  readonly maxHistoryEvents: number;
  readonly lambdaInvocations: number;
  readonly lambdaGbSeconds: number;
}

/** Latency of a call of an AWS API, in milliseconds. */
const AWS_LATENCY: readonly [number, number] = [20, 60];

/** Services whose actions the simulator itself asks for. */
const IAM_SERVICES = [
  ...[
    'autoscaling',
    'backup',
    'ec2',
    'elasticloadbalancing',
    'rds',
    'dynamodb',
    'secretsmanager',
    'ssm',
    'sns',
    'states',
    'lambda',
    'iam',
    'kms',
    'events',
    'cloudwatch',
    'cloudformation',
    'sqs',
  ],
];

/** A simulated AWS account in which a synthesized template is deployed: its state machines and Lambda bundles run on virtual time. */
export class Simulation {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly journal: EventJournal;
  readonly internet: Internet;
  readonly deployment: Deployment;
  readonly secrets: SecretsManager;
  readonly parameters: Ssm;
  readonly sns: Sns;
  readonly dynamodb: DynamoDb;
  readonly lambda: LambdaRuntime;
  readonly machines: StateMachines;
  readonly events: EventBus;
  readonly alarms: CloudWatch;
  readonly stacks: CloudFormation;
  readonly calendars: ChangeCalendars;
  /** The template's schedules; they fire once `scheduler.begin()` was called. */
  readonly scheduler: Scheduler;
  private readonly server: AwsServer;
  private readonly authorizer: PolicyAuthorizer;
  private readonly callFaults: ((call: ApiCall) => ServiceFault | undefined)[] = [];
  private loadedEngine: Engine | undefined;
  private disposed = false;

  /** @throws Error when the assembly has anything that the simulator does not model, by name. */
  constructor(options: SimulationOptions) {
    const { clock } = this;
    this.random = seeded(options.seed);
    this.journal = new EventJournal(clock);
    this.internet = new Internet(clock, this.random);
    this.deployment = loadAssembly(options.assembly, options);
    const { region, account, roles, tables, topics } = this.deployment;
    this.authorizer = new PolicyAuthorizer(roles, region, account);
    const { journal, random, internet, deployment } = this;
    this.lambda = new LambdaRuntime({ clock, random, internet, journal, region, callerOf: (fn) => this.callerOf(fn) });
    this.machines = new StateMachines({
      clock,
      random,
      journal,
      deployment,
      lambda: this.lambda,
      engine: () => this.engine(),
      roleOf: (arn) => this.roleOf(arn),
      authorize: (caller, authorization) => this.authorizer.authorize(caller, authorization),
    });
    this.events = new EventBus({
      clock,
      random,
      journal,
      region,
      account,
      rules: deployment.rules,
      callerOf: ({ name }, { roleArn }) => ({ roleLogicalId: this.roleOf(roleArn).logicalId, roleArn, name }),
      authorize: (caller, authorization) => this.authorizer.authorize(caller, authorization),
      start: (arn, input, name) => this.machines.start(arn, input, name),
    });
    this.scheduler = new Scheduler({
      clock,
      random,
      journal,
      schedules: deployment.schedules,
      callerOf: ({ name, roleArn }) => ({ roleLogicalId: this.roleOf(roleArn).logicalId, roleArn, name }),
      authorize: (caller, authorization) => this.authorizer.authorize(caller, authorization),
      start: (arn, input) => this.machines.start(arn, input),
    });
    this.machines.onChange((execution) => {
      this.events.changed(execution);
    });
    this.server = new AwsServer({
      clock,
      random,
      journal,
      authorizer: this.authorizer,
      sessionOf: (accessKeyId) => this.lambda.sessionOf(accessKeyId),
      faultFor: (call) => this.callFaults.map((ask) => ask(call)).find((fault) => fault !== undefined),
    });
    this.internet.serve(
      (host) => this.server.isEndpoint(host),
      (request) => this.server.handle(request),
      AWS_LATENCY,
    );
    this.secrets = new SecretsManager(clock, region, account);
    this.parameters = new Ssm(clock, region, account);
    this.sns = new Sns(topics, random, journal);
    this.dynamodb = new DynamoDb(tables, region, account);
    this.alarms = new CloudWatch(clock, journal, region, account);
    this.stacks = new CloudFormation(clock, journal, region, account);
    this.calendars = new ChangeCalendars(clock, region, account);
    const { secrets, parameters, sns, dynamodb, alarms, stacks, calendars } = this;
    const services = [secrets, parameters, sns, dynamodb, alarms, stacks, calendars, new StepFunctionsApi(this.machines, clock)];
    for (const service of services) this.register(service);
  }

  /** Adds a simulated AWS service, or operations to one. */
  register(service: AwsService): void {
    this.server.register(service);
  }

  /** Asks before each call of an AWS API whether it meets a fault of the service; the first fault counts. */
  interceptCalls(fault: (call: ApiCall) => ServiceFault | undefined): void {
    this.callFaults.push(fault);
  }

  /** Asks before each request to anything but AWS (to Bitbucket, that is) whether it meets a fault of the network; the first fault counts. */
  interceptHttp(fault: (request: HttpRequest) => NetworkFault | undefined): void {
    this.internet.intercept((request) => {
      const met = this.server.isEndpoint(request.host) ? undefined : fault(request);
      if (met !== undefined) {
        const { method, host, path } = request;
        const answer = typeof met.answer === 'string' ? met.answer : met.answer.status;
        this.journal.record({ kind: 'fault', name: 'http', method, host, path: path.replace(/\?.*/, ''), when: met.when, answer });
      }
      return met;
    });
  }

  /** Stops the top-level execution when a state is entered, as an operator would; gives whether it has happened yet. */
  abortWhen(point: AbortPoint): () => boolean {
    return abortWhen(this.machines, this.journal, point);
  }

  /**
   * Starts a state machine as an operator would.
   *
   * @param machine its logical id or name, or a part of one that no other machine has.
   * @param input any JSON value.
   */
  start(machine: string, input: unknown, name?: string): Execution {
    return this.machines.start(this.machineOf(machine).arn, JSON.stringify(input), name);
  }

  /** Advances virtual time until the condition holds. */
  async run(until: () => boolean): Promise<void> {
    if (this.disposed) throw new Error('This simulation has been disposed of: it cannot go on.');
    const granted = this.deployment.roles.flatMap(({ statements }) =>
      statements.flatMap(({ actions, notActions }) => [...(actions ?? []), ...(notActions ?? [])]),
    );
    await loadActions([
      ...IAM_SERVICES,
      ...granted.flatMap((action) => (action === '*' ? [] : [(action.split(':')[0] ?? '').toLowerCase()])),
    ]);
    await this.clock.run(until, () => this.waiting());
  }

  /** Advances virtual time until an execution has ended. */
  async finish(execution: Execution): Promise<void> {
    await this.run(() => execution.ended);
  }

  /** Advances virtual time until no execution runs and no event is on its way to start one. */
  async finishAll(): Promise<void> {
    await this.run(() => this.events.pending + this.scheduler.pending === 0 && this.machines.executions.every(({ ended }) => ended));
  }

  /**
   * Ends the simulation: nothing moves any more, and what it evaluated (the Lambda bundles, the Step Functions engine) is left to the next simulation of
   * this process, which is several times as fast for it. Results stay readable. Without it all is well, and nothing is used again.
   */
  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await this.clock.settle(); // what was set going runs to where it waits, still in this simulation
    this.lambda.leave();
    this.loadedEngine?.leave();
  }

  usage(): Usage {
    const { executions } = this.machines;
    const { invocations, gbSeconds } = this.lambda.usage();
    return {
      stateTransitions: executions.reduce((sum, { stateTransitions }) => sum + stateTransitions, 0),
      maxHistoryEvents: Math.max(0, ...executions.map(({ historyEvents }) => historyEvents)),
      lambdaInvocations: invocations,
      lambdaGbSeconds: Math.round(gbSeconds * 1000) / 1000,
    };
  }

  /** Calls that no policy allowed. */
  deniedCalls(): readonly DeniedCall[] {
    return this.authorizer.deniedCalls();
  }

  /** Grants that no call needed so far. */
  unusedGrants(): readonly UnusedGrant[] {
    return this.authorizer.unusedGrants();
  }

  /** Mistakes in the template's policies: unknown actions, conditions that can never hold. Complete once the simulation has run. */
  policyProblems(): readonly string[] {
    return this.authorizer.problems();
  }

  private machineOf(text: string): StateMachineResource {
    const { machines } = this.deployment;
    const exact = machines.find(({ logicalId, name, arn }) => text === logicalId || text === name || text === arn);
    const partly = machines.filter(({ logicalId, name }) => logicalId.includes(text) || name.includes(text));
    const found = exact ?? (partly.length === 1 ? partly[0] : undefined);
    if (found !== undefined) return found;
    const names = machines.map(({ logicalId }) => logicalId).join(', ');
    throw new Error(
      `${partly.length === 0 ? 'No state machine is' : 'Several state machines are'} called ${text}; the template has: ${names}.`,
    );
  }

  private engine(): Engine {
    const { clock, random, internet } = this;
    const log = (level: string, text: string): void => {
      this.journal.record({ kind: 'log', function: 'step-functions', level, text });
    };
    return (this.loadedEngine ??= Engine.enter({ clock, random: random.fork('engine'), internet, log }));
  }

  private callerOf(fn: LambdaFunction): Caller {
    return { roleLogicalId: this.roleOf(fn.roleArn).logicalId, roleArn: fn.roleArn, name: fn.name };
  }

  private roleOf(roleArn: string): { readonly logicalId: string } {
    const role = this.deployment.roles.find(({ arn }) => arn === roleArn);
    if (role === undefined) throw new Error(`The simulator knows only roles of the template, not ${roleArn}.`);
    return role;
  }

  private waiting(): string {
    const running = this.machines.executions.filter(({ ended }) => !ended).map(({ arn }) => arn);
    return running.length === 0 ? 'its end (no execution runs)' : running.join(', ');
  }
}
