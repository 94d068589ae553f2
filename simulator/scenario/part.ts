import type { Banner } from '../bitbucket/inventory';
import type { PartResult } from '../report/result';
import type { BackupFacts, BackupItem } from '../rules/backups';
import { judge } from '../rules/index';
import { clusterChanges, faulty, scaled } from '../rules/events';
import type { Ending, Evidence, GroupSettings } from '../rules/rule';
import type { Item } from '../services/dynamodb/condition';
import type { Simulation } from '../simulation';
import type { Execution } from '../states/execution';
import { groupSettings } from './account';
import { GATES } from './approvals';
import { DEFAULT_LIMITS, boundSeconds } from './bound';
import { backupFacts } from './backup';
import { inventory } from './backup-world';
import type { Scenario } from './scenario';
import { SITE } from './site';
import { targetOf } from './target';
import type { World } from './world';

/** One part of a scenario: an execution that somebody starts, until it and all that it causes have ended. It is judged by itself. */
export class Part {
  readonly #scenario: Scenario;
  readonly #simulation: Simulation;
  readonly #world: World;
  readonly #original: GroupSettings;
  readonly #startedAt: number;
  readonly #firstEntry: number;
  readonly #initialInstances: readonly string[];
  readonly #standby: readonly string[];
  readonly #initialVersions: Readonly<Record<string, string>>;
  readonly #modeAtStart: { readonly on: boolean; readonly version: string };
  readonly #before: Evidence | undefined;
  readonly #backupsAtStart: readonly BackupItem[];
  readonly #recordsAtStart: readonly string[];

