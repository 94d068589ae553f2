import { isBugFixOf } from '../bitbucket/version';
import { compileSchedule, nightOf } from '../report/schedule-compile';
import type { NightResult, ScheduleResult } from '../report/schedule-result';
import type { Simulation } from '../simulation';
import type { Execution } from '../states/execution';
import { boundSeconds } from './bound';
import { Part } from './part';
import { MACHINE, NOTICE_MS, ScenarioRun } from './run';
import type { Scenario } from './scenario';
import { builtAfter, lengthOf } from './schedule';
import type { ScenarioSchedule } from './schedule';
import { targetOf } from './target';
import type { World } from './world';

/** A run that is under way, and the part that it is judged as. */
interface Night {
  readonly execution: Execution;
  readonly part: Part;
  readonly target: string;
}

/**
 * A scenario of days: the schedule of the template starts upgrades by itself, and images appear meanwhile. Each execution that it starts is
 * judged by all rules as a part of its own; what it takes several of, as a whole.
 */
export class ScheduledRun {
  readonly simulation: Simulation;
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #schedule: ScenarioSchedule;
  readonly #startedAt: number;
  readonly #nights: NightResult[] = [];
  #listener: (night: NightResult) => void = () => undefined;
  #going: Night | undefined;

  /** @param assembly directory of the cloud assembly that is deployed in the simulated account */
  constructor(scenario: Scenario, schedule: ScenarioSchedule, assembly: string) {
    const site = new ScenarioRun(scenario, assembly);
    this.simulation = site.simulation;
    this.#world = site.world;
    this.#startedAt = site.startedAt;
    this.#scenario = scenario;
    this.#schedule = schedule;
  }

  /** Calls back when a run of the schedule, and what it led to, has ended. */
  onNight(listener: (night: NightResult) => void): void {
    this.#listener = listener;
  }

  /** Lets the days pass. */
  async run(): Promise<ScheduleResult> {
    const { simulation } = this;
    const { clock, machines, scheduler } = simulation;
    const original = Part.settings(this.#world);
    const end = this.#startedAt + lengthOf(this.#schedule);
    let before: ConstructorParameters<typeof Part>[4];
    machines.onChange((execution) => {
      const starts = execution.status === 'RUNNING' && execution.parent === undefined && execution.machine.logicalId.includes(MACHINE);
      if (!starts || this.#going !== undefined) return;
      const { scenario, target } = this.#tonight();
      this.#going = { execution, target, part: new Part(scenario, simulation, this.#world, original, before) };
    });
    this.#world.begin();
    for (const image of this.#schedule.newImages) this.#world.images.addImage(this.#startedAt + builtAfter(image), image.version);
    clock.at(end, () => undefined);
    scheduler.begin();
    for (;;) {
      await simulation.run(() => this.#going !== undefined || clock.now() >= end);
      const night = this.#going;
      if (night === undefined) break;
      await this.#end(night.execution);
      const result = night.part.end(night.execution);
      before = result.evidence;
      this.#going = undefined;
      this.#tell(nightOf(result, night.target));
    }
    scheduler.stop();
    await simulation.dispose();
    return this.#compile();
  }

  /** What is upgraded to tonight: what is under way comes first, whatever appeared meanwhile. */
  #tonight(): { readonly scenario: Scenario; readonly target: string } {
    const { cluster } = this.#world;
    const from = cluster.version;
    const serving = cluster.nodes.filter(({ phase }) => phase === 'running').map(({ version }) => version);
    const underWay = cluster.upgradeMode === undefined ? undefined : serving.find((version) => isBugFixOf(version, from));
    const images = Object.values(this.#world.versionOfImage);
    const asked = { targetVersion: this.#schedule.targetVersion };
    const known: Scenario = { ...this.#scenario, cluster: { ...this.#scenario.cluster, images }, request: asked };
    const target = underWay ?? targetOf(known, asked, from) ?? from;
    return { target, scenario: { ...known, request: { targetVersion: target } } };
  }

  /** Until the execution and all that it causes have ended, or its time is up. */
  async #end(execution: Execution): Promise<void> {
    const { clock, machines } = this.simulation;
    const deadline = clock.now() + 2 * boundSeconds(this.#scenario) * 1000;
    await this.simulation.run(() => {
      const last = Math.max(...machines.executions.map(({ endedAt }) => endedAt ?? Infinity));
      return clock.now() > deadline || (last < Infinity && (execution.status === 'SUCCEEDED' || clock.now() - last >= NOTICE_MS));
    });
    for (const each of machines.executions) if (!each.ended && each.parent === undefined) each.stop('Simulator.TooLong', 'it did not end');
  }

  #tell(night: NightResult): void {
    this.#nights.push(night);
    this.#listener(night);
  }

  #compile(): ScheduleResult {
    const { simulation } = this;
    const { clock, journal, scheduler } = simulation;
    return compileSchedule({
      scenario: this.#scenario,
      schedule: this.#schedule,
      nights: this.#nights,
      journal: journal.entries,
      startedAt: this.#startedAt,
      endedAt: clock.now(),
      versionOfImage: this.#world.versionOfImage,
      upgradeMode: this.#world.cluster.upgradeMode !== undefined,
      requests: { ...this.#world.traffic.totals },
      deadLetters: scheduler.deadLetters.length,
      ...simulation.usage(),
    });
  }
}
