import { compileResult } from '../report/compile';
import type { RunResult } from '../report/result';
import type { Ending, Evidence, GroupSettings } from '../rules/rule';
import { Simulation } from '../simulation';
import type { Execution } from '../states/execution';
import { groupSettings } from './account';
import { withoutAction } from './deny';
import { deniedActions } from './faults';
import { Observer } from './observe';
import type { Scenario } from './scenario';
import { CREDENTIALS, SITE } from './site';
import { World } from './world';

/** The state machine that people start, by a part of its logical id. */
const MACHINE = 'RollingUpgrade';

/** The construct's drain limit, when the scenario leaves it: what a person is told in advance. */
const DEFAULT_DRAIN_LIMIT_SECONDS = 3600;

/** A scenario's run: set up, ready to go. */
export class ScenarioRun {
  readonly simulation: Simulation;
  readonly world: World;
  readonly observer: Observer;
  readonly #scenario: Scenario;
  readonly #before: GroupSettings;
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
      patchTemplate: (template) => {
        for (const action of denied) withoutAction(template, action);
        return template;
      },
    });
    const { clock, random, journal } = this.simulation;
    this.world = new World(scenario, { clock, random, journal });
    for (const service of this.world.cloud.services) this.simulation.register(service);
    this.simulation.secrets.put(SITE.credentialsSecretArn, JSON.stringify(CREDENTIALS));
    this.#serveBitbucket();
    for (const action of denied) journal.record({ kind: 'fault', name: 'deny-action', action });
    this.#before = groupSettings(this.world.cloud);
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

  /** Runs to the end. */
  async run(): Promise<RunResult> {
    const { simulation, world } = this;
    world.begin();
    const execution = simulation.start(MACHINE, this.#scenario.request);
    const others = this.#secondRuns();
    await simulation.finish(execution);
    const endedAt = execution.endedAt ?? simulation.clock.now();
    await simulation.run(() => others.every((other) => other()?.ended ?? true));
    return compileResult({
      scenario: this.#scenario,
      evidence: this.#evidence(execution, endedAt),
      requests: { ...world.traffic.totals },
      requestsByKind: world.traffic.counts,
      unusedGrants: simulation.unusedGrants(),
      ...simulation.usage(),
    });
  }

  #secondRuns(): (() => Execution | undefined)[] {
    return this.#scenario.faults.flatMap((fault) => {
      if (fault.name !== 'second-run') return [];
      let second: Execution | undefined;
      this.simulation.clock.after(fault.seconds * 1000, () => {
        second = this.simulation.start(MACHINE, this.#scenario.request);
      });
      return [() => second];
    });
  }

  #serveBitbucket(): void {
    const { front } = this.world;
    this.simulation.internet.serve(
      (host) => front.owns(host),
      ({ method, protocol, host, port, path, headers, body }) =>
        front.handle({ method, url: new URL(`${protocol}://${host}:${port}${path}`), headers, body }) ?? 'refused',
    );
  }

  #evidence(execution: Execution, endedAt: number): Evidence {
    const { world, simulation } = this;
    const { cluster, capacity, deniedVersions, limits } = this.#scenario;
    const members = world.cluster.nodes.filter(({ phase }) => phase === 'running' || phase === 'maintenance' || phase === 'joining');
    return {
      journal: simulation.journal.entries,
      startedAt: this.#startedAt,
      endedAt,
      capacity,
      originalVersion: cluster.version,
      deniedVersions,
      drainLimitSeconds: limits.drainLimit ?? DEFAULT_DRAIN_LIMIT_SECONDS,
      targetGroupArns: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn],
      initialInstances: world.initialInstances,
      versionOfImage: world.versionOfImage,
      databaseId: SITE.databaseId,
      volumeIds: SITE.volumeIds,
      before: this.#before,
      after: groupSettings(world.cloud),
      versionsAtEnd: members.map(({ version }) => version),
      upgradeModeAtEnd: world.cluster.upgradeMode !== undefined,
      ending: endingOf(execution),
      secrets: [CREDENTIALS.password, CREDENTIALS.username, `${CREDENTIALS.username}:${CREDENTIALS.password}`],
    };
  }
}

function endingOf({ status, error, cause, output }: Execution): Ending {
  return { status, ...(error !== undefined && { error }), ...(cause !== undefined && { cause }), ...(output !== undefined && { output }) };
}