  /**
   * The part begins now.
   * @param original the group's settings before the first part: what every part must leave
   * @param before evidence of the part before
   */
  constructor(scenario: Scenario, simulation: Simulation, world: World, original: GroupSettings, before?: Evidence) {
    this.#scenario = scenario;
    this.#simulation = simulation;
    this.#world = world;
    this.#original = original;
    this.#before = before;
    this.#startedAt = simulation.clock.now();
    this.#firstEntry = before === undefined ? 0 : simulation.journal.entries.length;
    this.#backupsAtStart = inventory(world.cloud);
    this.#recordsAtStart = this.#records();
    const members = [...world.cloud.group(SITE.groupName).members.values()].filter(({ state }) => state !== 'Terminating');
    this.#initialInstances = members.map(({ id }) => id);
    this.#standby = members.filter(({ state }) => /Standby/.test(state)).map(({ id }) => id);
    this.#initialVersions = Object.fromEntries(
      members.map(({ id, instance }) => [id, world.cluster.node(id)?.version ?? world.versionOfImage[instance.imageId] ?? '?']),
    );
    this.#modeAtStart = { on: world.cluster.upgradeMode !== undefined, version: world.cluster.version };
    if (before !== undefined) world.watch.tell();
  }

  /** The group's settings now. */
  static settings(world: World): GroupSettings {
    return groupSettings(world.cloud);
  }

  /** The part has ended: it is judged. */
  end(execution: Execution): PartResult {
    const evidence = this.#evidence(execution);
    return { evidence, rules: judge(evidence) };
  }

  #evidence(execution: Execution): Evidence {
    const { capacity, deniedVersions, limits, approvals } = this.#scenario;
    const world = this.#world;
    const { journal, machines } = this.#simulation;
    const members = world.cluster.nodes.filter(({ phase }) => phase === 'running' || phase === 'maintenance' || phase === 'joining');
    const others = machines.executions.filter(
      (each) => each.parent === undefined && each !== execution && each.startedAt >= execution.startedAt,
    );
    return {
      journal: journal.entries.slice(this.#firstEntry),
      journalBefore: journal.entries.slice(0, this.#firstEntry).filter((entry) => entry['execution'] === execution.arn),
      startedAt: this.#startedAt,
      endedAt: execution.endedAt ?? this.#simulation.clock.now(),
      boundSeconds: boundSeconds(this.#scenario),
      capacity,
      originalVersion: this.#modeAtStart.version,
      upgradeModeAtStart: this.#modeAtStart.on,
      deniedVersions,
      drainLimitSeconds: limits.drainLimit ?? DEFAULT_LIMITS.drainLimit,
      targetGroupArns: [SITE.httpTargetGroupArn, SITE.sshTargetGroupArn],
      initialInstances: this.#initialInstances,
      standbyAtStart: this.#standby,
      initialVersions: this.#initialVersions,
      faultyBefore: this.#before === undefined ? [] : [...faulty(this.#before)],
      scaledBefore:
        this.#before === undefined ? [] : [...this.#before.scaledBefore, ...scaled(this.#before.journal).map(({ desired }) => desired)],
      versionOfImage: world.versionOfImage,
      backup: this.#backup(execution),
      gates: GATES.filter((gate) => approvals[gate] !== undefined).map((gate) => ({
        gate,
        silenceApproves: approvals[gate]?.ifUnanswered === 'approve',
      })),
      before: this.#original,
      after: groupSettings(world.cloud),
      servingAtEnd: world.watch.least,
      inServiceAtEnd: world.cloud
        .group(SITE.groupName)
        .in('Pending', 'InService')
        .map(({ id }) => id),
      balancingAtEnd: world.cloud.group(SITE.groupName).rebalancing,
      strayAtEnd: this.#strays(),
      locksAtEnd: this.#locks(),
      recordsAtEnd: this.#recordsLeft(),
      banner: { wanted: textOf(world.inventory.wantedBanner), atEnd: textOf(world.inventory.banner) },
      goingOnAtEnd: machines.executions.filter(({ ended }) => !ended).map(({ arn }) => arn),
      versionsAtEnd: members.map(({ version }) => version),
      upgradeModeAtEnd: world.cluster.upgradeMode !== undefined,
      ending: endingOf(execution),
      others: others.map((each) => ({ machine: each.machine.logicalId, seconds: secondsOf(each), ...endingOf(each) })),
      secrets: world.secrets,
    };
  }

  #backup({ status, input }: Execution): BackupFacts {
    const { backup, cluster, request, thenStart, faults } = this.#scenario;
    const requests = [request, thenStart?.request ?? request];
    const withdrawn = faults.flatMap((fault) => (fault.name === 'image-withdrawn' ? [fault.version] : []));
    const images = cluster.images.filter((version) => !withdrawn.includes(version));
    const sites = [this.#scenario, { ...this.#scenario, cluster: { ...cluster, images } }];
    const versions = [cluster.version, this.#modeAtStart.version].flatMap((from) =>
      requests.flatMap((each) => sites.map((site) => `${from} to ${targetOf(site, each, from) ?? ''}`)),
    );
    return {
      ...backupFacts(backup),
      atStart: this.#backupsAtStart,
      toVersions: [...new Set(versions)],
      cleanedUp: status === 'SUCCEEDED' && !/"dryRun":\s*true/.test(input) && !this.#isUntidyTold(),
    };
  }

  /** Whether people were told, in this part or before, that backups could not be tidied: no reason for an upgrade to fail, and theirs to look at. */
  #isUntidyTold(): boolean {
    return this.#simulation.journal.entries.some(
      ({ kind, message }) => kind === 'notification' && /could not be tidied/.test(String(message)),
    );
  }

  /**
   * Locks that are held, without void ones, which a run takes over before it changes anything: of executions that somebody stopped; and, if this part
   * changed nothing, of those of an earlier part, in which it was judged whether they could be left (by a recovery that failed too, and said so).
   */
  #locks(): number {
    const { machines } = this.#simulation;
    const acted = this.#acted();
    const isVoid = ({ status, endedAt = Infinity }: Execution): boolean =>
      status === 'ABORTED' || status === 'TIMED_OUT' || (!acted && endedAt < this.#startedAt);
    const stopped = machines.executions.filter(isVoid).map(({ arn }) => arn);
    const items = this.#items('lock').map((item) => JSON.stringify(item));
    return items.filter((item) => !stopped.some((arn) => item.includes(JSON.stringify(arn)))).length;
  }

  /** What is recorded in the tables; without what an earlier part had left, if this part changed nothing. The banner itself is judged apart. */
  #recordsLeft(): string[] {
    const acted = this.#acted();
    return this.#records().filter((record) => acted || !this.#recordsAtStart.includes(record));
  }

  #records(): string[] {
    return this.#items('record').map((item) => JSON.stringify(item['cluster']));
  }

  /** Whether the cluster was changed in this part. */
  #acted(): boolean {
    return clusterChanges(this.#simulation.journal.entries.slice(this.#firstEntry)).length > 0;
  }

  /** Items of the tables: an execution that has an item as its owner holds a lock, everything else is a record. */
  #items(kind: 'lock' | 'record'): readonly Item[] {
    const { deployment, dynamodb } = this.#simulation;
    const items = deployment.tables.flatMap(({ name }) => dynamodb.items(name));
    return items.filter((item) => 'owner' in item === (kind === 'lock'));
  }

  /** Instances of the group's image that run and are no members of it. */
  #strays(): string[] {
    const { cloud, versionOfImage } = this.#world;
    const { members } = cloud.group(SITE.groupName);
    return cloud
      .instances()
      .filter(({ id, imageId, state }) => imageId in versionOfImage && state === 'running' && !members.has(id))
      .map(({ id }) => id);
  }
}

const textOf = (banner: Banner | undefined): string =>
  banner === undefined ? 'none' : `"${banner.message}" for ${banner.audience}${banner.enabled ? '' : ', turned off'}`;

/** Virtual seconds that an execution has taken. */
const secondsOf = ({ startedAt, endedAt = Infinity }: Execution): number => (endedAt - startedAt) / 1000;

function endingOf({ status, error, cause, output }: Execution): Ending {
  return { status, ...(error !== undefined && { error }), ...(cause !== undefined && { cause }), ...(output !== undefined && { output }) };
}
