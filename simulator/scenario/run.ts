import { compileResult } from '../report/compile';
import type { PartResult, RunResult } from '../report/result';
import { Simulation } from '../simulation';
import type { Execution } from '../states/execution';
import { Approvers } from './approver';
import { withoutAction } from './deny';
import { boundSeconds } from './bound';
import { installCallFaults } from './call-faults';
import { deniedActions } from './faults';
import { Moments } from './moments';
import { Observer } from './observe';
import { Operator } from './operator';
import { Part } from './part';
import type { Scenario, ScenarioNext } from './scenario';
import { CREDENTIALS, SITE } from './site';
import { withStaleAnswers } from './stale';
import { installStateFaults } from './state-faults';
import { addSurroundings } from './surroundings';
import { World } from './world';

/** The state machine that people start, by a part of its logical id. */
export const MACHINE = 'RollingUpgradeStateMachine';

/** From the end of an execution until the event of it has surely started what it starts, in virtual milliseconds. */
export const NOTICE_MS = 30_000;

/** How long the world may take to come to rest after a run: nodes that the group replaces by itself boot meanwhile. In virtual milliseconds. */
const REST_MS = 30 * 60 * 1000;

/** A scenario's run: set up, ready to go. */
export class ScenarioRun {
  readonly simulation: Simulation;
  readonly world: World;
  readonly observer: Observer;
  readonly #scenario: Scenario;
  readonly #startedAt: number;

  /** @param assembly directory of the cloud assembly that is deployed in the simulated account */
  constructor(scenario: Scenario, assembly: string) {
    this.#scenario = scenario;
    const denied = deniedActions(scenario.faults);
    this.simulation = new Simulation({
      assembly,
      seed: scenario.seed,
      region: SITE.region,
      account: SITE.account,
      ...(denied.length > 0 && {
        patchTemplate: (template) => {
          for (const action of denied) withoutAction(template, action);
          return template;
        },
      }),
    });
    const { clock, random, journal, secrets } = this.simulation;
    const putPassword = (password: string): void => {
      secrets.put(SITE.credentialsSecretArn, JSON.stringify({ ...CREDENTIALS, password }));
    };
    const setAlarm = (name: string, state: 'ALARM' | 'OK'): void => {
      this.simulation.alarms.set(name, state);
    };
    let skew = 0;
    this.simulation.lambda.skewClock(() => (this.world.healed ? 0 : skew));
    const skewClocks = (milliseconds: number): void => {
      skew = milliseconds;
    };
    this.world = new World(scenario, { clock, random, journal, putPassword, setAlarm, skewClocks });
    putPassword(CREDENTIALS.password);
    for (const alarm of scenario.bake.alarms ?? []) setAlarm(alarm, 'OK');
    addSurroundings(this.simulation, scenario.account);
    this.#connect();
    for (const action of denied) journal.record({ kind: 'fault', name: 'deny-action', action });
    this.#startedAt = clock.now();
    this.observer = new Observer(this.world, scenario, journal.entries, this.#startedAt);
  }

  /** Virtual milliseconds at which the run begins. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Calls back once a virtual second while the run goes on. */
  everySecond(callback: (seconds: number) => void): void {
    const { clock } = this.simulation;
    const tick = (): void => {
      callback(Math.round((clock.now() - this.#startedAt) / 1000));
      clock.after(1000, tick);
    };
    clock.after(1000, tick);
  }

  /** Runs to the end: the execution, what restores after it, and the next execution if the scenario has one. */
  async run(): Promise<RunResult> {
    const { simulation, world } = this;
    const scenario = this.#scenario;
    const original = Part.settings(world);
    world.begin();
    const first = new Part(scenario, simulation, world, original);
    this.#abort();
    const execution = this.#start(scenario.request);
    this.#secondRuns();
    await this.#end(execution);
    if (scenario.faults.length > 0 || scenario.thenStart !== undefined) {
      world.stopFaults();
      await this.#rest();
    }
    const result = first.end(execution);
    if (scenario.thenStart !== undefined && world.mend()) await this.#rest();
    const next = scenario.thenStart && (await this.#next(scenario.thenStart, execution, original, result));
    await simulation.dispose();
    return compileResult({
      scenario,
      part: result,
      ...(next !== undefined && { next }),
      requests: { ...world.traffic.totals },
      requestsByKind: world.traffic.counts,
      unusedGrants: simulation.unusedGrants(),
      ...simulation.usage(),
    });
  }

  async #next(
    { request, redrive = false }: ScenarioNext,
    before: Execution,
    original: ReturnType<typeof Part.settings>,
    first: PartResult,
  ): Promise<PartResult> {
    const part = new Part(this.#scenario, this.simulation, this.world, original, first.evidence);
    if (redrive && (request === undefined || before.status !== 'SUCCEEDED')) {
      this.simulation.machines.redrive(before.arn);
      await this.#end(before);
      if (request === undefined || before.status === 'SUCCEEDED') return part.end(before);
    }
    const execution = this.#start(request ?? this.#scenario.request);
    await this.#end(execution);
    return part.end(execution);
  }

  #start(request: Scenario['request']): Execution {
    return this.simulation.start(MACHINE, request);
  }

  /** Until an execution and all that it causes have ended, or its time is up: then it is stopped, so that the rules can say so. */
  async #end(execution: Execution): Promise<void> {
    const { clock, machines } = this.simulation;
    const deadline = clock.now() + 2 * boundSeconds(this.#scenario) * 1000; // the recovery has its time, too
    const quiet = (): boolean => {
      const last = Math.max(...machines.executions.map(({ endedAt }) => endedAt ?? Infinity));
      return last < Infinity && (execution.status === 'SUCCEEDED' || clock.now() - last >= NOTICE_MS);
    };
    await this.simulation.run(() => clock.now() > deadline || quiet());
    for (const each of machines.executions) if (!each.ended && each.parent === undefined) each.stop('Simulator.TooLong', 'it did not end');
  }

  /** Until the group has as many nodes as it wants, and all of them serve; not for ever. */
  async #rest(): Promise<void> {
    const { clock } = this.simulation;
    const deadline = clock.now() + REST_MS;
    await this.simulation.run(() => clock.now() >= deadline || this.world.isAtRest());
  }

  #abort(): void {
    const { clock, journal, machines } = this.simulation;
    const moments = new Moments(clock, journal);
    for (const fault of this.#scenario.faults) {
      if (fault.name !== 'abort') continue;
      moments.entered(fault, (arn) => {
        if (this.world.healed) return;
        // As a person would, a moment later: what the state began may be half done.
        clock.after(this.simulation.random.fork(`abort ${fault.state}`).integer(0, 400), () => {
          const execution = machines.find(arn)?.root;
          if (execution === undefined || execution.ended) return;
          journal.record({ kind: 'fault', name: 'abort', state: fault.state });
          execution.stop('Aborted', 'by a person');
        });
      });
    }
  }

  #secondRuns(): void {
    const moments = new Moments(this.simulation.clock, this.simulation.journal);
    for (const fault of this.#scenario.faults) {
      if (fault.name !== 'second-run') continue;
      moments.at(fault, () => {
        if (this.world.healed) return;
        this.simulation.journal.record({ kind: 'fault', name: 'second-run' });
        this.#start(this.#scenario.request);
      });
    }
  }

  /** Connects the world to the simulated account and its network, with what goes wrong on the way. */
  #connect(): void {
    const { simulation, world } = this;
    const { faults, operator, approvers, cluster } = this.#scenario;
    const { clock, journal, machines } = simulation;
    const host = { journal, clock, healed: () => world.healed };
    for (const service of world.cloud.services) simulation.register(service);
    for (const document of simulation.deployment.documents) world.cloud.addDocument(document);
    simulation.internet.serve(
      (target) => world.front.owns(target),
      withStaleAnswers(
        ({ method, protocol, host: target, port, path, headers, body }) =>
          world.front.handle({ method, url: new URL(`${protocol}://${target}:${port}${path}`), headers, body }) ?? 'refused',
        cluster.contextPath,
        faults,
        host,
      ),
    );
    installCallFaults(faults, {
      ...host,
      contextPath: cluster.contextPath,
      interceptCalls: (ask) => {
        simulation.interceptCalls(ask);
      },
      interceptHttp: (ask) => {
        simulation.interceptHttp(ask);
      },
      interceptTasks: (ask) => {
        simulation.lambda.intercept(ask);
      },
    });
    installStateFaults(faults, { ...host, machines });
    new Operator({ clock, journal, machines }, operator);
    new Approvers({ ...host, machines }, approvers);
  }
}
